"""The shipped watchlist: loads, is honest about its sources, and does what its rules promise."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.watchlist.entries import ENTRY_KEYS, Watchlist, load
from pipeline.watchlist.inflect import LANGUAGES
from pipeline.watchlist.lint import lint
from pipeline.watchlist.rule_files import RULE_KEYS
from pipeline.watchlist.rules import evaluate
from workers.demo.content import load_outlets

CONFIG = Path(__file__).parents[2] / "config/watchlist"
SOURCES = (CONFIG / "SOURCES.md").read_text("utf-8")


@pytest.fixture(scope="module")
def watchlist() -> Watchlist:
    return load(CONFIG)


def rules_of(watchlist: Watchlist, text: str, language: str, title: str | None = None) -> set[str]:
    tags = watchlist.matcher.tag(title, text, language)
    hits = evaluate(watchlist.rules, tags, text=text, language=language, watchlist_version="")
    return {hit.id for hit in hits if hit.id in watchlist.alerting}


def test_the_only_warning_is_the_one_we_live_with(watchlist: Watchlist) -> None:
    problems = lint(watchlist.entries, watchlist.rules)
    # «Polska» opens sentences as an adjective too: there is no telling without a parser.
    assert [
        problem.text.split(" is ")[0] for problem in problems if problem.severity == "warning"
    ] == ["the name 'Polska' (pl)"]


def test_all_names_of_regulation_765_are_there(watchlist: Watchlist) -> None:
    numbers: dict[str, set[int]] = {"I.A": set(), "I.B": set()}
    for entry in watchlist.entries:
        if match := re.match(r"eu765 (I\.[AB]) (\d+), listed \d", entry.source):
            numbers[match[1]].add(int(match[2]))
    assert sum(map(len, numbers.values())) == 372
    assert len(numbers["I.A"]) == 312


def test_every_name_has_a_source_that_is_explained(watchlist: Watchlist) -> None:
    explained = set(re.findall(r"^\| `(\w+)` \|", SOURCES, re.MULTILINE))
    used = {name.source for entry in watchlist.entries for name in entry.names}
    assert used <= explained
    assert explained <= used


def test_every_person_says_f_or_m(watchlist: Watchlist) -> None:
    people = [entry for entry in watchlist.entries if entry.kind == "person"]
    assert len(people) > 390
    assert [entry.id for entry in people if entry.sex is None] == []


def test_nothing_is_said_of_who_is_in_prison_or_holds_which_office() -> None:
    for file in CONFIG.glob("*.yml"):
        for line in file.read_text("utf-8").splitlines():
            assert not re.match(r"\s*(role|position|status|note):", line), (file.name, line)


def test_every_member_state_is_there_in_all_languages(watchlist: Watchlist) -> None:
    states = [e for e in watchlist.entries if e.group == "member-states" and e.kind == "country"]
    assert len(states) == 27
    for state in states:
        assert {name.language for name in state.names} >= LANGUAGES.keys()


def test_every_topic_and_office_holder_abroad_is_named_in_all_languages(
    watchlist: Watchlist,
) -> None:
    for entry in watchlist.entries:
        abroad = entry.kind == "person" and entry.group in ("eu", "member-states", "neighbours")
        if abroad or entry.group == "topics":
            assert not LANGUAGES.keys() - {name.language for name in entry.names}, entry.id


def test_the_seed_article_fires_the_rules_it_is_about(watchlist: Watchlist) -> None:
    seed = next(a for o in load_outlets() for a in o.articles if a.file == "seed.txt")
    fired = rules_of(watchlist, seed.text, seed.language, seed.title)
    assert {
        "belarus-eu",
        "belarus-eu-diplomacy",
        "belarus-eu-meeting",
        "belarus-us-deal",
        "belarus-sanctions",
        "sanctions-eased",
        "company-restrictions",
        "prisoners-freed",
    } == fired


PROMISES = [
    ("be", "Еўрасаюз увёў новыя санкцыі супраць Беларусі.", "sanctions-tightened"),
    ("ru", "Евросоюз продлил санкции против Беларуси ещё на год.", "sanctions-tightened"),
    ("uk", "ЄС продовжив санкції проти Білорусі на рік.", "sanctions-tightened"),
    ("pl", "Unia Europejska przedłużyła sankcje wobec Białorusi.", "sanctions-tightened"),
    ("lt", "ES pratęsė sankcijas Baltarusijai.", "sanctions-tightened"),
    ("lv", "ES pagarināja sankcijas pret Baltkrieviju.", "sanctions-tightened"),
    ("de", "Die EU verlängert die Sanktionen gegen Belarus.", "sanctions-tightened"),
    ("fr", "L'UE prolonge les sanctions contre la Biélorussie.", "sanctions-tightened"),
    ("en", "The EU has extended its sanctions on Belarus.", "sanctions-tightened"),
    ("be", "ЗША знялі санкцыі з авіякампаніі Белавія.", "sanctions-eased"),
    ("ru", "США сняли санкции с «Белавиа».", "sanctions-eased"),
    ("pl", "USA zniosły sankcje wobec linii Belavia z Białorusi.", "sanctions-eased"),
    ("en", "Washington eased sanctions on Belavia, the Belarusian airline.", "sanctions-eased"),
    ("de", "Die USA lockern die Sanktionen gegen Belarus.", "sanctions-eased"),
    ("ru", "Беларусь освободила 50 политзаключённых.", "prisoners-freed"),
    ("be", "Беларусь вызваліла палітвязняў.", "prisoners-freed"),
    ("pl", "Białoruś uwolniła więźniów politycznych.", "prisoners-freed"),
    ("lt", "Baltarusija paleido politinius kalinius.", "prisoners-freed"),
    ("lv", "Baltkrievija atbrīvoja politieslodzītos.", "prisoners-freed"),
    ("en", "Belarus freed dozens of political prisoners.", "prisoners-freed"),
    ("de", "Belarus hat politische Gefangene freigelassen.", "prisoners-freed"),
    ("fr", "La Biélorussie a libéré des prisonniers politiques.", "prisoners-freed"),
    ("ru", "Польша закрыла границу с Беларусью.", "border-closed-or-opened"),
    ("pl", "Polska zamknęła granicę z Białorusią.", "border-closed-or-opened"),
    ("lt", "Lietuva uždarė sieną su Baltarusija.", "border-closed-or-opened"),
    ("lv", "Latvija slēgs robežu ar Baltkrieviju.", "border-closed-or-opened"),
    ("en", "Poland reopened its border with Belarus.", "border-closed-or-opened"),
    ("de", "Litauen schließt die Grenze zu Belarus.", "border-closed-or-opened"),
    ("ru", "Вновь открыта белорусско-литовская граница.", "border-closed-or-opened"),
    ("ru", "Максим Рыженков встретился с послом Евросоюза.", "belarus-eu-meeting"),
    ("pl", "Ryżankou spotkał się w Mińsku z delegacją Unii Europejskiej.", "belarus-eu-meeting"),
    ("lt", "Per Lietuvos sieną iš Baltarusijos skrenda kontrabandiniai balionai.", "border-hybrid"),
    ("pl", "Migranci szturmują granicę Polski z Białorusią.", "border-hybrid"),
    ("lt", "Baltarusija prašo leisti trąšų tranzitą, nori ir Belaruskalij.", "potash-transit"),
    ("en", "Belaruskali again asks for transit of potash through Klaipeda port.", "potash-transit"),
    ("ru", "Запуск Белорусской АЭС обсудили в Вильнюсе.", "nuclear-power"),
    ("ru", "В Беларуси разместили «Орешник» и тактическое ядерное оружие.", "war-and-weapons"),
    ("be", "Ціханоўская сустрэлася з Каллас у Бруселі і гаварыла пра палітвязняў Беларусі.",
     "democratic-forces-abroad"),
    ("en", "The EU blacklisted a judge; sanctions evasion through Belarus goes on.",
     "sanctions-evaded"),
    ("pl", "Białoruś: Polska wznawia wydawanie wiz dla Białorusinów.", "visas-and-travel"),
    ("ru", "В Беларуси прошли президентские выборы, в ЕС их назвали фарсом.", "belarus-elections"),
    ("ru", "Европейское небо закрыто для «Белавиа», сообщили в Еврокомиссии.", "aviation"),
    ("en", "Belarus: new reports of torture of political prisoners.", "belarus-repression"),
    ("lv", "Baltkrievijas ministrs tikās ar Latvijas vēstnieku.", "belarus-eu-meeting"),
    ("uk", "Міністр Білорусі зустрівся з послом Польщі.", "belarus-eu-meeting"),
    ("fr", "Le ministre biélorusse a rencontré l’ambassadeur de Pologne.", "belarus-eu-meeting"),
    ("de", "Der belarussische Minister traf den polnischen Botschafter.", "belarus-eu-meeting"),
    ("en", "Belarusian minister meets Hungarian counterpart.", "belarus-eu-meeting"),
    ("fr", "Les États-Unis lèvent les sanctions contre la compagnie biélorusse Belavia.",
     "sanctions-eased"),
    ("lt", "JAV panaikino sankcijas Baltarusijos bendrovei „Belavia“.", "sanctions-eased"),
    ("en", "EU slaps new sanctions on Belarus.", "sanctions-tightened"),
    ("ru", "ЕС принял новый пакет санкций против Беларуси.", "sanctions-tightened"),
    ("de", "EU beschließt neue Sanktionen gegen Belarus.", "sanctions-tightened"),
    ("ru", "В Беларуси Лукашенко помиловал 31 украинца.", "prisoners-freed"),
    ("en", "Andrzej Poczobut released from Belarusian prison.", "prisoners-freed"),
    ("pl", "Andrzej Poczobut wyszedł na wolność. Białoruś milczy.", "prisoners-freed"),
    ("ru", "Польша возобновит движение через границу с Беларусью.", "border-closed-or-opened"),
    ("be", "Літва закрые мяжу з Беларуссю.", "border-closed-or-opened"),
    ("ru", "Воздушные шары из Беларуси закрыли аэропорт Вильнюса.", "border-hybrid"),
    ("en", "Nuclear plant in Astravets, Belarus, shut down.", "nuclear-power"),
    ("be", "«Нашу Ніву» прызналі экстрэмісцкім фарміраваннем, паведамілі ў Мінску.",
     "media-under-pressure"),
    ("ru", "Кочанова прилетела в Минск; литовские власти ждут депортации детей.", "accountability"),
    ("en", "EU and Belarus: trade turnover falls, tariffs rise.", "trade-and-transit"),
    ("en", "Trump's envoy John Coale held talks with Alexander Lukashenko in Minsk on sanctions.",
     "belarus-us-deal"),
    ("en", "Restrictive measures on Belaruskali stay.", "company-restrictions"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "rule"), PROMISES)
def test_a_rule_fires_on_what_its_label_says(
    watchlist: Watchlist, language: str, text: str, rule: str
) -> None:
    assert rule in rules_of(watchlist, text, language)


SILENCE = [
    ("ru", "После встречи послы разошлись. Польша закрыла границу с Украиной."),
    ("ru", "Верховный суд США отменил приговор, Палата представителей спорит о санкциях."),
    ("pl", "Stan wojenny w Polsce: Sejm zniósł sankcje wobec Rosji."),
    ("lt", "Kas atsitiko? Vyriausybė pratęsė sankcijas Rusijai."),
    ("lv", "Es zinu, ka ES pagarināja sankcijas pret Krieviju."),
    ("de", "Es ist kalt. Die EU verlängert die Sanktionen gegen Iran."),
    ("fr", "Un jour, Brest et la Bretagne ont fermé la frontière maritime."),
    ("en", "The US eased sanctions on Syria; the EU Council met in Brussels."),
    ("be", "Нехта прыйшоў. Польшча адкрыла мяжу з Украінай."),
    ("uk", "Миті щастя: ціна й кошти зросли, кордон із Польщею відкрили."),
]


@pytest.mark.parametrize(("language", "text"), SILENCE)
def test_no_rule_fires_where_belarus_is_not_the_matter(
    watchlist: Watchlist, language: str, text: str
) -> None:
    assert rules_of(watchlist, text, language) == set()


def test_every_key_is_explained_to_the_user() -> None:
    readme = (CONFIG / "README.md").read_text("utf-8")
    explained = {
        key for row in re.findall(r"^\| (`.*?) \|", readme, re.M) for key in row.split("`")
    }
    assert explained >= ENTRY_KEYS | RULE_KEYS
