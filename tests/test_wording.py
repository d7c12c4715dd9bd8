"""Every sentence that the code says exists, is used, and has its blanks filled."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from bot.compose.wording import known, say, sentences
from bot.messages import Status
from intents.names import vocabulary
from knowledge.schema import Authority, Hospital, Population, Scheme

BOT = Path(__file__).parent.parent / "bot"


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call of say, with the file and line where it stands."""
    for file in sorted(BOT.rglob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        for node in ast.walk(tree) if takes_say(tree) else ():
            match node:
                case ast.Call(func=ast.Name(id="say"), args=[_, *_]):
                    yield f"{file.relative_to(BOT.parent)}:{node.lineno}", node


def takes_say(tree: ast.Module) -> bool:
    """Whether a module's say is that of the answers; the pages have sentences of their own."""
    taken = (n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom))
    return any(n.module == "bot.compose.wording" for n in taken)


def written(node: ast.expr) -> list[str]:
    """The names that an argument can be, as patterns; none where a variable holds the name."""
    match node:
        case ast.Constant(value=str(name)):
            return [name]
        case ast.IfExp(body=body, orelse=orelse):
            return written(body) + written(orelse)
        case ast.JoinedStr(values=parts):
            return ["".join(str(p.value) if isinstance(p, ast.Constant) else "*" for p in parts)]
        case _:
            return []


def blanks(text: str) -> set[str]:
    """The blanks of a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@cache
def strings() -> set[str]:
    """Every string of the package, for names that are passed on in variables."""
    found: set[str] = set()
    for file in BOT.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            found.update(written(node) if isinstance(node, ast.JoinedStr) else [])
    return found


@cache
def data() -> set[str]:
    """Names that come from the data: values of slots, statuses, matters outside, kinds of talk."""
    kinds = {str(row["value"]) for row in vocabulary() if row["kind"] in {"outside", "talk"}}
    types = (Scheme, Population, Hospital, Status, Authority)
    return kinds | {value for one in types for value in get_args(one)}


SENTENCES = sentences()
CALLS = [(at, pattern, call) for at, call in calls() for pattern in written(call.args[0])]


@pytest.mark.parametrize(("at", "pattern"), [(at, pattern) for at, pattern, _ in CALLS])
def test_what_the_code_says_exists(at: str, pattern: str) -> None:
    """A sentence that is said by name is in the file of sentences."""
    assert any(fnmatch(name, pattern) for name in SENTENCES), f"{at} says {pattern}"


def test_every_sentence_is_said() -> None:
    """A sentence that nobody says is left from something and misleads."""
    patterns = [pattern for pattern in strings() if pattern.strip("*")]
    known_names = data()
    unsaid = [
        name
        for name in SENTENCES
        if name not in known_names and not any(fnmatch(name, pattern) for pattern in patterns)
    ]

    assert not unsaid


@pytest.mark.parametrize(
    ("at", "pattern", "call"),
    [(at, p, c) for at, p, c in CALLS if not any(k.arg is None for k in c.keywords)],
    ids=[f"{at} {p}" for at, p, c in CALLS if not any(k.arg is None for k in c.keywords)],
)
def test_the_blanks_of_a_sentence_are_filled(at: str, pattern: str, call: ast.Call) -> None:
    """Each blank is given; a name in full is given nothing that has no blank."""
    given = {keyword.arg for keyword in call.keywords}
    wanted = [blanks(text) for name, text in SENTENCES.items() if fnmatch(name, pattern)]

    assert any(one <= given for one in wanted), at
    assert "*" in pattern or given <= wanted[0], at


def test_a_sentence_is_filled_in() -> None:
    """Blanks take what is given."""
    assert "3个" in say("offices_count", count=3)
    assert "{" not in say("offices_count", count=3)


def test_an_unknown_sentence_is_an_error() -> None:
    """A name without a sentence is a mistake of the code, found at once."""
    with pytest.raises(KeyError):
        say("no-such-sentence")
    assert not known("no-such-sentence")


def test_no_sentence_is_empty() -> None:
    """Each sentence says something."""
    assert all(text.strip() for text in SENTENCES.values())


def test_figures_of_benefits_stand_in_the_packs_only() -> None:
    """No sentence of the code holds a figure of a benefit: 8000, 90 %, 35 万."""
    wrong = [name for name, text in SENTENCES.items() if re.search(r"\d+(?:%|万|元)", text)]

    assert not wrong
