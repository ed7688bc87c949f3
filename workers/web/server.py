"""Serves the web part until it is told to stop. Settings: `[web] host, port`."""

from __future__ import annotations

import uvicorn

from workers.context import Context
from workers.log import logger
from workers.web.app import create_app


def serve(context: Context) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished first."""
    web = context.settings.web
    logger().info("serving", url=f"http://{web.host}:{web.port}")
    uvicorn.run(
        create_app(context),
        host=web.host,
        port=web.port,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=10,
        server_header=False,
    )
