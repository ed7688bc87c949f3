"""A webhook receiver on loopback: what a user's own endpoint would do with Wirewatch's alerts.

Verifies every delivery after Standard Webhooks 1.0 (id, timestamp within five minutes, HMAC-SHA256
over the raw body), keeps what it accepted and what it refused, and can be told to answer badly.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

from workers.demo.loopback import LOOPBACK, LoopbackServer


def new_secret() -> str:
    """A fresh signing secret in the form users know: `whsec_` and 24 random bytes in base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


@dataclass(frozen=True, slots=True)
class Alert:
    """One delivery whose signature held."""

    id: str
    """`webhook-id`: the same for every attempt at the same alert."""
    body: dict[str, Any]
    headers: Mapping[str, str]
    """Names in lower case."""
    status: int
    """What was answered: a verified delivery may still be answered with a scripted failure."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One delivery that was not believed, and why."""

    reason: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """A scripted answer to a verified delivery, e.g. `Answer(429, {"Retry-After": "2"})`."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)


class Receiver(LoopbackServer):
    """Listens for `POST /hook`. `.url` and `.secret` are what a `[[webhooks]]` entry needs."""

    def __init__(
        self,
        secret: str | None = None,
        script: Iterable[int | Answer] = (),
        *,
        host: str = LOOPBACK,
        port: int = 0,
    ) -> None:
        """`script`: the answers to the first verified deliveries in turn; 204 to all after them."""
        super().__init__([(host, port)])
        self.secret = secret or new_secret()
        self._verifier = Webhook(self.secret)
        self._script = [Answer(step) if isinstance(step, int) else step for step in script]
        self.alerts: list[Alert] = []
        """Verified deliveries in order of arrival, those answered with a failure included."""
        self.rejected: list[Refusal] = []

    @property
    def url(self) -> str:
        """Where to deliver."""
        return f"{self.base_url}/hook"

    @property
    def delivered(self) -> list[Alert]:
        """The alerts that were answered with 2xx: what the sender counts as delivered."""
        return [alert for alert in self.alerts if 200 <= alert.status < 300]

    async def respond(self, listener: int, request: web.Request) -> web.StreamResponse:
        """401 to what does not verify, else the scripted status or 204."""
        if request.path != "/hook":
            return web.Response(status=404)
        if request.method != "POST":
            return web.Response(status=405, headers={"Allow": "POST"})
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            payload = self._verify(body, headers)
        except WebhookVerificationError as error:
            self.rejected.append(Refusal(str(error), body, headers))
            return web.Response(status=401, text=f"{error}\n")
        answer = self._script.pop(0) if self._script else Answer(204)
        self.alerts.append(Alert(headers["webhook-id"], payload, headers, answer.status))
        return web.Response(status=answer.status, headers=dict(answer.headers))

    def _verify(self, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
        """The parsed body. The library raises ValueError on some malformed headers and bodies."""
        try:
            payload = self._verifier.verify(body, dict(headers))
        except ValueError as error:
            raise WebhookVerificationError(f"malformed delivery: {error}") from error
        if not isinstance(payload, dict):
            raise WebhookVerificationError("the body is not a JSON object")
        return payload
