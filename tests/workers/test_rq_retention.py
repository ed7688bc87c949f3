"""The keeper lets go of what is old, a step a tick; RQ's registries stay short."""

from __future__ import annotations

from datetime import timedelta

import rq
from rq.registry import FailedJobRegistry

from pipeline.settings import RetentionSettings
from tests.worlds import ledger
from tests.worlds.newsroom import Newsroom, article
from workers import queues, retention
from workers.context import Context, utc_now
from workers.retention import Retention


def test_an_old_story_goes_but_for_its_end_and_each_tick_is_one_step(
    context: Context, newsroom: Newsroom
) -> None:
    url = newsroom.serve("/a.html", article("Long ago"))
    ledger.ingest(context, url)
    assert len(ledger.told(context, url)) > 3
    later = utc_now() + timedelta(days=3)
    walk = Retention(RetentionSettings(stories_days=2))
    for number in range(20):
        walk.tick(context.database, context.redis, later, float(number))
    assert ledger.told(context, url) == ["stored"]


def test_failed_jobs_are_few_and_not_old(context: Context) -> None:
    registry = FailedJobRegistry("hand", connection=context.redis)
    for number in range(12):
        job = rq.job.Job.create(print, id=f"j{number}", connection=context.redis)
        job.save()
        score = utc_now().timestamp() + queues.FAILURE_TTL_S - (10 - number) * 86_400
        context.redis.zadd(registry.key, {job.id: score})
    long_ago = utc_now() - timedelta(days=365)
    assert retention.drop_failed_jobs(context.redis, "hand", 9, long_ago) == 3
    assert retention.drop_failed_jobs(context.redis, "hand", 9, utc_now() - timedelta(days=4.5)) > 1
    assert "j0" not in registry.get_job_ids(cleanup=False)
    assert "j11" in registry.get_job_ids(cleanup=False)
    assert not context.redis.exists("rq:job:j0")
