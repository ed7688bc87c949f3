"""What a worker and its stage process say to each other, beside the pages.

The stage process sends one message a reader, with the reader's socket beside it, and one whenever a
list was edited; the worker sends `number pid` and a line feed to have a reader replaced. On a
reader's socket go pickled Tasks one way and answers the other, framed as `multiprocessing` does.
"""

from __future__ import annotations

FIT, SPENT = b"+", b"-"
"""First byte of an answer: whether the reader can go on, or came near its limit of memory."""
MESSAGE = 256
"""Bytes of one message of the stage process, padded: JSON, with a reader's socket beside it."""
