"""Memory of processes that live long: given back when free, shared with what is forked.

glibc keeps what was freed for the next time, up to 64 MB once a large block came and went, and an
arena a thread: dearer than asking the system again. mallopt(3), malloc_trim(3); elsewhere nothing
happens.
"""

from __future__ import annotations

import ctypes
import gc

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
SMALL, LARGE = 1 << 17, 1 << 20
"""Bytes that stay for the next time, and of a block that is asked of the system: glibc's own to
begin with, and for who parses pages, where that little would cost page faults."""
_ARENAS = 2
"""Python's lock lets one thread allocate at a time."""

_libc = ctypes.CDLL(None)


def keep_little(kept: int = SMALL) -> None:
    """Have this process, and all that it forks, give back large free blocks. Call it early."""
    if mallopt := getattr(_libc, "mallopt", None):
        mallopt(_M_MMAP_THRESHOLD, kept)
        mallopt(_M_TRIM_THRESHOLD, kept)
        mallopt(_M_ARENA_MAX, _ARENAS)


def give_back() -> None:
    """Give back all that is free, also between what is used (milliseconds)."""
    if trim := getattr(_libc, "malloc_trim", None):
        trim(0)


def settle() -> None:
    """Before forking: what is loaded stays, and the collector will not touch, so unshare, it."""
    gc.collect()
    gc.freeze()
    give_back()
