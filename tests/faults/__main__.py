"""Print one line a case; end with 1 where one fails.

`python -m faults` tries all of them, `python -m faults NAME …` some; `--quick` tries each only as
long as the ordinary tests do, `--list` prints the names.
"""

from __future__ import annotations

import os
import sys
import traceback

import pytest

from faults.cases import CASES
from faults.outcome import Case


def main(words: list[str]) -> int:
    """Try the cases that are named; the status to end with."""
    # A proxy has no part in what goes on within this machine.
    os.environ["no_proxy"] = "127.0.0.1"
    names = [word for word in words if not word.startswith("-")]
    if "--list" in words or set(names) - {case.name for case in CASES}:
        write("\n".join(case.name for case in CASES))
        return 0 if "--list" in words else 2
    chosen = [case for case in CASES if not names or case.name in names]
    sound = [_holds(case, quick="--quick" in words) for case in chosen]
    return int(not all(sound))


def _holds(case: Case, *, quick: bool) -> bool:
    """Try a case and print its lines; whether all of it was as it must be."""
    sound = True
    try:
        for outcome in case.run(quick=quick):
            write(str(outcome))
            sound &= not outcome.wrong
    except pytest.skip.Exception as absent:
        write(f"{case.name} · left out: {absent}")
    except Exception as error:  # noqa: BLE001 - a case that breaks off is one that fails
        write(f"FAILED {case.name} · {type(error).__name__}: {error}")
        traceback.print_exc()
        return False
    return sound


def write(line: str) -> None:
    """Write a line at once: the next one may take minutes."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
