"""The cards of what is no disease: rules, offices, platforms, documents, and lists of a region."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bot.compose.figures import month
from bot.compose.offices import district_name, place_text
from bot.compose.wording import known, say
from bot.desk.lines import source_of, told
from bot.desk.phrases import phrase
from bot.desk.shapes import EntryCard, Field, Link
from bot.desk.sheets import Sheet, Written, copied, documents, found, old, proofs
from knowledge.pack import GENERAL, Pack
from knowledge.schema import Citation, Faq, Material, Source, Statement


class Body(Struct, frozen=True, kw_only=True):
    """What parts one kind of entry from another: its name, its first line, its parts."""

    title: str
    lead: str
    written: tuple[Written, ...]
    script: str
    fields: tuple[Field, ...] = ()
    points: tuple[str, ...] = ()
    ordered: bool = False
    related: tuple[Link, ...] = ()


def entry_card(on: Sheet, kind: str, id_: str) -> EntryCard:
    """The card of an entry. Raises LookupError for one that the region does not have."""
    makers = {
        "rule": _rule,
        "office": _office,
        "platform": _platform,
        "document": _document,
        "region": _list,
    }
    if kind not in makers:
        raise LookupError(kind)
    body = makers[kind](on, id_)
    pack, first = on.pack, body.written[0][1]
    general = phrase("general") if pack.region.id == GENERAL else ""
    shown = [phrase("line", who=field.label, what=field.value) for field in body.fields]
    return EntryCard(
        kind=kind,
        id=id_,
        region=pack.region.id,
        region_name=pack.region.name,
        title=body.title,
        name=body.title,
        group=phrase(f"kind_{kind}"),
        documents=documents(pack, body.written),
        proofs=proofs(pack, body.written),
        day=on.day.isoformat(),
        old=old(on, first),
        script=tuple(s for s in (body.script, general, told(source_of(pack, first))) if s),
        copy=copied(on, body.title, [general, body.lead, *shown, *body.points], body.written),
        related=body.related,
        lead=body.lead,
        fields=body.fields,
        points=body.points,
        ordered=body.ordered,
        general=general,
    )


def _rule(on: Sheet, id_: str) -> Body:
    faq = found(on.pack.faqs, id_)
    return Body(
        title=faq.title,
        lead=faq.says,
        written=(("rule", faq.cite, faq.certainty),),
        script=phrase("script_rule", title=faq.title, says=faq.says),
        fields=tuple(_conditions(on, faq)),
        points=_said(faq.points),
    )


def _said(statements: tuple[Statement, ...]) -> tuple[str, ...]:
    return tuple(one.says for one in statements)


def _conditions(on: Sheet, faq: Faq) -> Iterator[Field]:
    """For what a rule holds, in the names of the packs."""
    for slot, values in faq.when.items():
        names = "、".join(value_name(on.pack, slot, value) for value in values)
        yield Field(phrase("field_when"), names)


def value_name(pack: Pack, slot: str, value: str) -> str:
    """What a value of a slot is called: dialysis → 透析; an unknown one as it stands."""
    if slot in {"scheme", "population", "hospital"} and known(value):
        return say(value)
    names: dict[str, dict[str, str]] = {
        "disease": {one.id: one.short for one in pack.diseases},
        "district": {one.id: one.name for one in pack.districts},
        "platform": {one.id: one.name for one in pack.platforms},
        "region": {pack.region.id: pack.region.name},
        "channel": {one.channel: one.name for one in pack.procedures},
    }
    return names.get(slot, {}).get(value, value)


def _office(on: Sheet, id_: str) -> Body:
    office = found(on.pack.offices, id_)
    name, kind = district_name(on.pack, office.district), office.account.kind
    fields = {
        "hall": office.hall,
        "window": office.window,
        f"account_{kind}": office.account.name,
        "note": office.note.says if office.note else None,
    }
    place = place_text(office)
    return Body(
        title=say("office_lead", name=name),
        lead=office.address,
        written=(("office", office.cite, "stated"),),
        script=phrase("script_office", district=name, address=place)
        + say(f"account_lead_{kind}", district=name, name=office.account.name)
        + (office.note.says if office.note else ""),
        fields=tuple(Field(phrase(f"field_{one}"), text) for one, text in fields.items() if text),
    )


def _platform(on: Sheet, id_: str) -> Body:
    platform = found(on.pack.platforms, id_)
    ways = [one for one in on.pack.procedures if one.platform == id_]
    kind = phrase(f"platform_{platform.kind}")
    path = platform.path or next((one.path for one in ways if one.path), None)
    fields = (Field(phrase("field_kind"), kind),) if path else ()
    written: list[Written] = [("rule", platform.cite, "stated")]
    written += [("steps", one.cite, "stated") for one in ways]
    return Body(
        title=platform.name,
        lead=path or kind,
        written=tuple(written),
        script=phrase("script_rule", title=platform.name, says=path or kind),
        fields=fields,
        points=tuple(step.says for one in ways for step in one.steps),
        ordered=True,
    )


def _document(on: Sheet, id_: str) -> Body:
    source: Source = found(on.pack.sources, id_)
    fields = (
        Field(phrase("field_issuer"), source.issuer or say("no_issuer")),
        Field(phrase("field_issued"), month(source.issued)),
        Field(phrase("field_authority"), phrase(f"authority_{source.authority}")),
    )
    cite = Citation(source=source.id, place=source.places[0].id)
    return Body(
        title=source.title,
        lead=source.note or phrase(f"authority_{source.authority}"),
        written=(("source", cite, "stated"),),
        script="",
        fields=fields,
        points=tuple(place.name for place in source.places),
    )


def _list(on: Sheet, id_: str) -> Body:
    """A list of a region: its papers, its diseases, its offices."""
    if id_ not in {"materials", "diseases", "address"}:
        raise LookupError(id_)
    pack = on.pack
    title = phrase(f"region_{id_}")
    if id_ == "materials":
        return _papers(pack, title)
    cites: tuple[Written, ...]
    if id_ == "diseases":
        links = tuple(
            Link("disease", one.id, pack.region.id, one.short, one.name) for one in pack.diseases
        )
        cites = tuple(("entry", one.cite, "stated") for one in pack.diseases)
    else:
        links = tuple(
            Link(
                "office", one.id, pack.region.id, district_name(pack, one.district), place_text(one)
            )
            for one in pack.offices
        )
        cites = tuple(("office", one.cite, "stated") for one in pack.offices)
    if not links:
        raise LookupError(id_)
    names = "、".join(link.title for link in links)
    lines = tuple(phrase("line", who=link.title, what=link.line) for link in links)
    return Body(
        title=title,
        lead=names,
        written=cites,
        script=phrase("script_rule", title=title, says=names),
        points=lines if id_ == "address" else (),
        related=links,
    )


def _papers(pack: Pack, title: str) -> Body:
    papers = tuple(_paper(one) for one in pack.materials)
    if not papers:
        raise LookupError("materials")
    names = "、".join(one.name for one in pack.materials)
    written: tuple[Written, ...] = tuple(("material", m.cite, "stated") for m in pack.materials)
    return Body(
        title=title,
        lead=say("materials_title", region=pack.region.name, count=len(papers)),
        written=written,
        script=phrase("script_rule", title=title, says=names),
        points=papers,
        ordered=True,
    )


def _paper(paper: Material) -> str:
    more = say("optional") if paper.optional else ""
    return f"{paper.name}{more}" + (f"：{paper.detail}" if paper.detail else "")
