"""The log of a server: one JSON object a line on standard error, without what people asked."""

from __future__ import annotations

import logging
import sys

import structlog


def settle(level: int = logging.INFO) -> None:
    """Write the log as JSON lines from now on."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
