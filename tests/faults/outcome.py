"""What a case came to: one line for a person, and whether all of it was as it must be."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct


class Outcome(Struct, frozen=True):
    """What was done, over which storage, the figures, and what was not as it must be."""

    what: str
    over: str
    figures: tuple[str, ...]
    wrong: tuple[str, ...] = ()

    def __str__(self) -> str:
        line = f"{self.what} · {self.over} · {', '.join(self.figures)}"
        return f"FAILED {line} · {'; '.join(self.wrong)}" if self.wrong else line


class Case(Struct, frozen=True):
    """A fault by its name, and what tries it: as large as it should be, or `quick`."""

    name: str
    run: Callable[..., Iterable[Outcome]]


def wrong(**expected: bool) -> tuple[str, ...]:
    """The names of what does not hold."""
    return tuple(name.replace("_", " ") for name, holds in expected.items() if not holds)
