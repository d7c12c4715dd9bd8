"""The tools of an assistant, one row each: its records in and out, and the function between.

Each is a plain function of what the process serves from. The words that come with the figures are
those of an answer to the same question.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from msgspec import Struct

from bot import journal, sessions
from bot.answers import reply
from bot.channels.mcp_asking import Refused, record_of, refusal
from bot.channels.mcp_benefits import calculate_reimbursement, lookup_benefit
from bot.channels.mcp_filing import find_office, list_materials
from bot.channels.mcp_records import (
    Asked,
    BenefitAsked,
    BenefitFound,
    Document,
    ExpenseAsked,
    Named,
    NothingAsked,
    OfficeAsked,
    OfficeFound,
    PapersAsked,
    PapersFound,
    Reckoned,
    RegionRecord,
    RegionsFound,
)
from bot.channels.mcp_said import named_disease
from bot.channels.mcp_wording import phrase
from bot.compose.figures import joined, month
from bot.compose.wording import say
from bot.conversing import respond
from bot.days import today
from bot.messages import Message, Reply
from bot.naming import region_named
from bot.problems import Problem
from bot.regions import region_label
from bot.resources import Resources
from knowledge.pack import FIELDS, Pack
from knowledge.schema import Term

CHANNEL = "mcp"


class Tool(Struct, frozen=True):
    """A tool: its name, what it takes, what it gives, and what it does.

    `keeps` says whether a call goes on with a conversation, so that it is not the same twice.
    """

    name: str
    takes: type[Struct]
    gives: type[Struct]
    does: Callable[[Resources, Any], Struct]
    keeps: bool = False


class Done(Struct, frozen=True):
    """What a call came to: a record and its texts; without a record it was refused."""

    texts: tuple[str, ...]
    record: Struct | None = None
    failed: bool = False


def called(resources: Resources, tool: Tool, arguments: dict[str, object]) -> Done:
    """What a tool says to these arguments. Raises StoreError."""
    try:
        asked = record_of(resources.service.library, arguments, tool.takes)
        found = tool.does(resources, asked)
    except Refused as refused:
        return Done((str(refused),), failed=True)
    except Problem as problem:
        return Done((str(refusal(problem)),), failed=True)
    if isinstance(found, Reply):
        goes_on = phrase("goes_on", session=found.session)
        return Done((found.text, goes_on), found, failed=found.kind == "error")
    return Done((str(getattr(found, "text", "")),), found)


def ask(resources: Resources, asked: Asked) -> Reply:
    """Answer a question in its conversation. Raises Problem for a bad region or session."""
    library = resources.service.library
    region = None if asked.region is None else region_named(library, asked.region)
    if asked.session is not None and not sessions.is_id(asked.session):
        raise Problem("session", HTTPStatus.UNPROCESSABLE_ENTITY, key="session")
    session = asked.session or sessions.new_id()
    message = Message(journal.new_id(), CHANNEL, session, asked.question, datetime.now(UTC))
    return reply(respond(resources, message, region=region, fresh=asked.session is None))


def list_regions(resources: Resources, _asked: NothingAsked) -> RegionsFound:
    """Every region, with what may be asked about it."""
    library = resources.service.valid(today())
    own = resources.service.region
    records = tuple(_region(pack) for pack in library.packs)
    lines = [_region_line(pack) for pack in library.packs]
    if own:
        lines.append(phrase("regions_default", region=region_label(library.pack(own).region)))
    return RegionsFound(today(), resources.packs, own, records, "\n".join(lines))


def _region(pack: Pack) -> RegionRecord:
    sources = pack.sources
    return RegionRecord(
        pack.region.id,
        pack.region.name,
        pack.region.aliases,
        tuple(Named(one.id, one.name) for one in pack.districts),
        tuple(named_disease(one) for one in pack.diseases),
        {f: len(getattr(pack, f)) for kind, f in FIELDS.items() if kind is not Term},
        tuple(
            Document(one.id, one.title, one.issuer, one.issued, one.authority, one.note)
            for one in sources
        ),
    )


def _region_line(pack: Pack) -> str:
    documents = joined(
        phrase(
            "regions_document",
            title=one.title,
            issuer=one.issuer or say("no_issuer"),
            issued=month(one.issued),
        )
        for one in pack.sources
    )
    lines = [phrase("regions_line", region=region_label(pack.region), documents=documents)]
    if pack.diseases:
        lines.append(phrase("regions_diseases", names=joined(d.short for d in pack.diseases)))
    if pack.districts:
        lines.append(phrase("regions_districts", names=joined(d.name for d in pack.districts)))
    return "\n".join(lines)


TOOLS = {
    tool.name: tool
    for tool in (
        Tool("ask", Asked, Reply, ask, keeps=True),
        Tool("lookup_benefit", BenefitAsked, BenefitFound, lookup_benefit),
        Tool("calculate_reimbursement", ExpenseAsked, Reckoned, calculate_reimbursement),
        Tool("find_office", OfficeAsked, OfficeFound, find_office),
        Tool("list_materials", PapersAsked, PapersFound, list_materials),
        Tool("list_regions", NothingAsked, RegionsFound, list_regions),
    )
}
