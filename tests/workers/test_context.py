"""What a process opens from its working directory."""

from __future__ import annotations

import pytest

from tests.worlds.directory import WorkingDirectory
from workers.context import Context


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://redis.example:6379/0", "redis://redis.example:6379/0"),
        ("redis://:s3cret@redis.example/0", "redis://:***@redis.example/0"),
        ("rediss://user:s3cret@redis.example", "rediss://user:***@redis.example"),
        ("unix://user:s3cret@/run/redis.sock?db=1", "unix://user:***@/run/redis.sock?db=1"),
        ("redis://h/0?password=s3cret&db=1", "redis://h/0?password=***&db=1"),
    ],
)
def test_a_redis_password_is_never_shown(
    directory: WorkingDirectory, monkeypatch: pytest.MonkeyPatch, url: str, shown: str
) -> None:
    directory.write()
    monkeypatch.setenv("WIREWATCH_REDIS_URL", url)
    context = Context(directory.path)
    assert context.redis_name == shown
    context.close()
