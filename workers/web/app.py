"""The web application: what is served where, and who may see it.

`/websub/…` is for hubs, who prove themselves by the address and the signature; `/healthz` says
nothing secret. Everything else asks for the token, when one is set.
Settings: `[web] host, port, token`.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable

import redis
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from pipeline.errors import Unavailable
from workers import metrics
from workers.context import Context, utc_now
from workers.web import websub

OPEN_TO_ALL = ("/healthz", "/websub/")
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Next = Callable[[Request], Awaitable[Response]]


def create_app(context: Context) -> FastAPI:
    """The application over one opened world."""
    app = FastAPI(title="Wirewatch", docs_url=None, redoc_url=None, openapi_url=None)
    token = context.settings.web.token

    @app.middleware("http")
    async def guard(request: Request, call_next: Next) -> Response:
        """Ask for the token where it is needed."""
        if token and not request.url.path.startswith(OPEN_TO_ALL):
            given = request.headers.get("authorization", "")
            if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
                refused = {"error": "a token is needed: Authorization: Bearer …"}
                return JSONResponse(refused, 401, {"WWW-Authenticate": "Bearer"})
        return await call_next(request)

    @app.get("/healthz")
    def healthz() -> JSONResponse:
        """200 when the database and Redis answer, else 503."""
        faults = _faults(context)
        return JSONResponse({"status": "unhealthy" if faults else "ok", **faults},
                            503 if faults else 200)  # fmt: skip

    @app.get("/metrics")
    def prometheus() -> Response:
        """All metrics in Prometheus' text format; docs/metrics.md lists them."""
        text = metrics.exposition(context.database, context.redis, utc_now())
        return Response(text, media_type=METRICS_TYPE)

    app.include_router(websub.router(context))
    return app


def _faults(context: Context) -> dict[str, str]:
    """What is wrong, by server."""
    faults = {}
    try:
        context.database.revision()
    except Unavailable as error:
        faults["database"] = str(error)
    try:
        context.redis.ping()
    except redis.RedisError as error:
        faults["redis"] = str(error)
    return faults
