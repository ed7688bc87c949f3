"""`web`: the web part alone."""

from __future__ import annotations

from typing import Annotated

import typer

from workers import log, processes
from workers.console import context_of

Parent = Annotated[int | None, typer.Option(hidden=True)]


def web(context: typer.Context, parent: Parent = None) -> None:
    """Serve the web part: WebSub callbacks, /metrics, /healthz. `[web]` in the settings says where.

    The daemon does so too when `[web] enabled` is set. Example: `wirewatch web`
    """
    from workers.web.server import serve

    log.configure("web")
    if parent:
        processes.watch_parent(parent)
    serve(context_of(context))
