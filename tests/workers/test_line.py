"""When most sites fall silent at once it is our line; an answer ends it, and polling ramps up."""

from __future__ import annotations

from pipeline.feeds.outage import PROBE_SHARE, RAMP_S, RecentPoll
from workers.line import LONGEST_S, MOST_POLLS, WINDOW_S, Line


def note(
    line: Line, at: float, *sites: str, answered: bool = True, was_failing: bool = False
) -> list[str]:
    turns = [line.note(RecentPoll(site, answered, was_failing), at) for site in sites]
    return [turn for turn in turns if turn]


def names(number: int) -> list[str]:
    return [f"{n}.example" for n in range(number)]


def test_a_line_that_works_is_used_in_full() -> None:
    line = Line()
    assert note(line, 0, *names(9)) == []
    assert (line.down, line.share(0)) == (False, 1.0)


def test_silence_of_most_sites_is_told_once_and_an_answer_ends_it() -> None:
    line = Line()
    note(line, 0, *names(5))
    assert note(line, 60, *names(5), answered=False) == ["down"]
    assert line.share(60) == PROBE_SHARE
    assert note(line, 120, *names(5)) == ["up"]
    assert line.share(120) == PROBE_SHARE
    assert PROBE_SHARE < line.share(120 + RAMP_S / 2) < 1
    assert line.share(120 + RAMP_S) == 1


def test_few_polls_an_hour_do_not_end_an_outage_by_their_silence() -> None:
    line = Line()
    assert note(line, 0, *names(3), answered=False) == ["down"]
    for number in range(1, 9):
        assert note(line, number * 2 * WINDOW_S, "0.example", answered=False) == []
    assert line.down
    assert note(line, 18 * WINDOW_S, "0.example") == ["up"]


def test_sites_silent_for_days_are_blamed_in_the_end() -> None:
    line = Line()
    note(line, 0, *names(3))
    note(line, 60, *names(3), answered=False)
    assert line.down
    turns = note(line, LONGEST_S, *names(3), answered=False, was_failing=True)
    assert turns == ["up"], "who last answered so long ago is no witness any more"


def test_two_silent_sites_of_the_first_three_prove_nothing() -> None:
    line = Line()
    note(line, 0, "up.example")
    assert note(line, 0, *names(2), answered=False) == []


def test_old_polls_and_more_than_a_few_dozen_do_not_count() -> None:
    line = Line()
    note(line, 0, *names(500))
    assert note(line, 1, *names(MOST_POLLS), answered=False) == ["down"]
    line = Line()
    note(line, 0, *names(9))
    assert note(line, WINDOW_S + 1, *names(3), answered=False) == ["down"]
