"""Serves the web part until it is told to stop. Settings: `[web] host, port`."""

from __future__ import annotations

import signal

import uvicorn

from workers import notify
from workers.context import Context
from workers.log import logger
from workers.web.app import create_app


def serve(context: Context) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished first."""
    web = context.settings.web
    logger().info("serving", url=f"http://{web.host}:{web.port}")
    config = uvicorn.Config(
        create_app(context),
        host=web.host,
        port=web.port,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=10,
        server_header=False,
        callback_notify=_say_alive,
        timeout_notify=round(notify.BEAT_S),
    )
    server = uvicorn.Server(config)
    for number in (signal.SIGTERM, signal.SIGINT):
        # Once it has stopped, uvicorn raises the signal again for whoever was there before it: an
        # orderly end would look like a death.
        signal.signal(number, server.handle_exit)
    server.run()
    notify.say(notify.STOPPING)


async def _say_alive() -> None:
    """Called by the server's own loop, from when it listens: a loop that hangs says nothing."""
    notify.say(notify.READY, notify.ALIVE)
