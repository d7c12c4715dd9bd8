"""Are packs fit to be served: checked, audited, an engine built of them. In a process of its own.

Reading YAML and building an engine takes a second or two of computing, for which no request
should wait. So a process beside the server does it, and leaves behind what it compiled; the server
only reads that. What it found is kept as well: of several servers on a machine one does the work.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import PIPE

import msgspec
from msgspec import Struct

from bot.errors import BotError
from bot.opening import opened
from bot.settings import Settings
from intents import compiled
from intents.errors import IntentsError
from knowledge import snapshot
from knowledge.audit import audit, audit_alone
from knowledge.checks import check
from knowledge.errors import Fault, KnowledgeError, NoPacks, PackError
from knowledge.pack import Library

ROOT = Path(__file__).parents[1]
_LONGEST = 120.0  # seconds that a trial may take
_MOST = 50  # flaws that are told


class Flaw(Struct, frozen=True, omit_defaults=True):
    """What is wrong with packs: where, what, and how to mend it."""

    file: str
    line: int
    key: str
    problem: str
    mend: str = ""


class Audited(Struct, frozen=True):
    """How many facts were held against what: the documents, or only the words that they cite."""

    facts: int
    documents: bool


class Case(Struct, frozen=True):
    """Which packs are tried, with which documents, for a deployment in which region."""

    folder: Path
    cache: Path | None = None
    sources: Path | None = None
    region: str | None = None


class Trial(Struct, frozen=True):
    """What a trial came to: the fingerprint of the packs, or what is wrong with them."""

    fingerprint: str = ""
    flaws: tuple[Flaw, ...] = ()
    audited: Audited | None = None


def case_of(settings: Settings, region: str | None) -> Case:
    """What is to be tried by these settings."""
    return Case(settings.packs_folder, settings.cache_dir, settings.sources_dir, region)


async def tried(case: Case) -> Trial:
    """Try packs in a process of its own, unless somebody has just done so."""
    if found := await asyncio.to_thread(known, case):
        return found
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    surroundings = {key: text for key, text in os.environ.items() if not key.startswith("PROM")}
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.trial"),
        stdin=PIPE,
        stdout=PIPE,
        env=surroundings | {"PYTHONPATH": path},
    )
    try:
        given = msgspec.json.encode(case, enc_hook=str)
        said, _ = await asyncio.wait_for(child.communicate(given), _LONGEST)
        return msgspec.json.decode(said, type=Trial)
    except (TimeoutError, msgspec.MsgspecError) as error:
        why = f"the check did not come to an end ({type(error).__name__}, {child.returncode})"
        return Trial(flaws=(Flaw(str(case.folder), 0, "", why, "look into the log, try again"),))
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()


def known(case: Case) -> Trial | None:
    """What the last trial of exactly these packs came to, if it is kept."""
    try:
        path, key = _path(case), _key(case)
    except (NoPacks, OSError):
        return None
    found = snapshot.unsealed(path, key) if path else None
    try:
        return msgspec.msgpack.decode(found.body, type=Trial) if found else None
    except msgspec.MsgspecError:
        return None


def trial(case: Case) -> Trial:
    """Check and audit packs, and compile what a server reads."""
    with _alone(case):
        if found := known(case):
            return found
        try:
            path, key = _path(case), _key(case)
        except (NoPacks, OSError) as error:
            return Trial(flaws=(_flaw(case, error),))
        done = _done(case)
        if path and done.fingerprint:  # a fault may lie in what the key does not see
            snapshot.write(path, key, msgspec.msgpack.encode(done))
        return done


def _done(case: Case) -> Trial:
    settings = Settings(cache_dir=case.cache, packs_dir=case.folder)
    try:
        if faults := check(case.folder):
            return Trial(flaws=tuple(_flaw(case, one) for one in faults[:_MOST]))
        served = opened(case.region, settings=settings)
    except PackError as error:
        return Trial(flaws=tuple(_flaw(case, one) for one in error.faults[:_MOST]))
    except (BotError, KnowledgeError, IntentsError, OSError) as error:
        return Trial(flaws=(_flaw(case, error),))
    return _audited(case, served.library)


def _audited(case: Case, library: Library) -> Trial:
    report = audit(library, case.sources) if case.sources else audit_alone(library)
    flaws = tuple(
        Flaw(one.region, 0, f"{one.kind} {one.id}: {one.key}", one.why, str(one))
        for one in report.misses[:_MOST]
    )
    audited = Audited(report.audited, documents=case.sources is not None)
    return Trial("" if flaws else library.fingerprint, flaws, audited)


def _flaw(case: Case, error: Exception) -> Flaw:
    if isinstance(error, Fault):
        return Flaw(error.file, error.line, error.key, error.wrong, error.remedy)
    return Flaw(str(case.folder), 0, "", str(error).replace("\n", " "))


def _path(case: Case) -> Path | None:
    return snapshot.path_of(case.folder, case.cache, "trial")


def _key(case: Case) -> str:
    """A key that changes with the packs, the documents, and the code that reads them."""
    documents = sorted(one for one in case.sources.iterdir()) if case.sources else []
    made_by = f"{snapshot.key_of(case.folder)} {compiled.made_by()} {case.region} {case.sources}"
    return snapshot.marked(made_by, [one for one in documents if one.is_file()])


@contextmanager
def _alone(case: Case) -> Iterator[None]:
    """One trial of a folder at a time on this machine; without a cache each for itself."""
    path = _path(case)
    try:
        if path is None:
            raise FileNotFoundError
        snapshot.make_private(path.parent)
        held = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError:
        yield
        return
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def main() -> None:
    """Try the case that standard input names; what it came to goes to standard output."""
    os.nice(5)  # requests go first
    given = sys.stdin.buffer.read()
    case = msgspec.json.decode(given, type=Case, dec_hook=lambda kind, text: kind(text))
    sys.stdout.buffer.write(msgspec.json.encode(trial(case)))


if __name__ == "__main__":
    main()
