"""The interface described by itself: OpenAPI 3.1, made from the records and the table of routes."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
import yaml
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from bot import problems
from bot.etags import etag_of, tagged
from bot.requests import resources_of
from bot.sessions import ID
from bot.web import web_sentences, word
from knowledge.pack import Library

Handler = Callable[[Request], Awaitable[Response]]
Schema = dict[str, Any]

VERSION = "1.0.0"  # of the interface
EXAMPLES = Path(__file__).parent / "examples.yaml"
_IN_PATH = re.compile(r"\{(\w+)\}")
_REF = "#/components/schemas/{name}"
_PROBLEM = "Problem"
# What every operation may come to, what a body adds, and what a thing that is named adds.
_ALWAYS = (400, 422, 429, 503)
_WITH_BODY = (413, 415)
_RETRIED = frozenset({429, 503})


class Operation(Struct, frozen=True):
    """One operation: its name, its path and handler, its records in and out.

    `gives` None is a 204. `tagged` ones have an ETag. `absent` ones may have nothing to give: 404.
    `drops` ones delete what their path names.
    """

    name: str
    path: str
    handler: Handler
    query: type | None = None
    body: type | None = None
    gives: type | None = None
    tagged: bool = False
    absent: bool = False
    drops: bool = False

    @property
    def method(self) -> str:
        """POST where there is a body."""
        if self.drops:
            return "DELETE"
        return "POST" if self.body else "GET"


def serving(operations: Iterable[Operation]) -> Handler:
    """The handler that gives the document of some operations."""
    listed = tuple(operations)
    made: dict[str, tuple[str, msgspec.Raw]] = {}

    async def described(request: Request) -> Response:
        """Describe the interface."""
        library = resources_of(request).service.library
        if library.fingerprint not in made:
            encoded = msgspec.json.encode(document(listed, library))
            made.clear()
            made[library.fingerprint] = (etag_of(encoded.decode()), msgspec.Raw(encoded))
        etag, encoded_once = made[library.fingerprint]
        return tagged(request, etag, lambda: encoded_once)

    return described


def document(operations: Iterable[Operation], library: Library) -> Schema:
    """The whole document; what may be named (regions, diseases …) is what the library has."""
    listed = tuple(operations)
    records = [record for one in listed for record in (one.body, one.gives) if record]
    schemas = _schemas([*records, problems.Document])
    known = _known(library)
    for one in listed:
        if one.body:
            _narrow(schemas[one.body.__name__], known)
    paths: dict[str, Schema] = {}
    for one in listed:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, known)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": word("api_title"),
            "version": VERSION,
            "description": word("api_about"),
        },
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _schemas(records: list[type]) -> dict[str, Schema]:
    """The schemas of some records and of all that they hold, by name."""
    _, found = msgspec.json.schema_components(records, ref_template=_REF)
    found[_PROBLEM] = {**found.pop(problems.Document.__name__), "title": _PROBLEM}
    sentences = web_sentences()
    for name, schema in found.items():
        schema.pop("description", None)  # the docstring is for who reads the code
        if said := sentences.get(f"schema_{name}"):
            schema["description"] = said
    return dict(sorted(found.items()))


def _known(library: Library) -> dict[str, Schema]:
    """What the fields of a request may hold that its record cannot say by itself."""
    packs = library.packs
    listed = {
        "region": [pack.region.id for pack in packs],
        "disease": [one.id for pack in packs for one in pack.diseases],
        "district": [one.id for pack in packs for one in pack.districts],
    }
    named = {key: {"type": "string", "enum": sorted(set(ids))} for key, ids in listed.items()}
    return {**named, "session": {"type": "string", "pattern": f"^{ID.pattern}$"}}


def _narrow(schema: Schema, known: dict[str, Schema]) -> None:
    """Say of each field what it means, and of some what they may hold."""
    for name, field in schema["properties"].items():
        if name in known:
            null = {"type": "null"} in field.get("anyOf", ())
            own = {"anyOf": [known[name], {"type": "null"}]} if null else known[name]
            schema["properties"][name] = {k: v for k, v in field.items() if k == "default"} | own
        schema["properties"][name]["description"] = word(f"field_{name}")


def _operation(one: Operation, known: dict[str, Schema]) -> Schema:
    said: Schema = {
        "operationId": one.name,
        "summary": word(f"api_{one.name}"),
        "description": word(f"api_{one.name}_about"),
        "parameters": [*_parameters(one, known)],
        "responses": _responses(one),
    }
    if one.body:
        said["requestBody"] = {
            "required": True,
            "content": {
                "application/json": {
                    "schema": _ref(one.body.__name__),
                    "examples": _named(one.name, "body"),
                }
            },
        }
    return said


def _parameters(one: Operation, known: dict[str, Schema]) -> Iterable[Schema]:
    examples = examples_of(one.name)
    for name in _IN_PATH.findall(one.path):
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "description": word(f"field_{name}"),
            "schema": known.get(name, {"type": "string", "minLength": 1}),
            "examples": {e["name"]: {"value": e[name]} for e in examples if name in e},
        }
    if one.query:
        _, schemas = msgspec.json.schema_components([one.query], ref_template=_REF)
        schema = schemas[one.query.__name__]
        _narrow(schema, known)
        for name, field in schema["properties"].items():
            values = {
                e["name"]: {"value": e["query"][name]} for e in examples if name in e["query"]
            }
            yield {
                "name": name,
                "in": "query",
                "required": name in schema["required"],
                "description": field.pop("description"),
                "schema": field,
                **({"examples": values} if values else {}),
            }
    if one.tagged:
        yield {
            "name": "If-None-Match",
            "in": "header",
            "description": word("field_if_none_match"),
            "schema": {"type": "string"},
        }


def _responses(one: Operation) -> Schema:
    responses: Schema = {}
    if one.gives:
        content = {"application/json": {"schema": _ref(one.gives.__name__)}}
        responses["200"] = {
            "description": word(f"api_{one.name}_gives"),
            "content": content,
            "headers": {"X-Packs": {"schema": {"type": "string"}}},
        }
    else:
        responses["204"] = {"description": word(f"api_{one.name}_gives")}
    if one.tagged:
        headers = {name: {"schema": {"type": "string"}} for name in ("ETag", "Cache-Control")}
        responses["200"]["headers"] |= headers
        responses["304"] = {"description": word("api_unchanged"), "headers": headers}
    statuses = [*_ALWAYS, *(_WITH_BODY if one.body else ()), *((404,) if one.absent else ())]
    for status in sorted(statuses):
        responses[str(status)] = _refusal(status)
    return responses


def _refusal(status: int) -> Schema:
    """How a request is refused with a status."""
    refusal: Schema = {
        "description": f"{HTTPStatus(status).phrase}: {word(f'status_{status}')}",
        "content": {problems.MEDIA_TYPE: {"schema": _ref(_PROBLEM)}},
    }
    if status in _RETRIED:
        refusal["headers"] = {
            "Retry-After": {"description": word("api_retry"), "schema": {"type": "integer"}}
        }
    return refusal


def _ref(name: str) -> Schema:
    return {"$ref": _REF.format(name=name)}


def _named(operation: str, part: str) -> Schema:
    return {one["name"]: {"value": one[part]} for one in examples_of(operation)}


@cache
def _examples() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = yaml.load(
        EXAMPLES.read_text("utf-8"), Loader=yaml.CSafeLoader
    )
    return found


def examples_of(operation: str) -> list[dict[str, Any]]:
    """The examples of an operation: a name, and its body, its query, or the id in its path."""
    return _examples()[operation]
