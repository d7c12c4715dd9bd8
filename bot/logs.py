"""The log of a server: one JSON object a line on standard error, without what people asked."""

from __future__ import annotations

import logging
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec
import structlog
from structlog.typing import EventDict

_MOST = 600  # characters of where it happened


def _encoded(record: dict[str, Any], **_options: object) -> bytes:
    """A record as JSON; what JSON does not know is written as text."""
    return msgspec.json.encode(record, enc_hook=str)


def fault(error: BaseException) -> dict[str, str]:
    """What went wrong and where; never the words of an error, which may be those of a person."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{Path(one.filename).stem}.{one.name}:{one.lineno}" for one in frames[::-1])
    return {"error": type(error).__name__, "where": where[:_MOST]}


def _placed(_logger: object, _method: str, record: EventDict) -> EventDict:
    """An exception as its kind and its place."""
    said = record.pop("exc_info", None)
    error = sys.exception() if said is True else said
    return {**record, **fault(error)} if isinstance(error, BaseException) else record


class Dropping:
    """A stream from which is dropped what cannot be written: no answer depends on the log."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, raw: bytes) -> int:
        """Write some bytes, or none of them."""
        with suppress(OSError):
            return self._stream.write(raw)
        return 0

    def flush(self) -> None:
        """Have them written; what is left is tried again with the next line."""
        with suppress(OSError):
            self._stream.flush()


def settle(level: int = logging.INFO) -> None:
    """Write the log as JSON lines from now on."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _placed,
            structlog.processors.JSONRenderer(serializer=_encoded),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(cast("BinaryIO", Dropping(sys.stderr.buffer))),
        cache_logger_on_first_use=True,
    )
    # A fault is in our own log already; the server would write it out with the words of its error.
    logging.getLogger("uvicorn.error").addFilter(_has_no_fault)


def _has_no_fault(record: logging.LogRecord) -> bool:
    return record.exc_info is None
