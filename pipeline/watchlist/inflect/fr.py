"""French: names do not inflect; demonyms take -e, -s."""

from __future__ import annotations

from pipeline.watchlist.inflect.paradigm import Rule, Tables, words

_ADJECTIVES = (
    Rule("(?<=en)", "s ne nes", "bélarussien: bélarussienne bélarussiens"),
    Rule("(?<=e)", "s", "biélorusse: biélorusses"),
    Rule("(?<=s)", "e es", "polonais: polonaise polonaises"),
    Rule("", "s e es", "allemand: allemande allemands"),
)

TABLES = Tables(
    groups=(),
    adjectives=_ADJECTIVES,
    function_words=words("aux ces dans des est les mais par pas pour ses sur une uns"),
)
