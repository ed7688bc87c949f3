from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.language import detector
from pipeline.language.detector import Hints, detect
from pipeline.language.model import shipped

RUSSIAN = (
    "Беларуский дипломат провёл встречи с коллегами из нескольких европейских стран. По данным "
    "журналистов, речь шла о возможной отмене части ограничений в обмен на освобождение людей."
)
BELARUSIAN = (
    "Беларускі дыпламат правёў сустрэчы з калегамі з некалькіх еўрапейскіх краін. Паводле "
    "журналістаў, гаворка ішла пра магчымую адмену часткі абмежаванняў у абмен на вызваленне."
)
ENGLISH = (
    "The diplomat met colleagues from several European countries. According to reporters they "
    "talked about lifting some of the restrictions in exchange for the release of prisoners."
)
SERBIAN = "Председник владе је изјавио да ће нова мера почети да се примењује од следеће недеље."
SERBIAN_LATIN = (
    "Predsednik vlade je izjavio da će nova mera početi da se primenjuje sledeće nedelje."
)
CROATIAN = "Predsjednik vlade izjavio je da će se nova mjera početi primjenjivati sljedeći tjedan."
IRISH = "Dúirt an tAire go mbeidh an dlí nua i bhfeidhm ón tseachtain seo chugainn ar fud na tíre."
MALTESE = (
    "Il-ministru qal li l-liġi l-ġdida se tidħol fis-seħħ mill-ġimgħa d-dieħla fil-pajjiż kollu."
)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        (RUSSIAN, "ru"),
        (BELARUSIAN, "be"),
        (ENGLISH, "en"),
        (SERBIAN, "sr"),
        (SERBIAN_LATIN, "sr-Latn"),
        (CROATIAN, "hr"),
        (IRISH, "ga"),
        (MALTESE, "mt"),
        ("Улады Беларусі вызвалілі журналіста Ігара Лосіка", "be"),
        ("Ułady vyzvalili žurnalista Ihara Łosika paśla piaci hadoŭ turmy", "be-Latn"),
        ("Власти освободили беларуского журналиста Игоря Лосика", "ru"),
        ("我们的记者从北京报道今天发生的事情", "zh-Hans"),
        ("Ο πρωθυπουργός μίλησε για τον νέο νόμο στη Βουλή", "el"),
    ],
)
def test_it_tells(text: str, tag: str) -> None:
    assert detect(text).tag == tag


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n ",
        "12:30 – 14:45",
        "???",
        "https://example.org/a",
        "ok",
        "ў",
        "🔥🔥 👍",
        "\0\0",
        "1 234,56 BYN",
    ],
)
def test_what_is_no_text_is_undetermined(text: str) -> None:
    assert detect(text).tag == "und"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("მთავრობამ დაამტკიცა დახმარების ახალი პაკეტი", id="Georgian"),
        pytest.param("Կառավարությունը հաստատել է աջակցության նոր փաթեթ", id="Armenian"),
        pytest.param("መንግስት ለቤተሰቦች አዲስ የእርዳታ እቅድ አጸደቀ", id="Amharic"),
        pytest.param("Үкімет отбасыларға арналған жаңа көмек пакетін бекітті", id="Kazakh"),
        pytest.param("Хөкүмәт гаиләләргә ярдәм итү турында яңа карар кабул итте", id="Tatar"),
    ],
)
def test_a_language_without_a_profile_is_not_given_another_one(text: str) -> None:
    assert detect(text).tag == "und"


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Кампанія ўклала 5 млн даляраў у завод «Красноармеец и краснофлотец» у Мінску", "be"),
        ("УЛАДЫ ВЫЗВАЛІЛІ ЖУРНАЛІСТА ПАСЛЯ ПЯЦІ ГАДОЎ ТУРМЫ", "be"),
        ("SAEIMA PIEŅEM JAUNUS GROZĪJUMUS LIKUMĀ PAR ROBEŽSARDZI", "lv"),
        ("Vyriausybe patvirtino nauja paramos paketa neturtingoms seimoms", "lt"),
        ("Saeima pienem jaunus grozijumus likuma par robezsardzi un policiju", "lv"),
        ("Rzad przyjal nowy pakiet pomocy dla najubozszych rodzin", "pl"),
        ("Minski sud asudziu bylaha kandydata u prezidenty na dziesiac hadou kalonii", "be-Latn"),
        ("Рада проголосувала за бюджет на наступний рок", "uk"),
        ("Шо ти робиш, я ж тобі говорила шо нада було раньше прийти, понімаєш", "uk"),
        ("Я табе кажу шо етава нізя дзелаць, патаму што начальнік будзець ругацца", "be"),
        ("Эўразьвяз увёў санкцыі супраць беларускіх чыноўнікаў", "be"),
        ("Пpэзiдэнт пaдпicaў yкaз aб пeнciях", "be"),
        ("Пpeзидeнт пoдпиcaл yкaз o пeнcияx", "ru"),
        ("Preşedintele a anunţat că va semna legea privind siguranţa", "ro"),
        ("🔥 Тэрмінова! У Мінску затрымалі журналістаў 👮", "be"),
        ("ממשלת ישראל אישרה את תקציב המדינה לשנה הבאה", "he"),
    ],
)
def test_unusual_writing_is_told_too(text: str, tag: str) -> None:
    assert detect(text).tag == tag


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Ursula von der Leyen arrives in Kyiv", "en"),
        ("Brazil’s Lula da Silva has invited the leaders to Rio", "en"),
        ("Ursula von der Leyen przyjechała do Kijowa", "pl"),
        ("Ursula von der Leyen vyks į Kyjivą", "lt"),
        ("Der Besuch von der Leyens in Kiew", "de"),
    ],
)
def test_the_particles_of_names_do_not_decide(text: str, tag: str) -> None:
    assert detect(text).tag == tag


def test_belarusian_in_a_feed_that_says_russian_stays_belarusian() -> None:
    found = detect("Улады вызвалілі журналіста", hints=Hints("ru", "ru", "ru"))
    assert found.tag == "be"


def test_of_a_huge_text_only_the_beginning_is_read() -> None:
    assert detect(BELARUSIAN * 20_000) == detect((BELARUSIAN * 20_000)[: detector.MAX_TEXT])


def test_an_undetermined_answer_names_its_best_guess() -> None:
    found = detect("Moda 2030")
    assert found.tag == "und"
    assert found.runner_up != "und"
    assert found.reason.startswith("unsure")


def test_paragraphs_of_another_language_are_shares() -> None:
    found = detect("\n\n".join([RUSSIAN, RUSSIAN, BELARUSIAN, RUSSIAN]))
    assert found.tag == "ru"
    assert set(found.shares) == {"ru", "be"}
    assert found.shares["be"] == pytest.approx(0.25, abs=0.03)
    assert sum(found.shares.values()) == pytest.approx(1, abs=0.01)


def test_the_answer_is_the_language_of_most_letters() -> None:
    found = detect("\n\n".join([ENGLISH, BELARUSIAN, BELARUSIAN]))
    assert found.tag == "be"
    assert list(found.shares) == ["be", "en"]


def test_a_page_of_one_language_has_one_share() -> None:
    assert detect("\n\n".join([RUSSIAN] * 3)).shares == {"ru": 1.0}


def test_names_in_another_script_do_not_decide() -> None:
    found = detect("Выступаюць Nizkiz, Teleport і SnopSnou, канцэрт пачнецца а сёмай")
    assert found.tag == "be"


def test_hints_decide_what_the_text_leaves_open() -> None:
    text = "Statsministeren taler om krigen i dag"  # the same in Danish and Norwegian
    assert detect(text, hints=Hints(feed="da-DK", page="da", site="da")).tag == "da"
    assert detect(text, hints=Hints(feed="nb", page="no", site="no")).tag == "no"


@pytest.mark.parametrize("text", [RUSSIAN * 2, BELARUSIAN * 2, ENGLISH * 2])
def test_hints_never_outvote_the_text_of_an_article(text: str) -> None:
    wrong = Hints(feed="bg", page="bg", site="bg")
    assert detect(text, hints=wrong).tag == detect(text).tag
    assert detect(text, hints=wrong).confidence == detect(text).confidence


@pytest.mark.parametrize("text", [RUSSIAN, BELARUSIAN, ENGLISH])
def test_hints_do_not_outvote_a_clear_lead(text: str) -> None:
    assert detect(text, hints=Hints("uk", "uk", "uk")).tag == detect(text).tag


@pytest.mark.parametrize(
    ("declared", "moves"),
    [
        ("be", {"be", "be-Latn"}),
        ("be-BY", {"be", "be-Latn"}),
        ("be-tarask", {"be", "be-Latn"}),
        ("be-Latn", {"be-Latn"}),
        ("sr_Latn_RS", {"sr-Latn"}),
        ("sr-Cyrl", {"sr"}),
        ("nb-NO", {"no"}),
        ("zh-TW", {"zh-tw"}),
        ("zh-Hans-CN", {"zh-cn"}),
        ("EN-us", {"en"}),
        ("x-default", set()),
        ("", set()),
    ],
)
def test_a_declared_tag_means_these_profiles(declared: str, moves: set[str]) -> None:
    names = shipped().languages
    added = detector._prior(Hints(page=declared), 10) - detector._prior(Hints(), 10)
    assert {names[i] for i in added.nonzero()[0]} == moves


def test_the_same_text_gets_the_same_answer_a_hundred_times() -> None:
    assert len({repr(detect(RUSSIAN[:60])) for _ in range(100)}) == 1


def test_threads_get_the_same_answers() -> None:
    texts = [RUSSIAN, BELARUSIAN, ENGLISH, SERBIAN, IRISH] * 20
    alone = [detect(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(detect, texts)) == alone


def test_another_process_with_another_hash_seed_gives_the_same_answer() -> None:
    code = (
        "import sys, json; from pipeline.language.detector import detect\n"
        "print(json.dumps([repr(detect(t)) for t in json.loads(sys.argv[1])]))"
    )
    texts = [RUSSIAN, BELARUSIAN, "\n\n".join([SERBIAN_LATIN, ENGLISH])]
    answers = [
        subprocess.run(
            [sys.executable, "-c", code, json.dumps(texts)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert answers[0] == answers[1] == json.dumps([repr(detect(text)) for text in texts]) + "\n"


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_any_text_gets_an_answer(text: str) -> None:
    found = detect(text)
    assert 0 <= found.confidence <= 1
    assert found.tag == "und" or sum(found.shares.values()) == pytest.approx(1, abs=0.02)


@given(st.lists(st.sampled_from("\u00ad\u200b\u200d\u2060\ufeff"), min_size=1, max_size=5))
@settings(deadline=None)
def test_invisible_characters_change_nothing(characters: list[str]) -> None:
    spoilt = "".join(characters).join(BELARUSIAN)
    assert detect(spoilt) == detect(BELARUSIAN)


@given(st.permutations([RUSSIAN, BELARUSIAN, ENGLISH, RUSSIAN]))
@settings(deadline=None)
def test_the_order_of_paragraphs_does_not_change_the_shares(parts: list[str]) -> None:
    assert (
        detect("\n\n".join(parts)).shares
        == detect("\n\n".join([RUSSIAN, BELARUSIAN, ENGLISH, RUSSIAN])).shares
    )
