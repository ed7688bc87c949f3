"""Belarusian forms in the classical orthography (taraškievica): what can be had by rule.

Soft consonants before soft consonants get a soft sign (снег → сьнег, палітзняволены →
палітзьняволены, пытанне → пытаньне). Words that are spelled otherwise altogether (Менск, Летува,
Эўропа) are names of their own in the watchlist. After: Беларускі
клясычны правапіс (2005), on the soft sign.
"""

from __future__ import annotations

import re

_SOFT = "[еёіюяь]"
# дз first: it is one consonant. A consonant is soft when a soft vowel or a soft sign follows.
_BEFORE_SOFT = re.compile(f"(дз|[сзц])(?=(?:дз|[бвлмнпсзцф]){_SOFT})")
_DOUBLED = re.compile(f"(?:л(?=л{_SOFT})|н(?=н{_SOFT}))")
_DOUBLED_DZ = re.compile(f"ддз(?={_SOFT})")


def classical(form: str) -> str:
    """The form as the classical orthography writes it; itself where both agree."""
    spelled = _DOUBLED_DZ.sub("дзьдз", form)
    spelled = _DOUBLED.sub(lambda match: match[0] + "ь", spelled)
    # Twice: the first soft sign softens the consonant before it in turn (усьсьцю).
    for _ in range(2):
        spelled = _BEFORE_SOFT.sub(r"\1ь", spelled)
    return spelled
