"""Judge question files: run each conversation, hold the last reply against what it must hold."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import msgspec
import yaml
from msgspec import Struct, structs

from bot.answers import plain
from bot.days import day_of
from bot.errors import InputError
from bot.messages import Answer, Status
from bot.regions import region_id
from bot.service import Service, turn
from bot.terminal import tell
from intents.dialogue import State
from knowledge.pack import Library

_STATUSES = frozenset(get_args(Status))
ENDS = _STATUSES | {status.partition("_")[0] for status in _STATUSES}
_SUFFIXES = frozenset({".yaml", ".yml", ".jsonl"})


class Case(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One question or conversation: kinds allowed, and patterns the last reply must (not) hold."""

    id: str
    turns: tuple[str, ...]
    expect: str
    region: str | None = None
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    topic: str = ""
    style: str = "plain"
    day: str | None = None


class Verdict(Struct, frozen=True):
    """A case with its last reply and what was wrong with it; `wrong` where a wrong fact stood."""

    case: Case
    kind: str
    text: str
    faults: tuple[str, ...]
    wrong: bool

    @property
    def right(self) -> bool:
        """Whether nothing was wrong."""
        return not self.faults


def read_cases(path: Path) -> Iterator[Case]:
    """The cases of a file (YAML, or JSON lines) or of all files of a folder. Raises InputError."""
    if not path.exists():
        raise InputError(tell("no_file", path=path))
    files = [path]
    if path.is_dir():
        files = sorted(f for f in path.rglob("*") if f.suffix in _SUFFIXES and f.is_file())
    if not files:
        raise InputError(tell("no_questions", path=path))
    for file in files:
        for number, row in enumerate(_rows(file), 1):
            try:
                yield _checked(msgspec.convert(row, Case))
            except (msgspec.ValidationError, InputError) as error:
                raise InputError(tell("bad_case", path=file, number=number, why=error)) from error


def _rows(file: Path) -> list[Any]:
    try:
        text = file.read_text("utf-8")
        if file.suffix == ".jsonl":
            return [json.loads(line) for line in text.split("\n") if line.strip()]
        rows = yaml.load(text, Loader=yaml.CSafeLoader) or []
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise InputError(tell("unreadable", path=file, why=error)) from error
    if not isinstance(rows, list):
        raise InputError(tell("not_cases", path=file))
    return rows


def _checked(case: Case) -> Case:
    """The case, if it can be run. Raises InputError for what no type can show to be wrong."""
    if not case.turns:
        raise InputError(tell("case_turns"))
    for end in case.expect.split("|"):
        if end not in ENDS:
            raise InputError(tell("case_expect", kind=end))
    for pattern in (*case.must, *case.must_not):
        try:
            re.compile(pattern)
        except re.error as error:
            raise InputError(tell("case_pattern", pattern=pattern, why=error)) from error
    if case.day is not None:
        day_of(case.day)
    return case


def placed(library: Library, case: Case) -> Case:
    """The case with the id of its region. Raises InputError for a region that is not known."""
    if case.region is None:
        return case
    return structs.replace(case, region=region_id(library, case.region))


def verdicts(served: Service, cases: Iterable[Case], day: date) -> Iterator[Verdict]:
    """Run and judge every case. Raises InputError for a region that is not known."""
    for case in cases:
        yield judge(case, converse(served, placed(served.library, case), day))


def converse(served: Service, case: Case, day: date) -> Answer:
    """The last reply of a conversation."""
    state = State()
    when = day_of(case.day) if case.day else day
    for text in case.turns:
        done = turn(served, state, text, day=when, region=case.region)
        state = done.state
    return done.answer


def judge(case: Case, answer: Answer) -> Verdict:
    """Hold a reply against its case."""
    text = plain(answer)
    faults = []
    if not {answer.kind, answer.status} & set(case.expect.split("|")):
        faults.append(tell("fault_kind", status=answer.status, expect=case.expect))
    missing = [p for p in case.must if not re.search(p, text)]
    wrong = [p for p in case.must_not if re.search(p, text)]
    faults += [tell("fault_lacks", pattern=p) for p in missing]
    faults += [tell("fault_holds", pattern=p) for p in wrong]
    return Verdict(case, answer.kind, text, tuple(faults), bool(wrong))


class Tally(Struct):
    """Counts of a group of cases."""

    cases: int = 0
    right: int = 0
    wrong_facts: int = 0
    abstained: int = 0
    false_refusals: int = 0

    def add(self, verdict: Verdict) -> None:
        """Count one verdict."""
        self.cases += 1
        self.right += verdict.right
        self.wrong_facts += verdict.wrong
        refused = verdict.kind in {"declined", "error"}
        self.abstained += refused or verdict.kind == "clarify"
        self.false_refusals += refused and "declined" not in verdict.case.expect

    @property
    def accuracy(self) -> float:
        """The share of right cases, in percent; 100 where there are none."""
        return 100 * self.right / self.cases if self.cases else 100.0


Tallies = dict[str, dict[str, Tally]]


def tallies(judged: Iterable[Verdict]) -> Tallies:
    """Counts in all, by topic and by style."""
    found: Tallies = {
        "all": defaultdict(Tally),
        "topic": defaultdict(Tally),
        "style": defaultdict(Tally),
    }
    for verdict in judged:
        found["all"]["all"].add(verdict)
        found["topic"][verdict.case.topic].add(verdict)
        found["style"][verdict.case.style].add(verdict)
    return found
