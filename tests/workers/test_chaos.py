"""A short run of `make chaos`: processes killed at random under load, and nothing is lost."""

from __future__ import annotations

import pytest

from benchmarks import chaos


@pytest.mark.timeout(240)
def test_processes_killed_at_random_lose_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """How fast URLs were worked on again, and PostgreSQL, are for `make chaos` to judge."""
    options = [
        "--workers",
        "1",
        "--kills",
        "4",
        "--minutes",
        "1",
        "--feeds",
        "2",
        "--articles",
        "10",
    ]
    toll = chaos.run(chaos.parser().parse_args(options))
    wrong = [line for line in toll.wrong if not line.startswith("recovery took")]
    assert wrong == [], capsys.readouterr().out
    assert sum(toll.kills.values()) >= 2
