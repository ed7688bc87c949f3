"""The whole program over many sites, its parts killed at random, judged by the sites' own logs.

`benchmarks.politeness` at a small size; it is run at full size by hand.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.judged_sites import Plan
from benchmarks.politeness import Setup, run


def test_workers_and_pollers_share_one_budget_a_site_and_lose_no_url(tmp_path: Path) -> None:
    setup = Setup(workers=2, pollers=2, concurrency=2, kill_every_s=6)
    outcome = run(setup, Plan(sites=4, articles=4, burst=6), tmp_path)
    assert outcome.faults == [], outcome.figures
