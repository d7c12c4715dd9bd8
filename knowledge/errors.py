"""The errors of the knowledge package.

KnowledgeError
├── UnknownRegion               no pack for the region asked for
├── NoPacks                     the folder holds no pack
├── NoDocuments                 the folder of source documents is not there
├── PackError                   a pack cannot be loaded; `faults` holds every Fault
└── Fault                       one mistake at one place of a pack file
    ├── reading: Unreadable TooLarge NotUtf8 Tab Syntax SecondDocument TooDeep Alias Tag
    │            RepeatedKey KeyNotText LookAlike
    ├── loading: UnknownFile MissingFile UnknownKey MissingKey WrongType NotOneOf RegionWritten
    │            RegionMismatch
    └── checking: UnknownId RepeatedId NoWords ClaimedTwice YesAndNo Overlap NeverValid
                  WrongPopulation AgesInverted TierGap TierTwice NotAPercent NoLimit LimitTwice
                  NoRate NotOffered TwinNotMutual NotOpen NoRow

A Fault says file, line, key, value, what is wrong and how to mend it, in English: an editor of
packs reads it, never a person who asks a question.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar, NamedTuple


class Spot(NamedTuple):
    """Where a fault is: the file as the pack names it, the line from 1, the key and its value."""

    file: str
    line: int
    key: str = ""
    value: str = ""


class KnowledgeError(Exception):
    """The base of every error of this package."""


class UnknownRegion(KnowledgeError):
    """No pack has this region id."""

    def __init__(self, region: str, known: Iterable[str]) -> None:
        self.region = region
        super().__init__(f"no pack for region {region!r}; known regions: {', '.join(known)}")


class NoPacks(KnowledgeError):
    """The folder of packs is absent or holds no region."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder}: no packs here; expected <region>/pack.yaml")


class NoDocuments(KnowledgeError):
    """The folder of source documents is absent."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder}: no such folder; give the folder of the source documents")


class Fault(KnowledgeError):
    """One mistake at one place of a pack file, and how to mend it."""

    problem: ClassVar[str] = ""
    mend: ClassVar[str] = ""

    def __init__(self, at: Spot, **detail: object) -> None:
        self.at = at
        self.file, self.line, self.key, self.value = at
        self.wrong, self.remedy = self.problem.format(**detail), self.mend.format(**detail)
        self.says = f"{self.wrong}; {self.remedy}"
        named = f" {at.key}:" if at.key else ""
        shown = f" {shorten(at.value)!r}:" if at.value else ""
        super().__init__(f"{at.file}:{at.line}:{named}{shown} {self.says}")


def shorten(text: str, most: int = 60) -> str:
    """Cut a value so that one line can show it."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


class PackError(KnowledgeError):
    """A pack cannot be loaded; the message lists every fault, one a line."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        super().__init__("\n".join([f"{count} in the packs", *map(str, faults)]))


# reading


class Unreadable(Fault):
    """The file cannot be opened."""

    problem = "cannot be read ({reason})"
    mend = "make it a readable file"


class TooLarge(Fault):
    """The file is larger than any pack file has reason to be."""

    problem = "{size} bytes, over the cap of {cap}"
    mend = "split the pack or remove what does not belong there"


class NotUtf8(Fault):
    """A byte that is not UTF-8."""

    problem = "not valid UTF-8"
    mend = "save the file as UTF-8"


class Tab(Fault):
    """A tab, which YAML forbids as indentation and editors hide."""

    problem = "a tab in column {column}"
    mend = 'use spaces (inside a text write "\\t" in double quotes)'


class Syntax(Fault):
    """What the YAML parser itself refuses."""

    problem = "not YAML: {reason}"
    mend = "look at this line and the one above for a missing quote, bracket, colon or indent"


class SecondDocument(Fault):
    """A second `---` document in one file."""

    problem = "a second YAML document"
    mend = "keep one document a file and remove this ---"


class TooDeep(Fault):
    """Nesting beyond what any record needs."""

    problem = "nested more than {depth} levels deep"
    mend = "close the brackets; no record is this deep"


class Alias(Fault):
    """An anchor or alias."""

    problem = "YAML anchors and aliases are not read"
    mend = "write the value out here"


class Tag(Fault):
    """An explicit YAML tag."""

    problem = "YAML tags are not read"
    mend = "remove the tag; quote the value if it is text"


class RepeatedKey(Fault):
    """A key given twice in one mapping; plain YAML would let the last one win silently."""

    problem = "the key is already given on line {first}"
    mend = "remove one of the two"


class KeyNotText(Fault):
    """A key that is a list or a mapping."""

    problem = "a key must be plain text"
    mend = "write a name before the colon"


class LookAlike(Fault):
    """A plain value that YAML readers take for something else than it seems."""

    problem = "unquoted, YAML readers may take this for {other}"
    mend = 'quote it ("{value}") if it is text, else write {plain}'


# loading


class UnknownFile(Fault):
    """A file that no record kind reads."""

    problem = "no record kind is read from this file"
    mend = "{hint}"


class MissingFile(Fault):
    """A region folder without its pack.yaml."""

    problem = "the region has no pack.yaml"
    mend = "add one with region, version and sources"


class UnknownKey(Fault):
    """A key that the record does not have."""

    problem = "{record} has no such key"
    mend = "{hint}"


class MissingKey(Fault):
    """A required key that is absent or empty."""

    problem = "{record} needs this key"
    mend = "add {key}: {expected}"


class WrongType(Fault):
    """A value of the wrong type."""

    problem = "expected {expected}, found {found}"
    mend = "{hint}"


class NotOneOf(Fault):
    """A value outside a fixed list."""

    problem = "not one of {allowed}"
    mend = "{hint}"


class RegionWritten(Fault):
    """A record that names its region, which is the folder's to say."""

    problem = "the region comes from the folder"
    mend = "remove this key"


class RegionMismatch(Fault):
    """A pack.yaml whose region id is not its folder's name."""

    problem = "the folder is named {folder!r}"
    mend = "write id: {folder}, or rename the folder"


# checking


class UnknownId(Fault):
    """A reference to a record that does not exist."""

    problem = "no {kind} has this id"
    mend = "{hint}"


class RepeatedId(Fault):
    """An id used twice by one kind in one region."""

    problem = "this {kind} id is already used at {first}"
    mend = "give one of the two another id"


class NoWords(Fault):
    """A citation that names a place but no words to find there."""

    problem = "a citation without words"
    mend = "add words: [the shortest words of the document that carry the fact]"


class ClaimedTwice(Fault):
    """A phrasing that two entries of one region claim."""

    problem = "this phrasing is already claimed by {other!r} at {first}"
    mend = "keep it in one of the two, or make their `when` exclude each other"


class YesAndNo(Fault):
    """A phrasing of one entry listed under both yes and no."""

    problem = "the same phrasing is listed under yes"
    mend = "keep it under the polarity of its right answer"


class Overlap(Fault):
    """Two records of the same axes that hold on the same day."""

    problem = "holds on the same days as {other!r} ({first}) for the same {axes}"
    mend = "end one with until (the first day it no longer holds), or narrow its {axes}"


class NeverValid(Fault):
    """A validity that ends before it begins."""

    problem = "until is not after since ({since})"
    mend = "write the first day on which it no longer holds"


class WrongPopulation(Fault):
    """A population that the scheme does not have."""

    problem = "scheme {scheme} has only {allowed}"
    mend = "use one of these, or change the scheme"


class AgesInverted(Fault):
    """An age band that ends before it begins, or begins below 0."""

    problem = "the band ends at {through}, before it begins at {since}"
    mend = "swap since and through"


class TierGap(Fault):
    """Tiers of a rate that leave out or cover twice some yearly total."""

    problem = "begins above {above}, but the tier before it goes up to {upto}"
    mend = "let every tier begin where the one before it ends, the first at nothing"


class TierTwice(Fault):
    """Tiers that mix a general rate with rates by hospital."""

    problem = "some tiers name a hospital and some do not"
    mend = "name the hospital in every tier or in none"


class NotAPercent(Fault):
    """A rate outside 0 to 100."""

    problem = "not a percentage from 0 to 100"
    mend = "write whole percent, 90 for 90 %"


class NoLimit(Fault):
    """An offered benefit that neither states a limit nor says what is open about it."""

    problem = "the benefit is neither limited nor explained"
    mend = "give limit: yuan, unlimited: true, or certainty: ambiguous with open"


class LimitTwice(Fault):
    """A limit that is both a figure and none."""

    problem = "a limit cannot hold yuan and be unlimited"
    mend = "remove one of the two"


class NoRate(Fault):
    """An offered benefit without a rate."""

    problem = "the benefit has no rate, or one without tiers that is not ambiguous"
    mend = "give rate: tiers, or rate: certainty ambiguous with open and row"


class NotOffered(Fault):
    """A benefit that is not offered and yet has figures."""

    problem = "offered: false cannot have {key}"
    mend = "remove {key}, or remove offered: false"


class TwinNotMutual(Fault):
    """A twin that does not name its twin back."""

    problem = "{twin!r} does not list {disease!r} among its twins"
    mend = "add {disease} to the twins of {twin}"


class NotOpen(Fault):
    """An ambiguous value that does not say what the document leaves open."""

    problem = "ambiguous without open"
    mend = "say in open what the document leaves unsettled"


class NoRow(Fault):
    """An ambiguous rate that does not show its row."""

    problem = "ambiguous without row"
    mend = "give row: the table row as printed, cells joined with |"
