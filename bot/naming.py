"""What a request names by id or by name → its id; Problem that says which there are otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from http import HTTPStatus

from bot.errors import InputError
from bot.problems import Problem
from bot.regions import region_id
from bot.web import word
from knowledge.pack import Library, Pack
from knowledge.schema import Disease, District


def region_named(library: Library, said: str) -> str:
    """The id of a region. Raises Problem for one that there is not."""
    try:
        return region_id(library, said)
    except InputError as error:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        raise Problem("region", status, key="region", why=error) from error


def disease_named(packs: Sequence[Pack], said: str) -> str:
    """The id of a disease that one of the packs lists. Raises Problem for one that none lists."""
    listed = [disease for pack in packs for disease in pack.diseases]
    return _named("disease", said, [(one, (one.short, one.name, *one.aliases)) for one in listed])


def district_named(packs: Sequence[Pack], said: str) -> str:
    """The id of a district of one of the packs. Raises Problem for one that none has."""
    listed = [district for pack in packs for district in pack.districts]
    return _named("district", said, [(one, (one.name, *one.aliases)) for one in listed])


def _named(
    key: str, said: str, listed: Iterable[tuple[Disease | District, tuple[str, ...]]]
) -> str:
    known = list(listed)
    wanted = said.strip().casefold()
    for record, names in known:
        if wanted == record.id or wanted in {name.casefold() for name in names}:
            return record.id
    shown = dict.fromkeys(word("named", name=names[0], id=record.id) for record, names in known)
    raise Problem(
        "unknown_value",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        key=key,
        field=key,
        said=said.strip()[:40],
        known=word("wrong_and").join(shown) or word("none_known"),
    )
