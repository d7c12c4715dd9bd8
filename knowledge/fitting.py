"""Does a tree of nodes fit a record type? Every misfit is a fault, not just the first.

msgspec stops at the first mistake and knows no lines; this walks the same types and says all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from knowledge.errors import Fault, MissingKey, NotOneOf, Spot, UnknownKey, WrongType
from knowledge.reading import Broken, Node

SCALARS: dict[type[inspect.Type], tuple[type, str]] = {
    inspect.StrType: (str, "text"),
    inspect.IntType: (int, "a whole number"),
    inspect.BoolType: (bool, "true or false"),
    inspect.DateType: (date, "a date such as 2023-10-01"),
}


@cache
def shape(kind: type[msgspec.Struct]) -> inspect.Type:
    """Return the type information of a record, once."""
    return inspect.type_info(kind)


def fit(node: Node, kind: type[msgspec.Struct], file: str) -> list[Fault]:
    """Return every way in which a node is not a record of this kind."""
    return list(misfits(node, shape(kind), Spot(file, node.line)))


def misfits(node: Node, wanted: inspect.Type, at: Spot) -> Iterator[Fault]:
    """Walk a node along a type; `at` names the file and the key so far."""
    at = at._replace(line=node.line, value=show(node))
    if isinstance(node.value, Broken) or isinstance(wanted, inspect.AnyType):
        return
    if isinstance(wanted, inspect.UnionType):
        yield from misfits_of_optional(node, wanted, at)
    elif isinstance(wanted, inspect.StructType):
        yield from misfits_of_record(node, wanted, at)
    elif isinstance(wanted, inspect.VarTupleType):
        yield from misfits_of_list(node, wanted, at)
    elif isinstance(wanted, inspect.DictType):
        yield from misfits_of_dict(node, wanted, at)
    elif isinstance(wanted, inspect.LiteralType):
        if node.value not in wanted.values:
            yield not_one_of(wanted, at)
    elif not of_scalar(node, wanted):
        yield wrong_type(node, wanted, at)


def misfits_of_optional(node: Node, wanted: inspect.UnionType, at: Spot) -> Iterator[Fault]:
    """`X | None`: nothing at all fits, anything else must fit X."""
    if node.value is not None:
        (inner,) = (t for t in wanted.types if not isinstance(t, inspect.NoneType))
        yield from misfits(node, inner, at)


def misfits_of_record(node: Node, wanted: inspect.StructType, at: Spot) -> Iterator[Fault]:
    """A mapping with the record's keys: none unknown, none missing."""
    if not isinstance(node.value, dict):
        yield wrong_type(node, wanted, at)
        return
    fields = {field.name: field for field in wanted.fields}
    name = wanted.cls.__name__
    for key, child in node.value.items():
        spot = Spot(at.file, child.line, under(at.key, key), show(child))
        if key not in fields:
            yield UnknownKey(spot, record=name, hint=hint_of_key(key, child, fields))
        elif child.value is None and fields[key].required and not optional(fields[key].type):
            yield MissingKey(spot, record=name, key=key, expected=expects(fields[key].type))
        else:
            yield from misfits(child, fields[key].type, spot)
    for field in fields.values():
        if field.required and field.name not in node.value:
            spot = at._replace(key=under(at.key, field.name), value="")
            yield MissingKey(spot, record=name, key=field.name, expected=expects(field.type))


def misfits_of_list(node: Node, wanted: inspect.VarTupleType, at: Spot) -> Iterator[Fault]:
    """A list whose every item fits."""
    if not isinstance(node.value, list):
        yield wrong_type(node, wanted, at)
        return
    for index, item in enumerate(node.value):
        yield from misfits(item, wanted.item_type, at._replace(key=f"{at.key}[{index}]"))


def misfits_of_dict(node: Node, wanted: inspect.DictType, at: Spot) -> Iterator[Fault]:
    """A mapping with keys of its own whose every value fits."""
    if not isinstance(node.value, dict):
        yield wrong_type(node, wanted, at)
        return
    for key, child in node.value.items():
        yield from misfits(child, wanted.value_type, at._replace(key=under(at.key, key)))


def of_scalar(node: Node, wanted: inspect.Type) -> bool:
    """Tell whether a single value is of the wanted type; True is no number here."""
    made, _ = SCALARS[type(wanted)]
    return type(node.value) is made


def wrong_type(node: Node, wanted: inspect.Type, at: Spot) -> WrongType:
    """Make the fault of a value of the wrong type."""
    return WrongType(at, expected=expects(wanted), found=kind_of(node), hint=cure(node, wanted))


def cure(node: Node, wanted: inspect.Type) -> str:
    """Say how to write a value so that it becomes what is wanted."""
    if isinstance(wanted, inspect.VarTupleType) and not isinstance(node.value, dict):
        return f"put it in brackets: [{show(node)}]"
    if isinstance(wanted, inspect.StrType) and node.source:
        return f'quote it: "{node.source}"'
    if isinstance(wanted, inspect.IntType | inspect.BoolType | inspect.DateType) and node.source:
        return f"write {expects(wanted)}, without quotes or units"
    return f"write {expects(wanted)}"


def not_one_of(wanted: inspect.LiteralType, at: Spot) -> NotOneOf:
    """Make the fault of a value outside a fixed list."""
    allowed = [str(value) for value in wanted.values]
    return NotOneOf(at, allowed=", ".join(allowed), hint=hint_of(at.value, allowed))


def hint_of_key(key: str, child: Node, fields: Iterable[str]) -> str:
    """Suggest the key that was meant, or the quotes that were forgotten."""
    if child.value is None and not nearest(key, fields):
        return "is it the rest of a text? A comma inside { } begins a new key: quote that text"
    return hint_of(key, fields)


def optional(wanted: inspect.Type) -> bool:
    """Tell whether nothing at all is a value of this type."""
    return isinstance(wanted, inspect.UnionType) and wanted.includes_none


def hint_of(word: str, known: Iterable[str]) -> str:
    """Suggest the nearest known word, else list them all."""
    known = sorted(known)
    near = nearest(word, known)
    return f"did you mean {near}?" if near else f"known: {', '.join(known) or 'none'}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that a typo was most likely meant to be."""
    return next(iter(get_close_matches(word, list(known), n=1)), None)


def expects(wanted: inspect.Type) -> str:
    """Say what a type takes, in words."""
    if isinstance(wanted, inspect.UnionType):
        return expects(wanted.types[0])
    if isinstance(wanted, inspect.StructType):
        required = (field.name for field in wanted.fields if field.required)
        return f"a mapping with {', '.join(required)}"
    if isinstance(wanted, inspect.VarTupleType):
        return f"a list, each {expects(wanted.item_type)}"
    if isinstance(wanted, inspect.LiteralType):
        return f"one of {', '.join(map(str, wanted.values))}"
    if type(wanted) in SCALARS:
        return SCALARS[type(wanted)][1]
    return "a mapping"


def kind_of(node: Node) -> str:
    """Name what a node holds."""
    names: dict[type[Any], str] = {
        dict: "a mapping",
        list: "a list",
        str: "text",
        bool: "true or false",
        int: "a number",
        float: "a number with a fraction",
        date: "a date",
    }
    return names.get(type(node.value), "nothing")


def show(node: Node) -> str:
    """Show a single value as it is written; a list or mapping is not shown."""
    return node.source


def under(parent: str, key: str) -> str:
    """Join a key to the path above it."""
    return f"{parent}.{key}" if parent else key
