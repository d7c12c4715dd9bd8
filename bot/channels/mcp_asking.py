"""What a tool was called with → a record, or what to ask the person instead.

Nothing is guessed: what is missing or not known is told to the assistant, with what there is.
"""

from __future__ import annotations

from typing import TypeVar, get_args

import msgspec
from msgspec import Struct

from bot.channels.mcp_wording import phrase, phrase_of
from bot.complaints import complaint
from bot.compose.wording import say
from bot.naming import region_named
from bot.problems import Problem
from bot.regions import region_label
from bot.resources import Resources
from bot.web import word
from knowledge.pack import Library
from knowledge.schema import Hospital, Population, Scheme

Record = TypeVar("Record", bound=Struct)
_CHOICES = {
    "scheme": get_args(Scheme),
    "population": get_args(Population),
    "hospital": get_args(Hospital),
}


class Refused(Exception):
    """A call that cannot be answered as it stands; the text says what to do about it."""


def record_of(library: Library, arguments: dict[str, object], record: type[Record]) -> Record:
    """The arguments of a call as a record. Raises Refused that says what to ask the person."""
    try:
        msgspec.json.encode(arguments)  # half a character (a lone surrogate) cannot be written
    except (UnicodeEncodeError, RecursionError) as error:
        raise Refused(phrase("broken_text")) from error
    try:
        return msgspec.convert(arguments, record)
    except msgspec.ValidationError as error:
        key, why = complaint(error, record)
        raise Refused(_asking(library, key, why)) from error


def refusal(problem: Problem) -> Refused:
    """A problem of the interface, as an assistant is told it."""
    document = problem.document
    if document.type.endswith(":no_benefit"):  # nothing that a person could say would help
        return Refused(f"{document.detail}\n{phrase('not_written')}")
    asks = phrase_of(f"ask_{document.key}") if document.key else None
    return Refused("\n".join(part for part in (document.detail, asks) if part))


def region_of(resources: Resources, said: str | None) -> str:
    """The region that a call is about. Raises Refused where none is known, Problem for a wrong one.

    The deployment's own region is meant where none is said.
    """
    library = resources.service.library
    if said is not None:
        return region_named(library, said)
    if resources.service.region is None:
        raise Refused(_asking(library, "region", phrase("no_region")))
    return resources.service.region


def _asking(library: Library, key: str | None, why: str) -> str:
    """What is wrong, what to ask, and what may be said."""
    known = _known(library, key) if key else ""
    asks = phrase_of(f"ask_{key}") if key else None
    shown = phrase("known", known=known) if known else None
    return "\n".join(part for part in (why, asks, shown) if part)


def _known(library: Library, key: str) -> str:
    """The values of a field, by name and id."""
    if key == "region":
        return word("wrong_and").join(region_label(pack.region) for pack in library.local)
    if key in _CHOICES:
        return _joined([(say(one), one) for one in _CHOICES[key]])
    if key == "disease":
        return _joined([(one.short, one.id) for pack in library.packs for one in pack.diseases])
    if key == "district":
        return _joined([(one.name, one.id) for pack in library.packs for one in pack.districts])
    return ""


def _joined(named: list[tuple[str, str]]) -> str:
    shown = dict.fromkeys(word("named", name=name, id=id_) for name, id_ in named)
    return word("wrong_and").join(shown)
