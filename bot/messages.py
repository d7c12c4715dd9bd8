"""What comes in and what goes out: Message, Answer and its parts, free of any channel."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

Status = Literal[
    "answered", "answered_partly", "clarify_region", "clarify_slot", "clarify_topic",
    "declined_unknown", "declined_out_of_scope", "declined_medical", "declined_personal",
    "smalltalk", "handover", "error",
]  # fmt: skip


class Message(Struct, frozen=True):
    """One message of a person: by which channel, in which session, and when it came.

    `address` says where the person can be written to of one's own accord, as the channel wrote
    it; it is sealed before it is kept. Empty where the channel has no such place. `key` names the
    message where its sender may send it again without knowing whether it came.
    """

    id: str
    channel: str
    session: str
    text: str
    received: datetime
    address: bytes = b""
    key: str = ""


class Text(Struct, frozen=True, tag="text", tag_field="kind"):
    """A line or a paragraph."""

    text: str


class Steps(Struct, frozen=True, tag="steps", tag_field="kind"):
    """What to do, in order."""

    title: str
    items: tuple[str, ...]


class Items(Struct, frozen=True, tag="list", tag_field="kind"):
    """Points without an order."""

    items: tuple[str, ...]


class Table(Struct, frozen=True, tag="table", tag_field="kind"):
    """Rows under a head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Spot(Struct, frozen=True, tag="place", tag_field="kind"):
    """An office: its name, its address with hall and window, and its online account."""

    name: str
    address: str
    online: str
    note: str | None = None


class Sum(Struct, frozen=True, tag="sum", tag_field="kind"):
    """A calculation, a line a step; the last line is the result."""

    lines: tuple[str, ...]


Block = Text | Steps | Items | Table | Spot | Sum


class Cited(Struct, frozen=True):
    """A citation as a reader sees it; `issued` as the source gives it (2023-10)."""

    source: str
    title: str
    issuer: str | None
    issued: str
    authority: str
    place: str


class Option(Struct, frozen=True):
    """A choice that is offered: what it is called, and what choosing it says."""

    label: str
    say: str


class Answer(Struct, frozen=True):
    """What is answered: how it ended, its blocks, where it is written, what may be chosen.

    `packs` is the state of the knowledge that answered, in twelve letters.
    """

    status: Status
    blocks: tuple[Block, ...]
    citations: tuple[Cited, ...] = ()
    options: tuple[Option, ...] = ()
    topic: str = ""
    slots: dict[str, str] = {}
    confidence: float = 0.0
    as_of: str = ""
    session: str = ""
    why: tuple[str, ...] = ()
    packs: str = ""

    @property
    def kind(self) -> str:
        """The group of the status, as in charts and in the interface."""
        return self.status.partition("_")[0]


class Understood(Struct, frozen=True):
    """What a question was taken to ask: its topic and slots, and how sure that is (0 to 1)."""

    topic: str
    slots: dict[str, str]
    confidence: float


class Reply(Struct, frozen=True):
    """An answer as data: the contract of the command line, HTTP and batch.

    `text` is complete in itself; `blocks` are the same as parts that a channel renders. `packs` is
    the state of the knowledge that answered, in twelve letters.
    """

    kind: str
    status: Status
    text: str
    blocks: tuple[Block, ...]
    citations: tuple[Cited, ...]
    options: tuple[Option, ...]
    understood: Understood
    as_of: str
    session: str
    packs: str
