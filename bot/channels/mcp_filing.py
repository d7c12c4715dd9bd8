"""Where to file and what to bring, for an assistant."""

from __future__ import annotations

from http import HTTPStatus

from bot.channels.mcp_asking import region_of
from bot.channels.mcp_records import (
    Named,
    OfficeAsked,
    OfficeFound,
    OfficeRecord,
    Paper,
    PapersAsked,
    PapersFound,
    Way,
)
from bot.channels.mcp_said import Case, asking, case_of, named_region, text_of
from bot.channels.mcp_wording import phrase
from bot.compose import decline, filing, offices
from bot.compose.figures import joined
from bot.compose.part import Part, cited, joint
from bot.messages import Cited
from bot.naming import disease_named, district_named
from bot.problems import Problem
from bot.resources import Resources
from bot.web import word
from knowledge.pack import Pack
from knowledge.schema import Citation, Material, Office, Procedure


def find_office(resources: Resources, asked: OfficeAsked) -> OfficeFound:
    """The office of a district. Raises Problem and Refused for what is not known."""
    case = case_of(resources, _region(resources, asked))
    ask = asking("address")
    found: tuple[Office, ...] = ()
    if case.pack.offices:
        district = district_named([case.pack], asked.district)
        ask = asking("address", district=district)
        found = tuple(one for one in case.pack.offices if one.district == district)
    part = offices.address(case.context, ask)
    return OfficeFound(
        case.region,
        case.context.day,
        tuple(_office(case, one) for one in found),
        text_of(case, part),
        part.citations,
    )


def _region(resources: Resources, asked: OfficeAsked) -> str:
    """The region that was said, else the one whose district it is: no two share a name."""
    if asked.region is not None:
        return region_of(resources, asked.region)
    packs = resources.service.library.packs
    district = district_named(packs, asked.district)
    return next(p.region.id for p in packs for one in p.districts if one.id == district)


def _office(case: Case, one: Office) -> OfficeRecord:
    return OfficeRecord(
        Named(one.district, offices.district_name(case.pack, one.district)),
        one.address, one.hall, one.window, one.account,
        one.note.says if one.note else None,
        _cited(case, case.pack, one.cite),
    )  # fmt: skip


def list_materials(resources: Resources, asked: PapersAsked) -> PapersFound:
    """The papers of a region, or general advice where it has none of its own.

    Raises Problem and Refused for what is not known.
    """
    case = case_of(resources, region_of(resources, asked.region))
    pack = filing.speaking(case.context, "materials") or case.pack
    ways = _procedures(case)
    wanted = _wanted(asked.procedure, ways)
    unlisted = _unlisted(case, asked.disease)
    papers = () if unlisted else tuple(one for one in pack.materials if one.topic == "filing")
    part = unlisted or filing.materials(case.context, asking("materials"))
    if wanted and not unlisted:
        speaks = filing.speaking(case.context, "procedures") or case.pack
        part = joint([part, filing.stepwise(case.context, speaks, wanted)])
    return PapersFound(
        case.region,
        named_region(pack),
        case.context.day,
        tuple(_paper(case, pack, one) for one in papers),
        tuple(_way(case, one) for one in wanted if not unlisted),
        tuple(Named(one.id, one.name) for one in ways),
        "\n".join([text_of(case, part), *_ways_text(ways)]),
        part.citations,
    )


def _unlisted(case: Case, said: str | None) -> Part | None:
    """That the region's document does not list a disease; None where it does, or lists none."""
    if said is None:
        return None
    id_ = disease_named([case.pack, *case.context.library.packs], said)
    listed = {one.id for one in case.pack.diseases}
    if not listed or id_ in listed:
        return None
    return decline.unlisted(case.context, asking("materials", disease=id_))


def _procedures(case: Case) -> tuple[Procedure, ...]:
    speaks = filing.speaking(case.context, "procedures")
    return tuple(one for one in speaks.procedures if one.topic == "filing") if speaks else ()


def _wanted(said: str | None, known: tuple[Procedure, ...]) -> list[Procedure]:
    """The procedures of an id, a name, a channel or a platform. Raises Problem for another."""
    if said is None:
        return []
    wanted = said.strip().casefold()
    found = [
        one
        for one in known
        if wanted in {one.id, one.name.casefold(), one.channel, one.platform or one.id}
    ]
    if found:
        return found
    shown = (word("named", name=one.name, id=one.id) for one in known)
    raise Problem(
        "unknown_value",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        key="procedure",
        field="procedure",
        said=said.strip()[:40],
        known=word("wrong_and").join(shown) or word("none_known"),
    )


def _paper(case: Case, pack: Pack, one: Material) -> Paper:
    return Paper(one.id, one.name, one.detail, one.optional, _cited(case, pack, one.cite))


def _way(case: Case, one: Procedure) -> Way:
    pack = case.context.library.pack(one.region)
    steps = tuple(step.says for step in one.steps)
    return Way(
        one.id, one.name, one.channel, one.platform, one.path, steps, _cited(case, pack, one.cite)
    )


def _ways_text(ways: tuple[Procedure, ...]) -> list[str]:
    """Which procedures may be asked for; none where there are none."""
    if not ways:
        return []
    return [phrase("ways", ways=joined(word("named", name=w.name, id=w.id) for w in ways))]


def _cited(case: Case, pack: Pack, cite: Citation) -> tuple[Cited, ...]:
    return cited(case.context.library, pack.region.id, [cite])
