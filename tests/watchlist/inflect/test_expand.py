"""What `expand` promises: whole paradigms, sexes apart, nothing that is another word."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.watchlist.inflect import LANGUAGES, expand, expand_adjective

PARADIGMS = [
    ("be", "Лукашэнка", "m", "лукашэнка лукашэнкі лукашэнку лукашэнкам лукашэнцы"),
    ("be", "Ціханоўская", "f", "ціханоўская ціханоўскай ціханоўскую"),
    ("be", "Амбразевіч", "m", "амбразевіч амбразевіча амбразевічу амбразевічам амбразевічы"),
    ("be", "Магілёў", None, "магілёў магілёва магілёву магілёвам магілёве"),
    ("be", "Брэст", None, "брэст брэста брэсту брэстам брэсце"),
    ("be", "Украіна", None, "украіны украіне украіну украінай ўкраіна ўкраіны"),
    ("be", "Дзмітры", "m", "дзмітрыя дзмітрыю дзмітрыем"),
    ("be", "Павел", "m", "паўла паўлу паўлам"),
    ("be", "вязень", None, "вязня вязню вязнем вязні"),
    ("ru", "Амбразевич", "m", "амбразевича амбразевичу амбразевичем амбразевиче"),
    ("ru", "Колесникова", "f", "колесникова колесниковой колесникову"),
    ("ru", "Беляцкий", "m", "беляцкого беляцкому беляцким беляцком"),
    ("ru", "Белавиа", None, "белавиа белавии белавию белавией"),
    ("ru", "Беларуськалий", None, "беларуськалия беларуськалию беларуськалием"),
    ("ru", "Путин", "m", "путина путину путиным путине"),
    ("ru", "Кая", "f", "каи кае каю каей"),
    ("ru", "Любовь", "f", "любови любовью"),
    ("ru", "Пётр", "m", "пётр петр петра петру петром"),
    ("ru", "море", None, "моря морю морем"),
    ("ru", "политзаключённый", None, "политзаключённых политзаключенных политзаключёнными"),
    ("uk", "Лукашенко", "m", "лукашенка лукашенку лукашенком лукашенкові"),
    ("uk", "Київ", None, "києва києву києвом києві"),
    ("uk", "Тернопіль", None, "тернополя тернополі тернополем"),
    ("uk", "Ірпінь", None, "ірпеня ірпені ірпенем"),
    ("uk", "Білорусь", None, "білорусі білоруссю"),
    ("uk", "Тихановська", "f", "тихановської тихановській тихановську тихановською"),
    ("uk", "Ольга", "f", "ольги ользі ольгу ольгою"),
    ("pl", "Łukaszenka", "m", "łukaszenki łukaszence łukaszenkę łukaszenką"),
    ("pl", "Ziobro", "m", "ziobry ziobrze ziobrę ziobrą"),
    ("pl", "Białystok", None, "białegostoku białymstokiem białymstoku"),
    ("pl", "Bruno", "m", "brunona brunonowi brunonem"),
    ("pl", "wieś", None, "wsi wsią"),
    ("pl", "Niemcy", None, "niemiec niemcom niemcami niemczech"),
    ("pl", "Kraków", None, "krakowa krakowie krakowem"),
    ("pl", "Paweł", "m", "pawła pawłowi pawłem pawle"),
    ("pl", "Kaja", "f", "kai kaję kają"),
    ("pl", "Charles", "m", "charles'a charlesa charlesem"),
    ("pl", "Polska", None, "polski polsce polskę polską"),
    ("pl", "urząd", None, "urzędu urzędowi urzędem urzędzie"),
    ("lt", "Lukašenka", None, "lukašenkos lukašenkai lukašenką"),
    ("lt", "Budrys", "m", "budrio budriui budrį budriu"),
    ("lt", "Minskas", None, "minsko minskui minską minsku minske"),
    ("lt", "Coale", None, "coale'as coale'o"),
    ("lv", "Rinkēvičs", "m", "rinkēviča rinkēvičam rinkēviču"),
    ("lv", "Siliņa", "f", "siliņas siliņai siliņu"),
    ("lv", "Jānis", "m", "jāņa jānim jāni"),
    ("lv", "vēlēšanas", None, "vēlēšanu vēlēšanām vēlēšanās"),
    ("de", "Lukaschenko", "m", "lukaschenkos"),
    ("de", "Merz", "m", "merz'"),
    ("de", "Weißrussland", None, "weißrusslands weissrussland"),
    ("en", "Lukashenko", "m", "lukashenko's"),
    ("fr", "Loukachenko", "m", "loukachenko"),
]


@pytest.mark.parametrize(("language", "word", "sex", "forms"), PARADIGMS)
def test_all_cases_of_a_name_are_made(
    language: str, word: str, sex: str | None, forms: str
) -> None:
    missing = set(forms.split()) - expand(word, language, sex=sex)
    assert not missing


FORMS = (Path(__file__).parent / "forms.txt").read_text("utf-8").splitlines()
"""Names of the news with forms that texts have: `language name form form …`."""


@pytest.mark.parametrize("line", FORMS)
def test_names_of_the_news_have_the_forms_that_texts_have(line: str) -> None:
    language, word, *forms = line.split()
    assert not set(forms) - expand(word, language)


WHOLE = (Path(__file__).parent / "paradigms.txt").read_text("utf-8").splitlines()
"""Every type of surname, given name and place in every case: `language sex name form form …`, the
sex `f`, `m`, or `-` for what is no person."""


@pytest.mark.parametrize("line", WHOLE)
def test_every_type_of_name_has_all_its_cases(line: str) -> None:
    language, sex, word, *forms = line.split()
    assert not set(forms) - expand(word, language, sex=None if sex == "-" else sex)


@pytest.mark.parametrize(
    ("language", "word", "sex", "never"),
    [
        ("ru", "Колесников", "m", "колесниковой"),
        ("ru", "Колесникова", "f", "колесников колесниковым"),
        ("ru", "Тихановский", "m", "тихановская тихановской"),
        ("ru", "Александра", "f", "александр александром"),
        ("ru", "Каллас", "f", "калласа калласу"),
        ("ru", "Лукашенко", "m", "лукашенка лукашенку"),
        ("be", "Цімафеева", "f", "цімафееў цімафеевым"),
        ("be", "Каліноўскі", "m", "каліноўская каліноўскай"),
        ("be", "Якубовіч", "f", "якубовіча якубовічам"),
        ("uk", "Шевченко", "f", "шевченка шевченком"),
        ("uk", "Каллас", "f", "калласа"),
        ("pl", "Leyen", "f", "leyena leyenem"),
        ("pl", "Cichanouski", "m", "cichanouska cichanouskiej"),
    ],
)
def test_a_woman_has_no_mans_forms_nor_a_man_a_womans(
    language: str, word: str, sex: str, never: str
) -> None:
    assert expand(word, language, sex=sex).isdisjoint(never.split())


@pytest.mark.parametrize(
    ("language", "word", "never"),
    [
        ("ru", "посол", "после"),
        ("ru", "Гор", "гру"),
        ("ru", "Борис", "борисов"),
        ("lt", "Kos", "kas"),
        ("be", "Мінск", "мінскі"),
        ("be", "Віцебск", "віцебскі"),
        ("ru", "Штаты", "штат"),
        ("ru", "Советы", "совет"),
        ("uk", "Штати", "штат"),
        ("be", "Штаты", "штат"),
        ("pl", "Stany", "stan"),
        ("pl", "City", "cit"),
        ("pl", "Anna", "anne"),
        ("pl", "Henryk", "henryce"),
    ],
)
def test_no_form_is_a_function_word_or_another_name(language: str, word: str, never: str) -> None:
    assert expand(word, language).isdisjoint(never.split())


def test_common_words_have_the_plural_forms_that_names_lack() -> None:
    assert "реформ" in expand("реформа", "ru", common=True)
    assert "митингов" in expand("митинг", "ru", common=True)


@pytest.mark.parametrize("word", ["БелОМО", "БелТА", "BoE"])
def test_a_brand_in_mixed_case_that_ends_in_a_capital_vowel_does_not_inflect(word: str) -> None:
    assert expand(word, "ru") == {word.lower()}


@pytest.mark.parametrize("word", ["Шойгу", "Дюма", "Токио"])
def test_indeclinable_names_stay_as_they_are(word: str) -> None:
    assert word.lower() in expand(word, "ru")


def test_both_parts_of_a_hyphenated_name_inflect() -> None:
    assert {"косиняка-камыша", "косиняку-камышу"} <= expand("Косиняк-Камыш", "ru")
    assert "франкфурте-на-майне" in expand("Франкфурт-на-Майне", "ru")
    assert "meklemburgii-pomorzu" in expand("Meklemburgia-Pomorze", "pl")


def test_apostrophes_are_all_one() -> None:
    assert expand("Валер’ян", "be") == expand("Валер'ян", "be") == expand("Валерʼян", "be")


def test_language_tags_count_by_their_primary_part() -> None:
    assert expand("Вясна", "be_tarask") == expand("Вясна", "be-Latn") == expand("Вясна", "be")


def test_a_language_without_rules_has_the_word_alone() -> None:
    assert expand("Ljubljana", "sl") == {"ljubljana"}


@pytest.mark.parametrize(
    ("language", "adjective", "forms"),
    [
        ("be", "беларускі", "беларуская беларускае беларускія беларускай беларускую беларускіх"),
        ("ru", "беларуский", "беларуская беларуской беларуских беларуское"),
        ("ru", "белорус", "белорусы белорусов белорусом"),
        ("uk", "білоруський", "білоруська білоруської білоруські білоруських"),
        ("pl", "białoruski", "białoruska białoruskiej białoruskie białoruskich"),
        ("pl", "Białorusin", "białorusini białorusinów białorusinem"),
        ("lt", "baltarusiškas", "baltarusiška baltarusiškos baltarusiškų"),
        ("lt", "baltarusis", "baltarusiai baltarusių baltarusiams"),
        ("lv", "baltkrievs", "baltkrievi baltkrievu baltkrieviem"),
        ("de", "belarussisch", "belarussische belarussischen belarussischer"),
        ("de", "Belarusse", "belarussen"),
        ("fr", "biélorusse", "biélorusses"),
        ("en", "Belarusian", "belarusians"),
    ],
)
def test_adjectives_and_demonyms_have_all_genders(
    language: str, adjective: str, forms: str
) -> None:
    assert set(forms.split()) <= expand_adjective(adjective, language)


ALPHABETS = {
    "be": "абвгдеёжзійклмнопрстуўфхцчшыьэюя'",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'",
    "pl": "aąbcćdeęfghijklłmnńoóprsśtuwyzźż'",
    "lt": "aąbcčdeęėfghiįyjklmnoprsštuųūvzž",
    "lv": "aābcčdeēfgģhiījkķlļmnņoprsštuūvzž",
    "de": "abcdefghijklmnopqrstuvwxyzäöüß",
    "fr": "abcdefghijklmnopqrstuvwxyzéèêçï",
    "en": "abcdefghijklmnopqrstuvwxyz",
}
words = st.sampled_from(sorted(LANGUAGES)).flatmap(
    lambda language: st.tuples(
        st.just(language), st.text(ALPHABETS[language], min_size=1, max_size=12)
    )
)


@given(words)
def test_every_word_is_a_form_of_itself_and_forms_are_few_and_lower_case(
    pair: tuple[str, str],
) -> None:
    language, word = pair
    forms = expand(word, language)
    assert word in forms
    assert all(form == form.lower() for form in forms)
    assert len(forms) < 400


@given(words, st.sampled_from(["f", "m"]))
def test_knowing_the_sex_only_takes_forms_away(pair: tuple[str, str], sex: str) -> None:
    language, word = pair
    assert expand(word, language, sex=sex) <= expand(word, language)


@given(words)
def test_forms_keep_the_start_of_the_word(pair: tuple[str, str]) -> None:
    language, word = pair
    if language in ("ru", "lt", "lv", "fr", "en") and len(word) > 5:
        start = word[0].replace("ё", "е")
        assert all(form[0].replace("ё", "е") == start for form in expand(word, language))
