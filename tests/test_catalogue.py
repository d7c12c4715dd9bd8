"""The knowledge as data: filters, citations, what need not be sent again, and the calculator."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

from bot.resources import Resources
from knowledge.schema import Benefit, Disease, Office

PROBLEM = "application/problem+json"


def listed(client: TestClient, kind: str, **filters: object) -> list[dict[str, Any]]:
    """The records of a kind that are left by some filters."""
    response = client.get(f"/api/v1/{kind}", params=filters)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()[kind]
    return found


def refused(client: TestClient, path: str) -> dict[str, Any]:
    """The problem document that an address comes to."""
    response = client.get(path)
    assert response.status_code == 422, response.text
    assert response.headers["content-type"] == PROBLEM
    found: dict[str, Any] = response.json()
    return found


def test_every_record_is_the_record_of_the_pack(client: TestClient, resources: Resources) -> None:
    """What is sent reads back as what the pack holds, citations and all."""
    for pack in resources.service.library.packs:
        region = pack.region.id
        for kind, record in (("diseases", Disease), ("benefits", Benefit), ("offices", Office)):
            sent = tuple(msgspec.convert(listed(client, kind, region=region), list[record]))
            assert sent == getattr(pack, kind), (region, kind)


def test_the_regions_have_their_districts(client: TestClient) -> None:
    """A region comes with its districts and the ids of its documents."""
    (suzhou,) = listed(client, "regions", region="苏州")

    assert "昆山市" in [district["name"] for district in suzhou["districts"]]
    assert suzhou["sources"] == ["suzhou-guide-2023-10"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"disease": "dialysis", "scheme": "employee"}, ["dialysis-employee"]),
        ({"disease": "透析", "scheme": "employee"}, ["dialysis-employee"]),
        ({"disease": "hypertension", "population": "student"}, ["hypertension-student"]),
        ({"disease": "dialysis", "scheme": "employee", "population": "student"}, []),
        ({"disease": "dialysis", "day": "2023-09-30"}, []),
        ({"disease": "dialysis", "region": "beijing"}, []),
    ],
)
def test_filters_narrow(client: TestClient, filters: dict[str, str], expected: list[str]) -> None:
    """Each filter is heeded; what is true of nothing leaves nothing."""
    found = listed(client, "benefits", **{"region": "suzhou", **filters})

    assert [cell["id"] for cell in found] == expected


def test_an_age_leaves_its_band(client: TestClient) -> None:
    """Of the bands of a disease the one that holds the age is left."""
    bands = listed(client, "benefits", disease="pku")
    one = listed(client, "benefits", disease="pku", age=9, population="student")

    ages = [cell["ages"] for cell in bands if "ages" in cell]
    assert len(ages) > 1
    assert [cell["ages"] for cell in one if "ages" in cell] == [
        band for band in ages if band["since"] <= 9 <= band.get("through", 200)
    ]


def test_an_office_by_its_town(client: TestClient) -> None:
    """A nickname or a town is as good as the id."""
    (office,) = listed(client, "offices", district="花桥")

    assert office["address"].startswith("昆山市前进西路1801号")


@pytest.mark.parametrize(
    ("path", "key", "words"),
    [
        ("/api/v1/benefits?colour=red", "colour", "region、disease、scheme、population、age、day"),
        ("/api/v1/benefits?scheme=x", "scheme", "employee、resident"),
        ("/api/v1/benefits?disease=感冒", "disease", "透析（dialysis）"),
        ("/api/v1/benefits?region=nanjing", "region", "苏州（suzhou）"),
        ("/api/v1/benefits?day=2024-02-30", "day", "2024-03-01"),
        ("/api/v1/benefits?age=-1", "age", "最小是 0"),
        ("/api/v1/benefits?age=1&age=2", "age", "只能写一遍"),
        ("/api/v1/benefits?age=9999999999999999999999", "age", "最大是 150"),
        ("/api/v1/offices?district=浦东", "district", "昆山市（kunshan）"),
        ("/api/v1/diseases?kind=", "kind", "chronic、filing、special"),
        ("/api/v1/suggest", "q", "缺少"),
        ("/api/v1/suggest?q=a&limit=21", "limit", "最大是 20"),
        ("/api/v1/sources/suzhou-guide-2023-10?x=1", "x", "没有"),
    ],
)
def test_an_unknown_filter_says_what_is_known(
    client: TestClient, path: str, key: str, words: str
) -> None:
    """The problem names the field and what it takes."""
    found = refused(client, path)

    assert found["key"] == key
    assert words in found["detail"]


def test_what_is_had_already_is_not_sent_again(client: TestClient) -> None:
    """The same filters have the same strong ETag; whoever sends it gets 304 without a body."""
    path = "/api/v1/benefits?region=suzhou"
    first = client.get(path)
    etag = first.headers["etag"]

    assert etag.startswith('"')
    assert first.headers["cache-control"] == "public, max-age=60"
    assert client.get(path).headers["etag"] == etag
    assert client.get(path + "&age=9").headers["etag"] != etag
    for known in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        again = client.get(path, headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200


def test_a_document_is_described(client: TestClient) -> None:
    """A citation's source and place can be looked up."""
    cell = listed(client, "benefits", disease="dialysis")[0]
    found = client.get(f"/api/v1/sources/{cell['cite']['source']}").json()

    assert (found["issuer"], found["issued"], found["authority"]) == (
        "苏州医保", "2023-10", "official",
    )  # fmt: skip
    assert cell["cite"]["place"] in {place["id"] for place in found["places"]}


def test_a_document_that_there_is_not(client: TestClient) -> None:
    """404, as a problem."""
    response = client.get("/api/v1/sources/nothing")

    assert (response.status_code, response.headers["content-type"]) == (404, PROBLEM)


EXPENSE = {"region": "suzhou", "disease": "dialysis", "scheme": "employee", "cost": "50000"}


def calculated(client: TestClient, **fields: object) -> dict[str, Any]:
    """What an expense comes to."""
    response = client.post("/api/v1/calculate", json={**EXPENSE, **fields})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def test_each_step_is_shown(client: TestClient) -> None:
    """40 000 at 90 % and the rest at 95 %, as an exact sum in yuan."""
    (done,) = calculated(client)["reckonings"]

    assert done["steps"] == [
        {"cost": "40000", "percent": 90, "paid": "36000"},
        {"cost": "10000", "percent": 95, "paid": "9500"},
    ]
    assert done["outcomes"] == [{"limit_caps": None, "paid": "45500", "own": "4500"}]


def test_what_was_spent_before_counts(client: TestClient) -> None:
    """Above 40 000 in the year everything is at 95 %."""
    (done,) = calculated(client, cost="1000.50", spent_before="40000")["reckonings"]

    assert done["outcomes"][0]["paid"] == "950.48"
    assert done["outcomes"][0]["own"] == "50.02"


def test_both_readings_where_the_document_leaves_it_open(client: TestClient) -> None:
    """A limit that caps the cost and one that caps the payment come to different sums."""
    fields = {"disease": "kidney-nondialysis", "scheme": "resident", "cost": "10000"}
    (done,) = calculated(client, **fields)["reckonings"]

    assert done["outcomes"] == [
        {"limit_caps": "cost", "paid": "7200", "own": "2800"},
        {"limit_caps": "payment", "paid": "8000", "own": "2000"},
    ]
    assert any("没有写清" in note for note in done["notes"])


def test_each_level_of_hospital_where_none_is_said(client: TestClient) -> None:
    """The rate that depends on the hospital is reckoned for both; a level that is said is one."""
    fields = {"disease": "hypertension", "scheme": "resident", "population": "unemployed"}
    both = calculated(client, **fields, cost="1000")["reckonings"]
    (one,) = calculated(client, **fields, cost="1000", hospital="tertiary")["reckonings"]

    assert [(r["hospital"], r["outcomes"][0]["paid"]) for r in both] == [
        ("secondary", "550"), ("tertiary", "350"),
    ]  # fmt: skip
    assert one == both[1]


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"disease": "parkinson", "scheme": "resident"}, "没有写清"),
        ({"disease": "home-bed", "scheme": "resident"}, "无此项目"),
    ],
)
def test_no_sum_is_made_up(client: TestClient, fields: dict[str, str], note: str) -> None:
    """An open rate and 无此项目 come to no outcome, and say why."""
    for done in calculated(client, **fields)["reckonings"]:
        assert (done["outcomes"], done["steps"]) == ([], [])
        assert note in done["notes"][0]


@pytest.mark.parametrize(
    ("fields", "status", "key", "words"),
    [
        ({"cost": 50000}, 422, "cost", "文字"),
        ({"cost": "5e4"}, 422, "cost", "金额"),
        ({"cost": "-1"}, 422, "cost", "金额"),
        ({"cost": "1.005"}, 422, "cost", "金额"),
        ({"cost": "1\n"}, 422, "cost", "金额"),
        ({"cost": "1" * 10}, 422, "cost", "金额"),
        ({"spent_before": "x"}, 422, "spent_before", "金额"),
        ({"age": 9.5}, 422, "age", "整数"),
        ({"disease": "感冒"}, 422, "disease", "透析"),
        ({"scheme": "none"}, 422, "scheme", "employee、resident"),
        ({"population": "student"}, 404, "population", "working、retired"),
        ({"region": "beijing"}, 404, "disease", "没有"),
        ({"colour": "red"}, 422, "colour", "spent_before"),
    ],
)
def test_an_expense_that_cannot_be_reckoned(
    client: TestClient, fields: dict[str, object], status: int, key: str, words: str
) -> None:
    """The problem names what is wrong, and what to write instead."""
    response = client.post("/api/v1/calculate", json={**EXPENSE, **fields})
    found = response.json()

    assert (response.status_code, found["key"]) == (status, key), found
    assert words in found["detail"]
