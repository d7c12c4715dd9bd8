"""Strict YAML: what two readers could take for two things is refused, with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge import reading
from knowledge.errors import TooLarge, Unreadable
from knowledge.reading import plain, read, read_bytes

BROKEN = sorted((Path(__file__).parent / "broken" / "reading").glob("*.yaml"))


def says(path: Path) -> str:
    """Return the words that the error of a broken file must contain, from its first line."""
    return path.read_bytes().split(b"\n")[0].decode().removeprefix("# says: ")


def value(text: str) -> object:
    """Return what a sound text holds."""
    result = read_bytes(text.encode(), "t.yaml")
    assert result.root is not None
    assert result.faults == ()
    return plain(result.root)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_every_broken_file_says_its_mistake(path: Path) -> None:
    """A broken file gives a fault with file, line, key, value and how to mend it."""
    faults = read(path, path.name).faults

    assert says(path) in "\n".join(map(str, faults))


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_one_mistake_is_one_fault(path: Path) -> None:
    """One mistake is reported once, not again by what follows from it."""
    assert len(read(path, path.name).faults) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8000", 8000),
        ("-3", -3),
        ("0", 0),
        ("2.5", 2.5),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("2023-10-01", date(2023, 10, 1)),
        ('"0512"', "0512"),
        ("'no'", "no"),
        ("8000元", "8000元"),
        ("2023-10", "2023-10"),
        ("2025.1.2", "2025.1.2"),
        ("90%", "90%"),
        ("1-3个工作日", "1-3个工作日"),
    ],
)
def test_plain_values_mean_what_they_seem(text: str, expected: object) -> None:
    """A value that every reader takes for the same thing is read as that thing."""
    read_value = value(f"a: {text}")

    assert read_value == {"a": expected}
    assert isinstance(read_value, dict)
    assert type(read_value["a"]) is type(expected)


def test_keys_are_always_text() -> None:
    """The keys yes and no need no quotes: a key is never a boolean, a number or a date."""
    assert value("yes: [a]\nno: [b]\n2023-10-01: c") == {
        "yes": ["a"],
        "no": ["b"],
        "2023-10-01": "c",
    }


def test_every_fault_is_collected() -> None:
    """One reading reports all the mistakes of a file, in their order."""
    result = read_bytes(b"a: no\nb: 0512\na: 9:00\nc: &x 1\n", "t.yaml")

    assert [fault.line for fault in result.faults] == [1, 2, 3, 3, 4]


def test_nodes_know_their_lines() -> None:
    """Every value keeps the line of its key."""
    root = read_bytes(b"a:\n  b: c\n  d:\n    - e\n    - f\n", "t.yaml").root

    assert root is not None
    assert isinstance(root.value, dict)
    inner = root.value["a"].value
    assert isinstance(inner, dict)
    assert (inner["b"].line, inner["d"].line) == (2, 3)


def test_an_empty_file_is_empty() -> None:
    """A file without content, or with comments only, holds nothing and has no fault."""
    assert value("") is None
    assert value("# nothing yet\n") is None


def test_a_byte_order_mark_is_passed_over() -> None:
    """What Windows editors put before the text is no part of the first key."""
    result = read_bytes("a: b".encode("utf-8-sig"), "t.yaml")

    assert result.root is not None
    assert plain(result.root) == {"a": "b"}


def test_a_file_over_the_cap_is_not_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file larger than any pack file has reason to be is refused by its size."""
    monkeypatch.setattr(reading, "CAP", 10)
    path = tmp_path / "big.yaml"
    path.write_text("a: 0123456789")

    (fault,) = read(path, "big.yaml").faults

    assert isinstance(fault, TooLarge)
    assert "13 bytes, over the cap of 10" in str(fault)


def test_an_absent_file_is_a_fault(tmp_path: Path) -> None:
    """A file that cannot be opened is a fault with the reason, not an exception."""
    (fault,) = read(tmp_path / "absent.yaml", "absent.yaml").faults

    assert isinstance(fault, Unreadable)
    assert "No such file" in str(fault)


def test_an_alias_bomb_costs_nothing() -> None:
    """Nested aliases are refused one by one and never expanded."""
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]

    faults = read_bytes("\n".join(lines).encode(), "t.yaml").faults

    assert len(faults) == 60 + 2 * 59
