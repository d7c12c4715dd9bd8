"""The log says what went wrong and where, never in the words of who was talking."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from bot import logs

FAULTY = """
import logging, structlog
from bot import logs
logs.settle()
def deep(words):
    raise ValueError(words)
try:
    deep("my illness")
except ValueError:
    structlog.get_logger("yiwentong").exception("fault", request="r1")
    logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
logging.getLogger("uvicorn.error").error("something else")
"""


def test_a_fault_is_its_kind_and_its_place() -> None:
    """Neither our own log nor that of the server repeats the words of an error."""
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", FAULTY], capture_output=True, text=True, check=True
    )

    assert "my illness" not in done.stdout + done.stderr
    record = json.loads(done.stderr.splitlines()[0])
    assert (record["event"], record["error"], record["request"]) == ("fault", "ValueError", "r1")
    assert record["where"].startswith("<string>.deep:6 < ")
    assert "something else" in done.stderr


def test_a_place_is_short() -> None:
    """However deep the error was."""

    def deeper(left: int) -> None:
        if left == 0:
            raise KeyError
        deeper(left - 1)

    with pytest.raises(KeyError) as caught:
        deeper(200)

    assert len(logs.fault(caught.value)["where"]) <= 600
