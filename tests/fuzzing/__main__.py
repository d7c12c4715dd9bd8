"""Give every target any bytes for FUZZ_SECONDS each (600), and print a line of each.

`python -m fuzzing NAME …` tries some. With atheris inputs are led by what they reach; without it
they are generated. What breaks a target is kept in build/fuzz/NAME, and the end is 1: an input that
was found belongs into tests/data/fuzz/NAME, where the ordinary tests try it for ever.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import traceback
from importlib.util import find_spec
from pathlib import Path

from fuzzing.generating import tried
from fuzzing.targets import DATA, TARGETS, Target, quiet

KEPT = Path(__file__).parents[2] / "build" / "fuzz"
_LONGEST = 4096  # bytes of an input
_AT_ONCE = 500  # inputs that are generated before the clock is looked at
_DONE = re.compile(r"#(\d+)\s+DONE\s+cov: (\d+)")


def main(names: list[str]) -> int:
    """Try the targets that are named, or all; the status to end with."""
    quiet()
    seconds = int(os.environ.get("FUZZ_SECONDS", "600"))
    guided = find_spec("atheris") is not None
    chosen = [one for one in TARGETS if not names or one.name in names]
    sound = [(_guided if guided else _generated)(one, seconds) for one in chosen]
    return int(not all(sound) or not chosen)


def _guided(target: Target, seconds: int) -> bool:
    """Let atheris lead; its inputs are kept, so that the next run begins with them."""
    folder = KEPT / target.name
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, raw in enumerate(target.seeds):
        (corpus / f"seed-{number}").write_bytes(raw)
    pieces = folder / "pieces"
    pieces.write_text("".join(f'"{_escaped(one)}"\n' for one in target.pieces))
    words = [f"-max_total_time={seconds}", f"-artifact_prefix={folder}/", f"-dict={pieces}"]
    words += [f"-max_len={_LONGEST}", "-timeout=20", "-rss_limit_mb=4096", str(corpus)]
    found = DATA / "fuzz" / target.name
    words += [str(found)] if found.is_dir() else []
    command = [sys.executable, "-m", "fuzzing.guided", target.name, *words]
    done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - our own words
    said = done.stderr.decode(errors="replace") + done.stdout.decode(errors="replace")
    count = _DONE.search(said)
    inputs, reached = count.groups() if count else ("?", "?")
    _write(target, f"atheris · {seconds} s · {inputs} inputs · {reached} edges", done.returncode)
    if done.returncode:
        sys.stderr.write(said[said.rfind("=== Uncaught") :][:4000])
    return done.returncode == 0


def _generated(target: Target, seconds: int) -> bool:
    """Generate inputs until the time is over."""
    end, rounds = time.monotonic() + seconds, 0
    try:
        while time.monotonic() < end:
            tried(target, _AT_ONCE, rounds)
            rounds += 1
    except Exception:  # noqa: BLE001 - whatever it is, it is what was looked for
        traceback.print_exc()
        _write(target, f"hypothesis · {seconds} s", 1)
        return False
    _write(target, f"hypothesis · {seconds} s · {rounds * _AT_ONCE} inputs", 0)
    return True


def _escaped(raw: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in raw)


def _write(target: Target, figures: str, status: int) -> None:
    outcome = f"broken, see {KEPT / target.name}" if status else "nothing broken"
    sys.stdout.write(f"{target.name} · {figures} · {outcome}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
