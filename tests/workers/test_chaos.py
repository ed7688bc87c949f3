"""A short run of `make chaos`: processes killed at random under load, and nothing is lost."""

from __future__ import annotations

import pytest

from benchmarks import chaos


@pytest.mark.timeout(240)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_processes_killed_at_random_lose_nothing(
    database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """How fast URLs were worked on again is for `make chaos` on a quiet machine to judge."""
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
    toll = chaos.run(chaos.parser().parse_args([*options, "--database", database]))
    wrong = [line for line in toll.wrong if not line.startswith("recovery took")]
    assert wrong == [], capsys.readouterr().out
    assert sum(toll.kills.values()) >= 2
