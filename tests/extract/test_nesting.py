"""Pages nested deeper than any parser goes."""

# ruff: noqa: E501  markup is not wrapped

from __future__ import annotations

import pytest
from fetched import page_of
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract import extract, nesting
from pipeline.extract.page import parse

PARAGRAPHS = tuple(
    f"Пункт {number}: на площади собрались жители {number + 3} деревень, чтобы обсудить новый мост через реку."
    for number in range(6)
)
WRAPPERS = {
    "divs": ("<div>", "</div>"),
    "sections with classes": ('<section class="a b">', "</section>"),
    "fonts": ("<font size=2>", "</font>"),
    "lists": ("<ul><li>", "</li></ul>"),
    "tables": ("<table><tr><td>", "</td></tr></table>"),
    "never closed": ("<div>", ""),
}
BLOCKS = {
    "p": "<p>{}</p>",
    "unclosed p": "<p>{}",
    "div": "<div>{}</div>",
    "p in div": '<div class="text"><p><span>{}</span></p></div>',
}


@pytest.mark.parametrize("depth", [250, 700, 1900, 2040, 2060, 5000, 30_000])
@pytest.mark.parametrize("block", BLOCKS)
def test_blocks_stay_apart_at_any_depth(depth: int, block: str) -> None:
    text = "".join(BLOCKS[block].format(each) for each in PARAGRAPHS)
    html = f"<html><body>{'<div>' * depth}<h1>Мост через реку</h1>{text}{'</div>' * depth}</body></html>"
    article = extract(page_of(html))
    assert article.text == "\n\n".join(PARAGRAPHS)
    assert article.title == "Мост через реку"


@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_blocks_stay_apart_in_any_wrapper(wrapper: str) -> None:
    before, after = WRAPPERS[wrapper]
    text = "".join(f"<p>{each}</p>" for each in PARAGRAPHS)
    html = f"<html><body><h1>Мост через реку</h1>{before * 2500}{text}{after * 2500}</body></html>"
    assert extract(page_of(html)).text == "\n\n".join(PARAGRAPHS)


def test_a_tag_left_open_in_every_paragraph_keeps_them_apart() -> None:
    junk = "".join(f"<div><span>шум {n}" for n in range(1500))
    text = "".join(f"<div><p>{each}</p>" for each in PARAGRAPHS)
    html = f"<html><body><h1>Мост через реку</h1><div class=text>{text}</div><footer>{junk}</footer></body></html>"
    assert extract(page_of(html)).text == "\n\n".join(PARAGRAPHS)


def test_links_and_emphasis_below_the_limit_stay_inside_their_paragraph() -> None:
    html = (
        "<div>" * 3000 + "<p>Он <b>не</b> сказал <a href=/x>ничего</a> нового.</p><p>Она тоже.</p>"
    )
    tree = parse(html)
    assert tree is not None
    assert [p.text_content() for p in tree.iter("p")] == [
        "Он не сказал ничего нового.",
        "Она тоже.",
    ]
    assert tree.find(".//p/a") is not None


def test_tags_in_scripts_and_comments_are_no_tags() -> None:
    html = "<body><script>x = '</div><p>'</script><!-- <p>no --><p>yes</p>"
    assert nesting.flatten(html) == "<body><script>x = '</div><p>'</script><p>yes</p></body>"


@given(
    st.lists(
        st.sampled_from(
            [
                "<div>",
                "</div>",
                "<p>",
                "</p>",
                "<b>",
                "</b>",
                "<li>",
                "</ul>",
                "<br>",
                "<a href='>'>",
                "w ",
                "< ",
            ]
        ),
        max_size=60,
    ),
    st.integers(280, 320),
)
def test_no_word_is_lost_and_the_depth_is_bounded(parts: list[str], depth: int) -> None:
    flat = nesting.flatten("<div>" * depth + "".join(parts))
    assert flat.count("w ") == parts.count("w ")
    tree = parse(flat + "<p>end</p>")
    assert tree is not None
    assert tree.text_content().count("w") == parts.count("w ")
    assert max(sum(1 for _ in each.iterancestors()) for each in tree.iter("p")) < 400
