"""Strict reading of YAML: what two YAML readers could take for two things is refused.

The tree is built from PyYAML's events rather than by its constructors: so every node keeps its
line, nothing is resolved behind the editor's back, and no alias is ever expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import yaml

from knowledge.errors import (
    Alias,
    Fault,
    KeyNotText,
    LookAlike,
    NotUtf8,
    RepeatedKey,
    SecondDocument,
    Spot,
    Syntax,
    Tab,
    Tag,
    TooDeep,
    TooLarge,
    Unreadable,
)

CAP = 4_000_000
DEPTH = 16

Scalar: TypeAlias = "str | int | float | bool | date | None"


class Broken:
    """The value of a node whose fault is already known, so that nobody reports it again."""


BROKEN = Broken()


class Node(NamedTuple):
    """A value with the line it stands on; children are nodes too."""

    value: Scalar | list[Node] | dict[str, Node] | Broken
    line: int
    source: str = ""


class Reading(NamedTuple):
    """What a file holds (None for a file that cannot be parsed) and every fault found."""

    root: Node | None
    faults: tuple[Fault, ...]


class Form(NamedTuple):
    """A way of writing that YAML 1.1 or 1.2 reads as something else than text."""

    pattern: re.Pattern[str]
    other: str
    plain: str


# Accepted forms are tried first; whatever else one of these patterns takes is refused.
INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
FORMS = (
    Form(re.compile(r"(?i)yes|no|on|off|y|n"), "a boolean", "true or false"),
    Form(re.compile(r"(?i)true|false"), "a boolean", "true or false"),
    Form(re.compile(r"(?i)null"), "nothing", "null"),
    Form(re.compile(r"[-+]?0o?[0-9_]+"), "an octal number", "it without the leading 0"),
    Form(re.compile(r"(?i)[-+]?0[xb][0-9a-f_]+"), "a hex or binary number", "it in decimals"),
    Form(re.compile(r"[-+]?[0-9][0-9_]*(:[0-9]+)+(\.[0-9_]*)?"), "a base-60 number", "one number"),
    Form(re.compile(r"[-+]?[0-9.]*[0-9]_[0-9_.]*"), "a number with _", "it without _"),
    Form(re.compile(r"(?i)[-+]?(\.[0-9]+|[0-9]+\.?[0-9]*)e[-+]?[0-9]+"), "a float", "it in full"),
    Form(re.compile(r"[-+]?(\.[0-9]+|[0-9]+\.)|\+[0-9.]+|-0"), "a number", "digits only"),
    Form(re.compile(r"(?i)[-+]?\.inf|\.nan"), "infinity or no number", "a number"),
    Form(re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*"), "a date", "it as 2023-10-01"),
    Form(re.compile(r"=|<<"), "a YAML merge or default", "the keys out"),
)


def read(path: Path, name: str) -> Reading:
    """Read a YAML file into a tree of nodes; `name` is what the faults call the file."""
    try:
        with path.open("rb") as file:
            data = file.read(CAP + 1)
            size = path.stat().st_size
    except OSError as error:
        return failed(Unreadable(Spot(name, 1), reason=error.strerror))
    if len(data) > CAP:
        return failed(TooLarge(Spot(name, 1), size=size, cap=CAP))
    return read_bytes(data, name)


def read_bytes(data: bytes, name: str) -> Reading:
    """Read the bytes of a YAML file, as `read` does."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return failed(NotUtf8(Spot(name, line, value=repr(data[error.start : error.end]))))
    tabs = tuple(
        Tab(Spot(name, number, value=line.strip()), column=line.index("\t") + 1)
        for number, line in enumerate(text.splitlines(), 1)
        if "\t" in line
    )
    return Reading(None, tabs) if tabs else parse(text, name)


def failed(fault: Fault) -> Reading:
    """Make the reading of a file of which nothing can be used."""
    return Reading(None, (fault,))


def parse(text: str, name: str) -> Reading:
    """Turn the text of one YAML document into nodes."""
    builder = Builder(name, yaml.parse(text, Loader=yaml.CSafeLoader))
    try:
        root = builder.document()
    except yaml.YAMLError as error:
        return Reading(None, (*builder.faults, syntax(error, text, name)))
    except TooDeep as fault:
        return Reading(None, (*builder.faults, fault))
    return Reading(root, tuple(builder.faults))


def syntax(error: yaml.YAMLError, text: str, name: str) -> Syntax:
    """Turn PyYAML's own error into a fault with a line."""
    mark = getattr(error, "problem_mark", None)
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    line = mark.line + 1 if mark else text.count("\n", 0, getattr(error, "position", 0) or 0) + 1
    lines = text.splitlines()
    value = lines[line - 1].strip() if line <= len(lines) else ""
    return Syntax(Spot(name, line, value=value), reason=reason)


def plain(node: Node) -> Any:  # noqa: ANN401 - what YAML holds has no narrower type
    """Return the value of a node with its children, without lines."""
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [plain(child) for child in node.value]
    return node.value


def is_whole(node: Node) -> bool:
    """Tell whether nothing in a node was refused."""
    if isinstance(node.value, dict):
        return all(map(is_whole, node.value.values()))
    if isinstance(node.value, list):
        return all(map(is_whole, node.value))
    return not isinstance(node.value, Broken)


class Builder:
    """Builds nodes from the events of one document and collects the faults met on the way."""

    def __init__(self, name: str, events: Iterator[yaml.Event]) -> None:
        self.name = name
        self.events = events
        self.faults: list[Fault] = []

    def document(self) -> Node:
        """Read the only document; an empty one is a node without value."""
        next(self.events)
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return Node(None, 1)
        root = self.node(next(self.events), 0, "")
        next(self.events)
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            self.faults.append(SecondDocument(self.spot(after, "")))
        return root

    def node(self, event: yaml.Event, depth: int, key: str) -> Node:
        """Build the node that begins with this event."""
        line = line_of(event)
        if depth > DEPTH:
            raise TooDeep(self.spot(event, key), depth=DEPTH)
        known = len(self.faults)
        self.refuse_marks(event, key)
        if isinstance(event, yaml.MappingStartEvent):
            return Node(self.mapping(depth, key), line)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(self.sequence(depth, key), line)
        if isinstance(event, yaml.ScalarEvent) and len(self.faults) == known:
            return self.scalar(event, key)
        return Node(BROKEN, line)

    def refuse_marks(self, event: yaml.Event, key: str) -> None:
        """Refuse anchors, aliases and tags."""
        if isinstance(event, yaml.NodeEvent) and event.anchor:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            self.faults.append(Alias(self.spot(event, key, f"{sign}{event.anchor}")))
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag:
            self.faults.append(Tag(self.spot(event, key, event.tag)))

    def sequence(self, depth: int, key: str) -> list[Node]:
        """Read the items up to the end of the list."""
        items: list[Node] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.node(event, depth + 1, f"{key}[{len(items)}]"))
        return items

    def mapping(self, depth: int, key: str) -> dict[str, Node]:
        """Read the pairs up to the end of the mapping; of a repeated key the first is kept."""
        pairs: dict[str, Node] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            name = self.name_of(event, depth, key)
            path = f"{key}.{name}" if key else name
            child = self.node(next(self.events), depth + 1, path)
            if name in pairs:
                self.faults.append(RepeatedKey(self.spot(event, path), first=pairs[name].line))
            pairs.setdefault(name, child._replace(line=line_of(event)))
        return pairs

    def name_of(self, event: yaml.Event, depth: int, key: str) -> str:
        """Read a key. Keys are always text here, so `yes:` and `no:` need no quotes."""
        if not isinstance(event, yaml.ScalarEvent):
            self.faults.append(KeyNotText(self.spot(event, key)))
            self.node(event, depth + 1, key)
            return "?"
        self.refuse_marks(event, key)
        if event.value == "<<" and event.implicit[0]:
            self.faults.append(Alias(self.spot(event, key, "<<")))
        return str(event.value)

    def scalar(self, event: yaml.ScalarEvent, key: str) -> Node:
        """Read a text, number, boolean, date or nothing; refuse what only looks like one."""
        line, text = line_of(event), str(event.value)
        if not event.implicit[0]:
            return Node(text, line, text)
        try:
            return Node(meant(text), line, text)
        except ValueError:
            self.faults.append(self.look_alike(event, key))
            return Node(BROKEN, line)

    def look_alike(self, event: yaml.ScalarEvent, key: str) -> LookAlike:
        """Say what a refused plain value could be taken for."""
        text = str(event.value)
        form = next((form for form in FORMS if form.pattern.fullmatch(text)), FORMS[-2])
        spot = self.spot(event, key, text)
        return LookAlike(spot, other=form.other, value=text, plain=form.plain)

    def spot(self, event: yaml.Event, key: str, value: str = "") -> Spot:
        """Say where an event stands."""
        return Spot(self.name, line_of(event), key, value)


def line_of(event: yaml.Event) -> int:
    """Return the line, from 1, on which an event begins."""
    return event.start_mark.line + 1 if event.start_mark else 1


def meant(text: str) -> Scalar:
    """Return what an unquoted value means; ValueError where readers would disagree."""
    if text in WORDS:
        return WORDS[text]
    if INTEGER.fullmatch(text) and text != "-0":
        return int(text)
    if DECIMAL.fullmatch(text):
        return float(text)
    if DAY.fullmatch(text):
        return date.fromisoformat(text)
    if any(form.pattern.fullmatch(text) for form in FORMS):
        raise ValueError(text)
    return text
