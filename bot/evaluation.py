"""Judge question files: run each conversation, hold the last reply against what it must hold."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import yaml
from msgspec import Struct

from bot.answers import plain
from bot.errors import InputError
from bot.messages import Answer
from bot.service import Service, turn
from intents.dialogue import State


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
        raise InputError(str(path), "找不到这个文件或文件夹，请检查路径")
    files = sorted(f for f in path.rglob("*") if f.suffix in {".yaml", ".yml", ".jsonl"}) if path.is_dir() else [path]
    if not files:
        raise InputError(str(path), "里面没有问题文件（.yaml 或 .jsonl）")
    for file in files:
        for number, row in enumerate(_rows(file), 1):
            try:
                yield msgspec.convert(row, Case)
            except msgspec.ValidationError as error:
                raise InputError(f"{file} 第 {number} 条", str(error)) from error


def _rows(file: Path) -> Iterable[Any]:
    try:
        text = file.read_text("utf-8")
        if file.suffix == ".jsonl":
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        return yaml.load(text, Loader=yaml.CSafeLoader) or []
    except (OSError, UnicodeDecodeError, ValueError, yaml.YAMLError) as error:
        raise InputError(str(file), f"读不出来（{error}）") from error


def converse(served: Service, case: Case, day: date) -> Answer:
    """The last reply of a conversation."""
    state = State()
    when = date.fromisoformat(case.day) if case.day else day
    for text in case.turns:
        done = turn(served, state, text, day=when, region=case.region)
        state = done.state
    return done.answer


def judge(case: Case, answer: Answer) -> Verdict:
    """Hold a reply against its case."""
    text = plain(answer)
    faults = []
    if answer.kind not in case.expect.split("|") and answer.status not in case.expect.split("|"):
        faults.append(f"kind {answer.status}, not {case.expect}")
    missing = [p for p in case.must if not re.search(p, text)]
    wrong = [p for p in case.must_not if re.search(p, text)]
    faults += [f"lacks {p}" for p in missing] + [f"holds {p}" for p in wrong]
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


def tallies(verdicts: Iterable[Verdict]) -> dict[str, dict[str, Tally]]:
    """Counts in all, by topic and by style."""
    found: dict[str, dict[str, Tally]] = {"all": defaultdict(Tally), "topic": defaultdict(Tally), "style": defaultdict(Tally)}
    for verdict in verdicts:
        found["all"]["all"].add(verdict)
        found["topic"][verdict.case.topic].add(verdict)
        found["style"][verdict.case.style].add(verdict)
    return found
