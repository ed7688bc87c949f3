"""German: genitive -s, and the endings of adjectives and of nouns like Belarusse, Präsident."""

from __future__ import annotations

from pipeline.watchlist.inflect.paradigm import Rule, Tables, words

_GENITIVE = (
    Rule("(?<=[sßxz])", "' es", "merz: merz'"),
    Rule("", "s ' 's", "lukaschenko: lukaschenkos lukaschenko's"),
)
_ENDINGS = (
    Rule("(?<=[^aeiouy])e", "en er es em", "politische: politischen politischer", of="thing"),
    Rule("er", "en em es e ern", "gefangener: gefangenen", of="thing"),
    Rule("(?<=[^aeiouys])", "es e en", "präsident: präsidenten", of="thing"),
)

_ADJECTIVES = (
    Rule("(?<=isch|lich)", "e en er es em", "belarussisch: belarussische belarussischen"),
    Rule("e", "en in innen", "belarusse: belarussen belarussin"),
)

TABLES = Tables(
    groups=(_GENITIVE, _ENDINGS),
    adjectives=_ADJECTIVES,
    function_words=words(
        "als also auch auf aus bei bis das dass dem den der des die doch durch ein eine einem "
        "einen einer eines er es für gegen hat ich ihm ihn ihr ihre im ist mit nach nicht noch "
        "nun nur ob oder ohne sein seine seit sich sie sind so um und uns unter vom von vor "
        "wann war was wegen wenn wer wie wir wird zu zum zur"
    ),
)
