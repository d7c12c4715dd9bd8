"""The log of a server: one JSON object a line on standard error, without what people asked."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any

import msgspec
import structlog


def _encoded(record: dict[str, Any], **_options: object) -> bytes:
    """A record as JSON; what JSON does not know is written as text."""
    return msgspec.json.encode(record, enc_hook=str)


def settle(level: int = logging.INFO) -> None:
    """Write the log as JSON lines from now on."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_encoded),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )


def fault(error: BaseException) -> dict[str, str]:
    """What went wrong and where; never the words of an error, which may be those of a person."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{one.name}:{one.lineno}" for one in reversed(frames[-4:]))
    return {"error": type(error).__name__, "where": where}
