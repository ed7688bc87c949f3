"""English: the possessive, and the plural."""

from __future__ import annotations

from pipeline.watchlist.inflect.paradigm import Rule, Tables, words

_POSSESSIVE = (Rule("", "s 's ' s'", "lukashenko: lukashenko's lukashenkos"),)

_PLURALS = (
    Rule("(?<=[^aeiou])y", "ies", "embassy: embassies", of="thing"),
    Rule("(?<=s|x|z)", "es", "bus: buses", of="thing"),
)

TABLES = Tables(
    groups=(_POSSESSIVE, _PLURALS),
    function_words=words("has his its this was yes"),
)
