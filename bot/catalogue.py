"""The knowledge as data: regions, diseases, offices, benefits, documents, with their citations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from http import HTTPStatus
from typing import Annotated, Literal, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType, json
from starlette.requests import Request
from starlette.responses import Response

from bot.days import today
from bot.etags import etag_of, tagged
from bot.naming import disease_named, district_named, region_named
from bot.problems import Problem
from bot.queries import query_of
from bot.requests import resources_of
from bot.resources import Resources
from knowledge.benefits import cells_of, of_age
from knowledge.pack import Pack
from knowledge.schema import (
    Authority,
    Benefit,
    Disease,
    District,
    Office,
    Population,
    Region,
    Scheme,
    Source,
)

Value = TypeVar("Value")
Age = Annotated[int, Meta(ge=0, le=150)]


class Filter(Struct, frozen=True, forbid_unknown_fields=True):
    """What a list is narrowed by: a region, by id or by name."""

    region: str | UnsetType = UNSET


class DiseaseFilter(Filter, frozen=True, forbid_unknown_fields=True):
    """What the diseases are narrowed by."""

    disease: str | UnsetType = UNSET
    kind: Literal["special", "chronic", "filing"] | UnsetType = UNSET


class OfficeFilter(Filter, frozen=True, forbid_unknown_fields=True):
    """What the offices are narrowed by; `day` is today unless it is said."""

    district: str | UnsetType = UNSET
    day: date | UnsetType = UNSET


class BenefitFilter(Filter, frozen=True, forbid_unknown_fields=True):
    """What the benefits are narrowed by; `age` in completed years, `day` as for offices."""

    disease: str | UnsetType = UNSET
    scheme: Scheme | UnsetType = UNSET
    population: Population | UnsetType = UNSET
    age: Age | UnsetType = UNSET
    day: date | UnsetType = UNSET


class Covered(Struct, frozen=True):
    """A region with its districts, the ids of its documents, and the version of its pack."""

    region: Region
    version: str
    districts: tuple[District, ...]
    sources: tuple[str, ...]


class Regions(Struct, frozen=True):
    """Every region, on a day; `packs` names the state of the knowledge."""

    as_of: date
    packs: str
    regions: tuple[Covered, ...]


class Diseases(Struct, frozen=True):
    """The diseases that were asked for."""

    as_of: date
    packs: str
    diseases: tuple[Disease, ...]


class Offices(Struct, frozen=True):
    """The offices that were asked for."""

    as_of: date
    packs: str
    offices: tuple[Office, ...]


class Benefits(Struct, frozen=True):
    """The benefits that were asked for."""

    as_of: date
    packs: str
    benefits: tuple[Benefit, ...]


class Placed(Struct, frozen=True):
    """A named part of a document, as citations name it by its id."""

    id: str
    name: str


class SourceRecord(Struct, frozen=True):
    """A document: who issued it and when, how far it can be trusted, and its parts."""

    id: str
    region: str
    title: str
    issuer: str | None
    issued: str
    authority: Authority
    since: date
    note: str | None
    places: tuple[Placed, ...]


async def regions(request: Request) -> Response:
    """List the regions."""
    wanted = query_of(request, Filter)
    packs = _packs(request, wanted, today())
    found = tuple(
        Covered(pack.region, pack.version, pack.districts, tuple(one.id for one in pack.sources))
        for pack in packs
    )
    return _sent(request, wanted, today(), lambda state: Regions(today(), state, found))


async def diseases(request: Request) -> Response:
    """List the diseases."""
    wanted, day = query_of(request, DiseaseFilter), today()
    packs = _packs(request, wanted, day)
    id_ = _disease(request, packs, wanted.disease)
    found = tuple(
        one
        for pack in packs
        for one in pack.diseases
        if id_ in (None, one.id) and wanted.kind in (UNSET, one.kind)
    )
    return _sent(request, wanted, day, lambda state: Diseases(day, state, found))


async def offices(request: Request) -> Response:
    """List the offices."""
    wanted = query_of(request, OfficeFilter)
    day = _day(wanted.day)
    packs = _packs(request, wanted, day)
    library = resources_of(request).service.library
    id_ = None if wanted.district is UNSET else district_named(library.packs, wanted.district)
    found = tuple(one for pack in packs for one in pack.offices if id_ in (None, one.district))
    return _sent(request, wanted, day, lambda state: Offices(day, state, found))


async def benefits(request: Request) -> Response:
    """List the benefits."""
    wanted = query_of(request, BenefitFilter)
    day = _day(wanted.day)
    packs = _packs(request, wanted, day)
    id_ = _disease(request, packs, wanted.disease)
    listed = [cell for pack in packs for cell in pack.benefits if id_ in (None, cell.disease)]
    scheme, population = _or_none(wanted.scheme), _or_none(wanted.population)
    cells = of_age(cells_of(listed, scheme=scheme, population=population), _or_none(wanted.age))
    return _sent(request, wanted, day, lambda state: Benefits(day, state, cells))


async def source(request: Request) -> Response:
    """Describe one document."""
    query_of(request, Nothing)
    library, id_ = resources_of(request).service.library, request.path_params["id"]
    found = {one.id: (pack, one) for pack in library.packs for one in pack.sources}
    if id_ not in found:
        raise Problem("source", HTTPStatus.NOT_FOUND, id=id_[:80])
    etag = etag_of(library.fingerprint, request.url.path)
    return tagged(request, etag, lambda: record_of_source(*found[id_]))


def record_of_source(pack: Pack, one: Source) -> SourceRecord:
    """A document of a pack, as it is shown."""
    places = tuple(Placed(place.id, place.name) for place in one.places)
    return SourceRecord(
        one.id, pack.region.id, one.title, one.issuer, one.issued, one.authority, one.since,
        one.note, places,
    )  # fmt: skip


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """No parameters at all."""


def packs_on(resources: Resources, day: date) -> Sequence[Pack]:
    """Every pack as it is on a day; another day than today is not kept at hand."""
    served = resources.service
    return (served.valid(day) if day == today() else served.library.at(day)).packs


def _packs(request: Request, wanted: Filter, day: date) -> Sequence[Pack]:
    """The packs that a filter leaves. Raises Problem for an unknown region."""
    resources = resources_of(request)
    packs = packs_on(resources, day)
    if wanted.region is UNSET:
        return packs
    id_ = region_named(resources.service.library, wanted.region)
    return [pack for pack in packs if pack.region.id == id_]


def _disease(request: Request, packs: Sequence[Pack], said: str | UnsetType) -> str | None:
    """The id of the disease that a filter names, as the packs in question call it.

    One that only other packs list leaves an empty list. Raises Problem for one that none lists.
    """
    if said is UNSET:
        return None
    return disease_named([*packs, *resources_of(request).service.library.packs], said)


def _day(said: date | UnsetType) -> date:
    return today() if said is UNSET else said


def _or_none(said: Value | UnsetType) -> Value | None:
    return None if said is UNSET else said


def _sent(request: Request, wanted: Filter, day: date, make: Callable[[str], object]) -> Response:
    resources = resources_of(request)
    path = request.url.path
    filters = json.encode(wanted, order="deterministic").decode()
    etag = etag_of(resources.service.library.fingerprint, path, filters, day.isoformat())
    return tagged(request, etag, lambda: make(resources.packs))
