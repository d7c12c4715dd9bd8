"""One target under atheris, led by what inputs reach: NAME, then the words of libFuzzer."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["bot", "intents", "knowledge"]):
    from fuzzing.targets import TARGETS, quiet

if __name__ == "__main__":
    quiet()
    target = next(one for one in TARGETS if one.name == sys.argv[1])
    atheris.Setup([sys.argv[0], *sys.argv[2:]], target.run)
    atheris.Fuzz()
