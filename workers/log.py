"""Structured logs: one event a line, JSON to files and pipes, coloured columns to a terminal.

Standard library loggers (RQ's, aiohttp's) go the same way, from warnings up.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor


def configure(process: str) -> None:
    """Set up logging for this process; `process` (poller, worker …) stands in every line."""
    terminal = sys.stderr.isatty()

    def name_process(_logger: Any, _method: str, line: EventDict) -> EventDict:
        line.setdefault("process", process)  # a context variable would not reach our threads
        return line

    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        name_process,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Processor = (
        structlog.dev.ConsoleRenderer()
        if terminal
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for noisy in ("rq.worker", "trafilatura", "htmldate"):
        logging.getLogger(noisy).setLevel(
            logging.CRITICAL if noisy != "rq.worker" else logging.WARNING
        )


def logger() -> FilteringBoundLogger:
    """The program's logger."""
    log: FilteringBoundLogger = structlog.get_logger()
    return log
