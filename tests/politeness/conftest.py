"""A site that misbehaves as the test has it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.worlds.newsroom import Newsroom


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    site = Newsroom()
    with site.run_in_thread():
        yield site
