"""justext's stop words, as trafilatura asks for them: of all languages together, in memory once.

trafilatura fills this cache with the first page that needs it, so that each reader would hold words
of its own: 27 MB as a tuple and a set of 154 000. Loaded here, they are one set, which forked
readers share, and justext's own cache finds it without hashing every word.
"""

from __future__ import annotations

from collections.abc import Iterator

from justext.core import define_stoplist
from justext.utils import get_stoplist, get_stoplists
from trafilatura import external


class _EveryLanguage:
    """The words of all lists, read anew for each pass: what is kept is the set made of them."""

    def __iter__(self) -> Iterator[str]:
        for language in sorted(get_stoplists()):
            yield from get_stoplist(language)


def load() -> None:
    """Load them (a tenth of a second): call it before forking, so that the children share them."""
    words = _EveryLanguage()
    define_stoplist(words)
    external.JT_STOPLIST = words  # type: ignore[assignment]
