"""What an evaluation came to: a table of the tallies, and the misses one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from bot.errors import MissedAim
from bot.evaluation import Tallies, Tally, Verdict
from bot.terminal import aligned, tell

_HEAD = ("cases", "right", "accuracy", "wrong_facts", "abstained", "false_refusals")


def table(counted: Tallies) -> str:
    """In all, by topic and by style: one aligned table, the largest group first."""
    head = tuple(tell(f"score_{name}") for name in _HEAD)
    return "\n\n".join(
        aligned([(tell(f"score_{group}"), *head), *_rows(members)])
        for group, members in counted.items()
    )


def _rows(members: dict[str, Tally]) -> list[tuple[str, ...]]:
    ordered = sorted(members.items(), key=lambda item: (-item[1].cases, item[0]))
    return [
        (tell("score_all") if name == "all" else name or tell("blank"), *_figures(tally))
        for name, tally in ordered
    ]


def _figures(tally: Tally) -> tuple[str, ...]:
    counts = (tally.wrong_facts, tally.abstained, tally.false_refusals)
    return (str(tally.cases), str(tally.right), percent(tally.accuracy), *map(str, counts))


def percent(share: float) -> str:
    """A share as it is shown: 97.3%."""
    return f"{share:.1f}%"


def misses(judged: Sequence[Verdict], most: int) -> str:
    """The cases that went wrong, at most so many of them."""
    wrong = [verdict for verdict in judged if not verdict.right]
    if not wrong:
        return tell("score_no_misses")
    name = "score_misses" if len(wrong) <= most else "score_misses_shown"
    lead = tell(name, count=len(wrong), shown=most)
    return "\n\n".join([lead, *map(_miss, wrong[:most])])


def _miss(verdict: Verdict) -> str:
    said = " / ".join(_line(text) for text in verdict.case.turns)
    faults = [f"  ✗ {fault}" for fault in verdict.faults]
    return "\n".join([f"{verdict.case.id}  {said}", *faults, f"  → {first_line(verdict.text)}"])


def first_line(text: str) -> str:
    """The first line of a text that is not blank."""
    return next((line for line in text.splitlines() if line.strip()), "")


def _line(text: str, most: int = 160) -> str:
    """A text in one line, cut where it is long."""
    joined = " ".join(text.split())
    return joined if len(joined) <= most else f"{joined[: most - 1]}…"


def as_data(counted: Tallies, judged: Sequence[Verdict], most: int) -> dict[str, Any]:
    """The same as data."""
    wrong = [verdict for verdict in judged if not verdict.right]
    groups = {
        group: {name: _counts(tally) for name, tally in sorted(members.items())}
        for group, members in counted.items()
    }
    overall = _counts(counted["all"].get("all", Tally()))
    return {**groups, "all": overall, "misses": [_data(verdict) for verdict in wrong[:most]]}


def _counts(tally: Tally) -> dict[str, Any]:
    return {**msgspec.to_builtins(tally), "accuracy": round(tally.accuracy, 2)}


def _data(verdict: Verdict) -> dict[str, Any]:
    return {
        "id": verdict.case.id,
        "turns": list(verdict.case.turns),
        "kind": verdict.kind,
        "faults": list(verdict.faults),
        "reply": verdict.text,
    }


def hold(counted: Tallies, least: float | None) -> None:
    """Raise MissedAim where the accuracy is below the least that is asked for."""
    accuracy = counted["all"].get("all", Tally()).accuracy
    if least is not None and accuracy < least:
        raise MissedAim(percent(accuracy), percent(least))
