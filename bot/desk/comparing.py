"""Two sides next to each other: two diseases, two schemes, or one disease in two regions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from bot.compose.figures import yuan
from bot.compose.wording import say
from bot.desk.diseases import cells_of, limit_figure, opens, shares
from bot.desk.lines import document, source_of, whose
from bot.desk.phrases import phrase
from bot.desk.sheets import found
from bot.service import Service
from knowledge.pack import Pack
from knowledge.schema import POPULATIONS, Benefit, Disease

_FACTS = ("limit", "rate", "deductible")


class Row(Struct, frozen=True):
    """One thing that is compared: a line for each cell on the left and on the right."""

    label: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    same: bool
    gap: str = ""


class Comparison(Struct, frozen=True):
    """Two sides by their names, row by row, and the whole as text."""

    left: str
    right: str
    rows: tuple[Row, ...]
    day: str
    copy: str


class Side(Struct, frozen=True):
    """What stands on one side: a disease of a region, under one scheme or all."""

    pack: Pack
    disease: Disease
    scheme: str
    cells: tuple[Benefit, ...]

    @property
    def name(self) -> str:
        """What the side is called."""
        fields = {"region": self.pack.region.name, "disease": self.disease.short}
        if self.scheme:
            return phrase("side_scheme", **fields, scheme=say(self.scheme))
        return phrase("side_disease", **fields)


def comparison(served: Service, day: date, left: str, right: str) -> Comparison:
    """Two sides, each as `region/disease` or `region/disease/scheme`.

    Raises LookupError for a disease or scheme that there is not, UnknownRegion for a region.
    """
    one, other = _side(served, day, left), _side(served, day, right)
    rows = tuple(_rows(one, other))
    lines = [phrase("copy_compared", left=one.name, right=other.name), *map(_line, rows)]
    copy = "\n".join([*lines, phrase("copy_day", day=day.isoformat())])
    return Comparison(one.name, other.name, rows, day.isoformat(), copy)


def _line(row: Row) -> str:
    left, right = "；".join(row.left), "；".join(row.right)
    if row.same:
        return phrase("line", who=row.label, what=left)
    return phrase("copy_row", label=row.label, left=left, right=right)


def _side(served: Service, day: date, said: str) -> Side:
    region, disease, scheme = [*said.split("/"), "", ""][:3]
    pack = served.valid(day).pack(region)
    if scheme and scheme not in POPULATIONS:
        raise LookupError(scheme)
    known = found(pack.diseases, disease)
    cells = tuple(c for c in cells_of(pack, disease) if scheme in {"", c.scheme})
    return Side(pack, known, scheme, cells)


def _rows(left: Side, right: Side) -> Iterator[Row]:
    if left.disease.name != right.disease.name:
        yield _row("row_name", left.disease.name, right.disease.name)
    if left.disease.kind != right.disease.kind:
        kinds = (phrase(f"kind_{side.disease.kind}") for side in (left, right))
        yield _row("row_kind", *kinds)
    schemes = [""] if left.scheme or right.scheme else [*POPULATIONS]
    for scheme in schemes:
        for fact in _FACTS:
            yield from _of_fact(left, right, scheme, fact)
    for name, told in (("open", _opens), ("condition", _conditions), ("ceiling", _ceilings)):
        yield from _told(f"row_{name}", told(left), told(right))
    yield _row("row_document", *(_document(side) for side in (left, right)))


def _row(name: str, left: str, right: str) -> Row:
    return Row(phrase(name), (left,), (right,), left == right)


def _told(name: str, left: tuple[str, ...], right: tuple[str, ...]) -> Iterator[Row]:
    """What one side or both have to say; nothing where neither has."""
    none = (phrase("nothing"),)
    if left or right:
        yield Row(phrase(name), left or none, right or none, left == right)


def _of_fact(left: Side, right: Side, scheme: str, fact: str) -> Iterator[Row]:
    """One fact of one scheme on both sides; nothing where neither side has anything to say."""
    sides = [tuple(c for c in s.cells if scheme in {"", c.scheme}) for s in (left, right)]
    if not any(sides) or (fact == "deductible" and not any(c.deductible for s in sides for c in s)):
        return
    names = [_values(side, cells, fact) for side, cells in zip((left, right), sides, strict=True)]
    label = phrase(f"fact_{fact}")
    if scheme:
        label = phrase("row_cell", who=say(scheme), fact=label)
    gap = _gap(*sides) if fact == "limit" else ""
    yield Row(label, names[0], names[1], names[0] == names[1], gap)


def _values(side: Side, cells: tuple[Benefit, ...], fact: str) -> tuple[str, ...]:
    """What a side says of a fact, a line for all cells that say the same."""
    if not cells:
        return (phrase("not_listed" if side.cells else "not_written"),)
    grouped: dict[str, list[str]] = {}
    for cell in cells:
        grouped.setdefault(_value(cell, fact), []).append(whose(cell))
    if len(grouped) == 1:
        return tuple(grouped)
    return tuple(phrase("line", who="、".join(who), what=what) for what, who in grouped.items())


def _value(cell: Benefit, fact: str) -> str:
    if not cell.offered:
        return say("none")
    if fact == "limit":
        return limit_figure(cell.limit)
    if fact == "deductible":
        one = cell.deductible
        return say("deductible", days=one.days, yuan=yuan(one.yuan)) if one else phrase("nothing")
    shown = shares(cell.rate)
    if not shown:
        return phrase("rate_open")
    return "，".join(f"{one.reach} {one.percent}".strip() for one in shown)


def _gap(left: tuple[Benefit, ...], right: tuple[Benefit, ...]) -> str:
    """By how much two limits differ; "" where a side has none or several."""
    if len({c.limit.counts_inpatient for c in (*left, *right) if c.limit}) > 1:
        return ""  # 35万 counts inpatient costs too: no figure to subtract the other from
    figures = [{c.limit.yuan for c in side if c.limit and c.offered} for side in (left, right)]
    if any(len(one) != 1 for one in figures):
        return ""
    first, second = (one.pop() for one in figures)
    if first is None or second is None or first == second:
        return ""
    return phrase("gap", yuan=yuan(abs(first - second)))


def _opens(side: Side) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.text for cell in side.cells for one in opens(cell)))


def _conditions(side: Side) -> tuple[str, ...]:
    return tuple(one.says for one in side.disease.conditions)


def _ceilings(side: Side) -> tuple[str, ...]:
    schemes = {cell.scheme for cell in side.cells if cell.offered}
    return tuple(one.says for one in side.pack.ceilings if one.scheme in schemes)


def _document(side: Side) -> str:
    return document(source_of(side.pack, side.disease.cite))
