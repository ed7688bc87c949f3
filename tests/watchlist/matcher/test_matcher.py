"""What counts as a mention, and what a tag says of it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.watchlist.matcher import Matcher
from tests.watchlist.matcher.lists import BELARUS, EU, KGB, LUKASHENKO, entry, only, tag


def test_a_tag_holds_every_mention_with_its_place_and_origin() -> None:
    text = "Лукашенко приехал.\n\nЖдали Александра Лукашенко."
    one = only(Matcher([LUKASHENKO]).tag("Визит Лукашенко", text, "ru"))
    assert (one.id, one.kind, one.label, one.count) == ("lukashenko", "person", "LUKASHENKO", 3)
    assert [(m.where, m.surface, m.form) for m in one.mentions] == [
        ("title", "Лукашенко", "Александр Лукашенко"),
        ("lead", "Лукашенко", "Александр Лукашенко"),
        ("body", "Александра Лукашенко", "Александр Лукашенко"),
    ]


@pytest.mark.parametrize(
    ("title", "lead", "body", "score"),
    [(0, 0, 1, 1), (0, 1, 0, 2), (1, 0, 0, 3), (1, 1, 1, 6), (9, 9, 9, 18), (0, 0, 9, 3)],
)
def test_the_score_weighs_places_and_counts_three_of_each(
    title: int, lead: int, body: int, score: float
) -> None:
    text = "Вот " + "Лукашенко, " * lead + "\n\nИ вот " + "Лукашенко, " * body
    one = only(Matcher([LUKASHENKO]).tag("Лукашенко, " * title, text, "ru"))
    assert one.score == score
    assert one.count == title + lead + body


def test_tags_come_by_score_and_mentions_by_place() -> None:
    tags = Matcher([BELARUS, LUKASHENKO]).tag("Лукашенко", "Беларусь, Лукашенко", "ru")
    assert [one.id for one in tags] == ["lukashenko", "belarus"]
    assert [m.where for m in tags[0].mentions] == ["title", "lead"]


def test_the_longest_name_wins_and_what_it_holds_is_context_only() -> None:
    assert tag([KGB, BELARUS], "Заявил КГБ Беларуси.") == {"kgb": ["КГБ Беларуси"]}


def test_a_generic_body_counts_only_beside_its_country() -> None:
    assert tag([KGB, BELARUS], "Архивы КГБ открыты.") == {}
    found = tag([KGB, BELARUS], "Архивы КГБ открыты. Беларуские историки рады.")
    assert found["kgb"] == ["КГБ"]


def test_a_body_inside_a_longer_name_needs_its_country_all_the_same() -> None:
    listed = [KGB, entry("ussr", "body", {"ru": ["КГБ СССР"]})]
    assert tag(listed, "Архив КГБ СССР. В КГБ молчат.") == {"ussr": ["КГБ СССР"]}


def test_what_is_needed_may_need_something_itself() -> None:
    listed = [
        entry("court", "body", {"ru": ["Верховный суд"]}, needs=("kgb",)),
        KGB,
        BELARUS,
    ]
    assert set(tag(listed, "Верховный суд и КГБ в Беларуси")) == {"court", "kgb", "belarus"}
    assert tag(listed, "Верховный суд и КГБ") == {}


@pytest.mark.parametrize("word", ["brigadă", "Rigaer", "Arriga"])
def test_only_whole_words_count(word: str) -> None:
    riga = entry("riga", "place", {"en": ["Riga"]})
    assert tag([riga], f"In {word} today", "en") == {}


@pytest.mark.parametrize(
    ("case", "text", "found"),
    [
        ("auto", "вышла зеркало", []),
        ("auto", "вышла Зеркало", ["Зеркало"]),
        ("auto", "ЗЕРКАЛО", ["ЗЕРКАЛО"]),
        ("any", "зеркало", ["зеркало"]),
        ("exact", "ЗЕРКАЛО", []),
        ("exact", "Зеркала", ["Зеркала"]),
    ],
)
def test_capitals_count_as_the_entry_says(case: str, text: str, found: list[str]) -> None:
    listed = [entry("x", "body", {"ru": ["Зеркало"]}, case=case)]
    assert tag(listed, text).get("x", []) == found


def test_a_common_word_counts_in_any_case_but_only_in_its_language() -> None:
    sanctions = [entry("sanctions", "topic", {"ru": ["санкции"], "fr": ["visa"]})]
    assert tag(sanctions, "Санкций боятся. О санкциях молчат.") == {
        "sanctions": ["Санкций", "санкциях"]
    }
    assert tag(sanctions, "Er hat ein visa.", "de") == {}
    assert tag(sanctions, "… visa …", "und") == {"sanctions": ["visa"]}


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("ru", "Санкции ЕС", ["ЕС"]),
        ("ru", "Ес и ес", []),
        ("en", "The EU's plan", ["EU's"]),
        ("en", "The EU’s plan", ["EU’s"]),
        ("lt", "ES vadovai", ["ES"]),
        ("de", "ES WAR SPÄT", []),
        ("lv", "es zinu", []),
        ("und", "ES", []),
    ],
)
def test_acronyms_count_letter_by_letter_in_their_own_language(
    language: str, text: str, found: list[str]
) -> None:
    assert tag([EU], text, language).get("eu", []) == found


@pytest.mark.parametrize("surface", ["МИД", "МИДа", "МИДом", "MИД"])
def test_an_acronym_takes_endings_and_survives_look_alikes(surface: str) -> None:
    listed = [entry("mfa", "body", acronyms={"ru": ["МИД"]})]
    assert tag(listed, f"В {surface} сказали") == {"mfa": [surface]}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("В МИДЕ НЕДОВОЛЬНЫ", ["МИДЕ"]),
        ("В МИДЕ НЕДОВОЛЬНЫ\n\nВ МИДе молчат.", ["МИДЕ", "МИДе"]),
        ("В МИДЕ молчат.", []),
        ("МИДЕ", []),
    ],
)
def test_in_a_line_of_capitals_the_ending_of_an_acronym_is_one_of_them(
    text: str, found: list[str]
) -> None:
    listed = [entry("mfa", "body", acronyms={"ru": ["МИД"]})]
    assert tag(listed, text).get("mfa", []) == found


def test_adjectives_and_demonyms_count_for_their_country_in_small_letters() -> None:
    text = "Беларуский дипломат, беларуской стороной, белорусам, из РБ"
    assert tag([BELARUS], text) == {"belarus": ["Беларуский", "беларуской", "белорусам", "РБ"]}
    assert tag([BELARUS], "białoruskich służb", "pl") == {"belarus": ["białoruskich"]}
    assert tag([BELARUS], "белорусам", "pl") == {}


def test_forms_of_one_name_in_an_unrelated_language_do_not_count() -> None:
    kos = [entry("kos", "place", {"lt": ["Kosas"], "ru": ["Минск"]})]
    assert tag(kos, "Kosas", "de") == {"kos": ["Kosas"]}
    assert tag(kos, "Kose", "de") == {}
    assert tag(kos, "Минска", "uk") == {"kos": ["Минска"]}
    assert tag(kos, "Минска", "und") == {"kos": ["Минска"]}


def test_latin_names_count_without_their_diacritics_abroad() -> None:
    listed = [entry("x", "person", {"lt": ["Gitanas Nausėda"]}, sex="m")]
    assert tag(listed, "Gitanas Nauseda said", "en") == {"x": ["Gitanas Nauseda"]}


def test_forms_can_be_dropped_added_and_given_by_hand() -> None:
    talks = [
        entry("x", "topic", {"ru": ["кот"]}, forms_drop=("коту",), forms_add={"ru": ("котэ",)})
    ]
    assert tag(talks, "кота коту котэ") == {"x": ["кота", "котэ"]}
    rigid = [entry("x", "body", {"ru": ["Вясна"]}, inflect="none")]
    assert tag(rigid, "Вясна, Вясны") == {"x": ["Вясна"]}
    explicit = [
        entry("x", "body", {"ru": ["Вясна"]}, inflect="explicit", forms_add={"ru": ("Вясны",)})
    ]
    assert tag(explicit, "Вясна, Вясны, Вясну") == {"x": ["Вясна", "Вясны"]}


def test_a_dropped_form_of_a_longer_name_leaves_the_shorter_one() -> None:
    listed = [
        entry("long", "body", {"ru": ["Белая Русь"]}, forms_drop=("Белой Руси",)),
        entry("short", "place", {"ru": ["Русь"]}),
    ]
    assert tag(listed, "о Белой Руси") == {"short": ["Руси"]}


@pytest.mark.parametrize(
    "surface",
    [
        "Северный поток — 2",
        "Северного потока-2",
        "Северном потоке – 2",
        "Северным\nпотоком 2",
    ],
)
def test_dashes_hyphens_and_line_breaks_join_the_words_of_a_name(surface: str) -> None:
    listed = [entry("ns2", "company", {"ru": ["Северный поток — 2"]})]
    assert tag(listed, f"О {surface} молчат") == {"ns2": [surface]}


def test_a_quoted_name_takes_its_closing_quotation_mark() -> None:
    listed = [entry("svaboda", "body", {"ru": ["Радио «Свобода»", "AT&T"]})]
    assert tag(listed, 'На Радио "Свобода" сказали') == {"svaboda": ['Радио "Свобода"']}
    assert tag(listed, "На радио «Свобода», на Радио Свобода.") == {"svaboda": ["Радио Свобода"]}
    assert tag(listed, "из AT&T ушли") == {"svaboda": ["AT&T"]}


@pytest.mark.parametrize(
    "text", ["L’Union européenne", "de l'Union européenne", "qu'Union européenne"]
)
def test_french_elisions_are_no_part_of_a_name(text: str) -> None:
    assert tag([EU], text, "fr") == {"eu": ["Union européenne"]}


def test_a_name_with_an_elision_is_found_in_french() -> None:
    rights = [entry("x", "topic", {"fr": ["droits de l'homme"]})]
    assert tag(rights, "les droits de l’homme", "fr") == {"x": ["droits de l’homme"]}


def test_a_hyphenated_surname_inflects_in_both_parts() -> None:
    listed = [
        entry("x", "person", {"pl": ["Władysław Kosiniak-Kamysz"]}, sex="m", surname_alone="yes")
    ]
    found = tag(listed, "z Władysławem Kosiniakiem-Kamyszem i Kosiniaka-Kamysza", "pl")
    assert found == {"x": ["Władysławem Kosiniakiem-Kamyszem", "Kosiniaka-Kamysza"]}


def test_names_shared_by_two_entries_count_for_both() -> None:
    listed = [
        entry("a", "place", {"ru": ["Светлогорск"]}),
        entry("b", "place", {"ru": ["Светлогорск"]}),
    ]
    assert tag(listed, "в Светлогорске") == {"a": ["Светлогорске"], "b": ["Светлогорске"]}


def test_nothing_is_found_in_nothing() -> None:
    assert Matcher([]).tag("Лукашенко", "Лукашенко", "ru") == ()
    assert Matcher([LUKASHENKO]).tag(None, "", "ru") == ()


MATCHER = Matcher([LUKASHENKO, BELARUS, KGB, EU])
PIECES = st.sampled_from(
    [
        "Лукашенко",
        "Александр",
        "Александра",
        "Беларуси",
        "беларуских",
        "КГБ",
        "ЕС",
        "EU",
        "Григорьевич",
        "А.",
        "г.",
        ",",
        ".",
        "-",
        "«",
        "»",
        "Iгар",
        "Лукашэ́нка",
        "\xad",
        "слово",
    ]
)


@example(["Лукашенко", "Александр", "Лукашенко"], " ")
@given(st.lists(PIECES, max_size=25), st.sampled_from([" ", "\n\n", " \u00a0", "-"]))
def test_surfaces_are_the_text_and_mentions_of_an_entry_never_overlap(
    pieces: list[str], joint: str
) -> None:
    text = joint.join(pieces)
    for one in MATCHER.tag(text, text, "ru"):
        last: tuple[str, int] = ("title", 0)
        for mention in one.mentions:
            assert text[mention.start : mention.end] == mention.surface
            assert mention.surface.strip() == mention.surface
            where = "title" if mention.where == "title" else "text"
            if where == last[0]:
                assert mention.start >= last[1]
            last = (where, mention.end)
        assert one.count == len(one.mentions)


@given(st.lists(PIECES, max_size=15), st.data())
def test_an_invisible_letter_anywhere_changes_no_tag(
    pieces: list[str], data: st.DataObject
) -> None:
    text = " ".join(pieces)
    at = data.draw(st.integers(0, len(text)))
    marked = text[:at] + "\u200b" + text[at:]
    before = [(one.id, one.count) for one in MATCHER.tag(None, text, "ru")]
    assert [(one.id, one.count) for one in MATCHER.tag(None, marked, "ru")] == before
