from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from workers.demo.receiver import Receiver
from workers.demo.site import DemoSite


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@pytest.fixture(scope="session")
def ask() -> Callable[..., Answer]:
    """One request, no redirects followed."""

    def send(
        url: str,
        headers: Mapping[str, str] = {},
        method: str = "GET",
        body: bytes | None = None,
        timeout: float = 20,
    ) -> Answer:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=timeout)
        try:
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request(method, target, body=body, headers=dict(headers))
            answer = connection.getresponse()
            fields = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, fields, answer.read())
        finally:
            connection.close()

    return send


@pytest.fixture(scope="module")
def site() -> Iterator[DemoSite]:
    demo = DemoSite()
    with demo.run_in_thread():
        yield demo


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    endpoint = Receiver()
    with endpoint.run_in_thread():
        yield endpoint
