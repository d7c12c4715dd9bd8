"""The names of all values: from the packs, and from this package's vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from intents.beyond import PART
from intents.errors import TopicError
from intents.lexicon import Name
from knowledge.pack import Library, Pack
from knowledge.schema import Material, Office

VOCABULARY = Path(__file__).parent / "vocabulary"
NOT = "{not}"
_NEGATIONS = tuple(
    "没有 没 不 未 还没 还没有 尚未 无需 不用 没到 还没到 没到要 还没到要 不到 还不到 没走到 "
    "还没走到 暂时不用 暂不 还不用 没开始 还没开始 没轮到 不是 "
    "未使 唔使 唔需要 毋须 无须 不必 没必要 犯不着 "
    "未曾 不曾 从未 从没 从来没 从来没有 一直没 一直没有 还未 还不 还不需要 不需要 并未 并没有 "
    "暂未 暂时没 暂时没有 暂时不 暂时不需要 用不着 还用不着 暂时用不着 没在 没有在 不在 压根没 "
    "弗 弗曾 还弗曾 弗用 弗要 勿 勿曾 还勿曾 勿用 勿要 朆 朆曾 呒没 呒不 "
    "冇 冇得 仲未 仲冇 未有 唔洗 唔需 毋需".split()
)
# A road or a building of an address, by which people know the place.
_LANDMARK = re.compile(r"(?!号)[^\W\d_号楼]{2,6}?(?:路|大厦|广场)")
_BUILDING = ("大厦", "广场")
_SHORT = 4
# How the name of a paper ends that is a form to be filled in.
_FORM = ("表", "表》", "表格")
_CHOICE = re.compile(r"[{}]")
_KEYS = {"kind", "value", "names", "reason", "label", "always", "patterns"}


def _called(kind: str, value: str, name: str, aliases: Iterable[str]) -> Iterator[Name]:
    yield Name(kind, value, name)
    for alias in aliases:
        if NOT in alias:
            yield from (Name(kind, value, alias.replace(NOT, no), alias=True) for no in _NEGATIONS)
        else:
            yield Name(kind, value, alias, alias=True)


def _without_district(pack: Pack, address: str) -> str:
    """An address without the names of its city and district: 姑苏区平泷路 → 平泷路."""
    for name in (pack.region.name + "市", *(one.name for one in pack.districts)):
        address = address.removeprefix(name)
    return address


def pack_names(pack: Pack) -> Iterator[Name]:
    """Every name that a pack gives to its region, districts, diseases, platforms, papers, terms."""
    yield from _of_places(pack)
    for disease in pack.diseases:
        yield from _called("disease", disease.id, disease.name, (disease.short, *disease.aliases))
    for platform in pack.platforms:
        yield from _called("platform", platform.id, platform.name, platform.aliases)
    for material in pack.materials:
        yield from _called("material", material.name, material.name, material.aliases)
        yield from _forms(material)
    for hotline in pack.hotlines:
        yield Name("hotline", hotline.id, hotline.number)
    for term in pack.terms:
        yield from _called(term.slot, term.value, term.name, term.aliases)


def member_names(library: Library) -> Iterator[Name]:
    """Every name of what a disease takes in; one of any pack names its like in all of them.

    做放疗 is a name of 放疗 in one pack, and so of 放射治疗, 放疗 in another.
    """
    members = [
        (d.disease, m) for pack in library.packs for d in pack.definitions for m in d.members
    ]
    for disease, member in members:
        own = {member.name, *member.aliases}
        like = [
            name
            for of, other in members
            if of == disease and not own.isdisjoint((other.name, *other.aliases))
            for name in (other.name, *other.aliases)
        ]
        others = dict.fromkeys(name for name in like if name != member.name)
        yield from _called("member", f"{disease}:{member.name}", member.name, others)


_WAYS = ("公众号", "微信", "微信公众号")  # 苏州医保公众号 is the account, and not any account


def _of_places(pack: Pack) -> Iterator[Name]:
    region = pack.region
    yield from _called("region", region.id, region.name, region.aliases)
    for district in pack.districts:
        yield from _called("district", district.id, district.name, district.aliases)
    for office in pack.offices:
        for landmark in _landmarks(pack, office):
            yield Name("landmark", office.district, landmark)
        name = office.account.name
        ways = _WAYS if office.account.kind == "wechat" else ()
        yield from _called("account", name, name, tuple(name + way for way in ways))


def _landmarks(pack: Pack, office: Office) -> Iterator[str]:
    """The roads and buildings of an address; a building also by its last four characters."""
    for landmark in _LANDMARK.findall(_without_district(pack, office.address)):
        yield landmark
        short = landmark[-_SHORT:]
        others = (one.address for one in pack.offices if one is not office)
        if len(landmark) > _SHORT and landmark.endswith(_BUILDING) and short not in "".join(others):
            yield short  # 中新汇金大厦 is 汇金大厦 to those who go there


def _forms(material: Material) -> Iterator[Name]:
    """The names of a paper that is a form to be filled in are also words for a form."""
    forms = (name for name in (material.name, *material.aliases) if name.endswith(_FORM))
    yield from (Name("cue", "form", name, alias=True) for name in forms)


def vocabulary(folder: Path = VOCABULARY) -> tuple[dict[str, Any], ...]:
    """The rows of every vocabulary file. Raises TopicError for an unknown key or an empty name."""
    rows: list[dict[str, Any]] = []
    for file in sorted(folder.glob("*.yaml")):
        for row in yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader):
            if unknown := set(row) - _KEYS:
                raise TopicError(file.name, str(row.get("value")), unknown, "no such key")
            for text in (row["kind"], row["value"], *row["names"], *row.get("patterns", ())):
                if not isinstance(text, str):  # YAML read 12333 or true as something else
                    raise TopicError(
                        file.name, str(row["value"]), text, "quote it: it must be text"
                    )
            rows.append(row)
    return tuple(rows)


def all_names(library: Library, rows: Iterable[dict[str, Any]]) -> Iterator[Name]:
    """Every name of every value, packs first."""
    for pack in library.packs:
        yield from pack_names(pack)
    yield from member_names(library)
    for row in rows:
        written = (name for one in row["names"] for name in each(one))
        for number, name in enumerate(written if row["kind"] != PART else ()):
            yield Name(row["kind"], row["value"], name, number > 0)


def each(name: str) -> Iterator[str]:
    """The names that one line stands for: {几天|多久}{内|以内} stands for four."""
    parts = (part.split("|") for part in _CHOICE.split(name))
    yield from map("".join, product(*parts))
