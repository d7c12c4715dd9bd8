"""The interface as it describes itself: whole, true, and the same as what is served."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator
from starlette.testclient import TestClient

from bot.api import OPERATIONS, ROUTES
from bot.openapi import Operation, examples_of

HAN = re.compile(r"[一-鿿]")


@pytest.fixture
def document(client: TestClient) -> dict[str, Any]:
    """The document as it is served."""
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def references(node: object) -> set[str]:
    """Every reference of a document."""
    if isinstance(node, dict):
        own = {node["$ref"]} if "$ref" in node else set()
        return own.union(*map(references, node.values()))
    return set().union(*map(references, node)) if isinstance(node, list) else set()


def test_every_route_is_described(document: dict[str, Any]) -> None:
    """What is served under /api is what is described, method by method."""
    served = {
        (route.path, method)
        for route in ROUTES
        for method in route.methods or ()
        if route.path.startswith("/api") and method != "HEAD"
    }
    described = {
        (path, method.upper()) for path, methods in document["paths"].items() for method in methods
    }

    assert document["openapi"].startswith("3.1")
    assert described == served


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    """And no schema is there that nothing refers to."""
    schemas = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}

    assert references(document) == schemas


def test_every_sentence_is_chinese(document: dict[str, Any]) -> None:
    """Whoever reads it reads Chinese: titles, descriptions, of operations and of parameters."""

    def said(node: object) -> list[str]:
        if isinstance(node, list):
            return [text for one in node for text in said(one)]
        if not isinstance(node, dict):
            return []
        own = [node[k] for k in ("summary", "description") if isinstance(node.get(k), str)]
        return own + [text for one in node.values() for text in said(one)]

    assert [text for text in said(document) if not HAN.search(text)] == []


def test_every_refusal_is_a_problem_document(document: dict[str, Any]) -> None:
    """Each status of 400 and more is application/problem+json."""
    for methods in document["paths"].values():
        for operation in methods.values():
            refusals = {s: r for s, r in operation["responses"].items() if int(s) >= 400}
            assert refusals.keys() >= {"400", "422", "429", "503"}
            for refusal in refusals.values():
                assert list(refusal["content"]) == ["application/problem+json"]


def call(client: TestClient, one: Operation, example: dict[str, Any]) -> Any:
    """Send an example."""
    if one.body:
        return client.post(one.path, json=example["body"])
    path = one.path.format(**example)
    return client.request(one.method, path, params=example["query"])


def test_every_example_is_true(client: TestClient, document: dict[str, Any]) -> None:
    """Each is accepted in the order of the table, and answered as its schema says."""
    for one in OPERATIONS:
        assert examples_of(one.name), one.name
        described = document["paths"][one.path][one.method.lower()]
        for example in examples_of(one.name):
            response = call(client, one, example)
            if one.gives is None:
                assert response.status_code == 204
                continue
            assert response.status_code == 200, response.text
            schema = described["responses"]["200"]["content"]["application/json"]["schema"]
            whole = {**schema, "components": document["components"]}
            Draft202012Validator(json.loads(json.dumps(whole))).validate(response.json())


def test_every_example_stands_in_the_document(document: dict[str, Any]) -> None:
    """What the test above sends is what a reader sees."""
    for one in OPERATIONS:
        described = document["paths"][one.path][one.method.lower()]
        names = {example["name"] for example in examples_of(one.name)}
        if one.body:
            content = described["requestBody"]["content"]["application/json"]
            assert content["examples"].keys() == names
        else:
            shown = [parameter.get("examples", {}) for parameter in described["parameters"]]
            assert set().union(*shown) == names


def test_what_may_be_named_is_what_there_is(client: TestClient, document: dict[str, Any]) -> None:
    """The ids of regions and diseases come from the packs; each is accepted."""
    parameters = document["paths"]["/api/v1/benefits"]["get"]["parameters"]
    known = {one["name"]: one["schema"].get("enum", []) for one in parameters}

    assert {"suzhou", "beijing", "general"} == set(known["region"])
    for disease in known["disease"]:
        assert client.get("/api/v1/benefits", params={"disease": disease}).status_code == 200


def test_it_need_not_be_sent_again(client: TestClient) -> None:
    """The document has an ETag of its own."""
    etag = client.get("/openapi.json").headers["etag"]

    assert client.get("/openapi.json", headers={"if-none-match": etag}).status_code == 304
