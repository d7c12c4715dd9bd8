"""What an assistant's tools say: the cells of the packs, cited, and what to ask where one lacks."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from assisting import ERAS, calling, found, said, talked
from starlette.testclient import TestClient

from bot.channels.mcp import server_of
from bot.channels.mcp_benefits import lookup_benefit
from bot.channels.mcp_filing import find_office
from bot.channels.mcp_records import BenefitAsked, OfficeAsked
from bot.channels.mcp_tools import TOOLS, called
from bot.days import today
from bot.resources import Resources
from bot.service import turn
from intents.dialogue import State
from knowledge.schema import Benefit, Deductible, Limit, Rate


@pytest.fixture
def resources(shared: Resources) -> Resources:
    """One store for all: each conversation has a session of its own."""
    return shared


def told(resources: Resources, name: str, **arguments: object) -> dict[str, Any]:
    """The record that a tool gives, as it is sent."""
    return found(talked(server_of(resources), calling(name, **arguments)))


def refused(resources: Resources, name: str, **arguments: object) -> str:
    """What a tool says where it cannot answer."""
    result = talked(server_of(resources), calling(name, **arguments))
    assert result.is_error, result.structured_content
    assert result.structured_content is None
    return said(result)


def test_every_cell_is_given_as_the_pack_has_it(resources: Resources) -> None:
    """For every disease of every region, figure by figure, with the citations of the cell."""
    for pack in resources.service.library.packs:
        for disease in pack.diseases:
            asked = BenefitAsked(disease.id, region=pack.region.id)
            cells = lookup_benefit(resources, asked).cells
            listed = {one.id: one for one in pack.benefits if one.disease == disease.id}
            assert {cell.id for cell in cells} == set(listed), disease.id
            for cell in cells:
                one = listed[cell.id]
                assert (cell.limit, cell.rate, cell.deductible) == (
                    one.limit, one.rate, one.deductible,
                )  # fmt: skip
                assert (cell.offered, cell.certainty) == (one.offered, one.certainty)
                assert one.cite.source in {cite.source for cite in cell.citations}


def test_the_words_are_those_of_an_answer(resources: Resources) -> None:
    """The figures that a look-up says in words are, line by line, what `ask` says."""
    for question, disease, scheme in (
        ("透析职工医保报多少", "dialysis", "employee"),
        ("肾衰非透析居民医保限额和比例", "kidney-nondialysis", "resident"),
        ("帕金森居民医保限额和比例", "parkinson", "resident"),
    ):
        looked = told(resources, "lookup_benefit", disease=disease, region="suzhou", scheme=scheme)
        asked = told(resources, "ask", question=question, region="suzhou")
        assert asked["text"].splitlines()[0] == looked["text"].splitlines()[0], question


def test_an_answer_is_that_of_a_turn(resources: Resources) -> None:
    """`ask` gives the reply of the contract, as any other channel."""
    question = "血友病职工限额多少"
    expected = turn(resources.service, State(), question, day=today(), region="suzhou").answer
    reply = told(resources, "ask", question=question, region="苏州")

    assert (
        " ".join(reply)
        == "kind status text blocks citations options understood as_of session packs"
    )
    assert reply["status"] == expected.status
    assert reply["citations"] == [msgspec.to_builtins(one) for one in expected.citations]
    assert "10万元" in reply["text"]


def test_a_conversation_goes_on_with_its_session(resources: Resources) -> None:
    """A question back is answered with the session of the question, which the text names too."""
    server = server_of(resources)
    first = talked(server, calling("ask", question="透析限额多少"))
    session = found(first)["session"]
    second = found(talked(server, calling("ask", question="苏州", session=session)))

    assert found(first)["kind"] == "clarify"
    assert session in said(first)
    assert second["kind"] == "answered"
    assert "无限额" in second["text"]


def test_a_sum_is_that_of_the_interface(resources: Resources, client: TestClient) -> None:
    """Each step and both readings, to the cent; in words what `ask` says."""
    expense = {
        "region": "suzhou", "disease": "kidney-nondialysis", "scheme": "resident", "cost": "10000",
    }  # fmt: skip
    expected = client.post("/api/v1/calculate", json=expense).json()
    done = told(resources, "calculate_reimbursement", **expense)
    words = done.pop("text")

    assert done == expected
    assert "结付7200元" in words
    assert "结付8000元" in words
    assert "没有写清" in words


def test_what_was_spent_before_is_in_the_words(resources: Resources) -> None:
    """The steps in words begin with what came before, as the steps in data do."""
    done = told(
        resources, "calculate_reimbursement", region="suzhou", disease="透析",
        scheme="employee", cost="50000", spent_before="30000",
    )  # fmt: skip

    assert done["reckonings"][0]["outcomes"][0]["paid"] == "47000"
    assert "4.7万元" in done["text"]
    assert "当年此前已累计3万元" in done["text"]


def test_a_near_twin_is_named_and_never_given(resources: Resources) -> None:
    """透析 has the cells of 透析 alone; the other one is named as another."""
    dialysis = told(resources, "lookup_benefit", disease="透析", region="suzhou")
    other = told(resources, "lookup_benefit", disease="肾衰非透析", region="suzhou")
    child = told(resources, "lookup_benefit", disease="糖尿病", region="suzhou", age=10)

    assert {cell["id"] for cell in dialysis["cells"]} == {"dialysis-employee", "dialysis-resident"}
    assert "8000" not in dialysis["text"]
    assert [twin["id"] for twin in dialysis["twins"]] == ["kidney-nondialysis"]
    assert "8000元" in other["text"]
    assert all(cell["id"].startswith("diabetes-") for cell in child["cells"])
    assert "儿童I型" not in child["text"]


def test_what_is_open_is_said_to_be_open(resources: Resources) -> None:
    """The cell is ambiguous, no rate is there, and the row is shown as printed."""
    looked = told(resources, "lookup_benefit", disease="帕金森", region="suzhou")
    (cell,) = looked["cells"]

    assert (cell["certainty"], cell["rate"]["certainty"]) == ("ambiguous", "ambiguous")
    assert "tiers" not in cell["rate"]
    assert "没有写清" in cell["rate"]["open"]
    assert "没有写清" in cell["says"]
    assert "原表这一行印的是" in looked["text"]


def test_a_level_of_hospital_leaves_its_rate(resources: Resources) -> None:
    """Of a rate by hospital only the tier of the level that was said is left."""
    looked = told(
        resources, "lookup_benefit", disease="高血压", region="suzhou",
        population="unemployed", hospital="tertiary",
    )  # fmt: skip
    (cell,) = looked["cells"]

    assert [tier["percent"] for tier in cell["rate"]["tiers"]] == [35]
    assert "55%" not in looked["text"]


def test_what_no_document_says_is_said_to_be_missing(resources: Resources) -> None:
    """Beijing has no figures and no addresses: no cell, no office, and where to ask."""
    looked = told(resources, "lookup_benefit", disease="透析", region="beijing")
    office = told(resources, "find_office", district="昆山", region="beijing")
    stranger = told(resources, "lookup_benefit", disease="多发性硬化", region="suzhou")

    assert (looked["cells"], office["offices"], stranger["cells"]) == ([], [], [])
    assert "没有写" in looked["text"]
    assert "没有写具体的经办地址" in office["text"]
    assert "没有“多发性硬化”" in stranger["text"]


def test_every_office_is_found_by_its_names(resources: Resources) -> None:
    """By name, nickname or town; the address, the hall and the window are the pack's."""
    pack = resources.service.library.pack("suzhou")
    for district in pack.districts:
        expected = next(one for one in pack.offices if one.district == district.id)
        for name in (district.id, district.name, *district.aliases):
            (office,) = find_office(resources, OfficeAsked(name)).offices
            assert (office.address, office.hall, office.window) == (
                expected.address, expected.hall, expected.window,
            )  # fmt: skip


def test_papers_and_the_steps_that_were_asked_for(resources: Resources) -> None:
    """The papers in order; the steps of the window and of no other way."""
    papers = told(resources, "list_materials", region="suzhou", procedure="window")
    plain = told(resources, "list_materials", region="suzhou", disease="透析")

    assert [one["id"] for one in papers["materials"]] == [
        "material-credential", "material-form", "material-diagnosis",
    ]  # fmt: skip
    assert [one["id"] for one in papers["procedures"]] == ["filing-window"]
    assert plain["procedures"] == []
    assert "filing-window" in plain["text"]
    assert papers["citations"]


def test_general_advice_is_labelled(resources: Resources) -> None:
    """What belongs to no city says so, in data and in words."""
    papers = told(resources, "list_materials", region="general")

    assert papers["speaks"]["id"] == "general"
    assert "通用说法（不是某个城市的规定）" in papers["text"]


def test_the_regions_say_what_may_be_asked(resources: Resources) -> None:
    """Each with its districts, diseases and documents."""
    regions = {one["id"]: one for one in told(resources, "list_regions")["regions"]}
    suzhou = regions["suzhou"]

    assert set(regions) == set(resources.service.library.regions)
    assert "昆山市" in [one["name"] for one in suzhou["districts"]]
    assert suzhou["documents"][0]["issuer"] == "苏州医保"
    assert suzhou["holds"]["benefits"] == 48


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("lookup_benefit", {"disease": "透析"}, ["在哪里参保", "苏州（suzhou）"]),
        ("lookup_benefit", {"region": "suzhou"}, ["缺少“disease”", "哪一种病", "透析（dialysis）"]),
        ("lookup_benefit", {"disease": "肾病", "region": "suzhou"},
         ["不能是“肾病”", "透析（dialysis）", "肾衰非透析（kidney-nondialysis）", "不要替他选"]),
        ("lookup_benefit", {"disease": "透析", "region": "南京"}, ["没有收录", "在哪里参保"]),
        ("lookup_benefit", {"disease": "透析", "region": "suzhou", "scheme": "职工"},
         ["职工医保（employee）", "居民医保（resident）"]),
        ("lookup_benefit",
         {"disease": "透析", "region": "suzhou", "scheme": "employee", "population": "student"},
         ["working、retired", "在职还是退休"]),
        ("calculate_reimbursement", {"disease": "透析", "region": "suzhou", "cost": "1"},
         ["缺少“scheme”", "职工医保还是居民医保"]),
        ("calculate_reimbursement", {"disease": "透析", "region": "suzhou", "scheme": "employee"},
         ["缺少“cost”", "多少元"]),
        ("calculate_reimbursement",
         {"disease": "透析", "region": "suzhou", "scheme": "employee", "cost": 50000},
         ["“cost”要写成文字", '"45500"']),
        ("calculate_reimbursement",
         {"disease": "透析", "region": "beijing", "scheme": "employee", "cost": "1"},
         ["算不出来", "不要用别的险种"]),
        ("find_office", {}, ["缺少“district”", "哪个区", "昆山市（kunshan）"]),
        ("find_office", {"district": "浦东"}, ["不能是“浦东”", "昆山市（kunshan）"]),
        ("find_office", {"district": "海淀", "region": "suzhou"}, ["不能是“海淀”"]),
        ("list_materials", {}, ["在哪里参保"]),
        ("list_materials", {"region": "suzhou", "procedure": "传真"},
         ["不能是“传真”", "filing-window"]),
        ("ask", {"question": "透析", "session": "x"}, ["会话编号"]),
        ("ask", {"question": "透析", "region": "南京"}, ["没有收录"]),
        ("list_regions", {"colour": "red"}, ["没有“colour”"]),
    ],
)  # fmt: skip
def test_what_lacks_or_is_not_known_is_asked_for(
    resources: Resources, name: str, arguments: dict[str, object], words: list[str]
) -> None:
    """The error says what is wrong, what to ask the person, and what there is."""
    text = refused(resources, name, **arguments)

    assert all(word in text for word in words), text


@pytest.mark.parametrize("mode", ERAS)
def test_every_tool_is_described(resources: Resources, mode: str) -> None:
    """Its title, when to use it, each field in and out; the client holds results against it."""
    listed = talked(server_of(resources), lambda client: client.list_tools(), mode=mode).tools

    assert [tool.name for tool in listed] == list(TOOLS)
    for tool in listed:
        assert tool.title
        assert tool.description
        assert tool.input_schema["type"] == "object"
        assert tool.input_schema["additionalProperties"] is False
        assert tool.output_schema
        assert tool.output_schema["type"] == "object"
        for name, field in tool.input_schema["properties"].items():
            assert field.get("description"), (tool.name, name)


def test_a_record_of_the_pack_has_no_part_that_a_cell_leaves_out() -> None:
    """A part added to a benefit must be added to the cell that an assistant is given."""
    parts = {
        field.name
        for field in msgspec.structs.fields(Benefit)
        if any(part.__name__ in str(field.type) for part in (Limit, Rate, Deductible))
    }

    assert parts == {"limit", "rate", "deductible"}


@pytest.mark.parametrize(
    "arguments",
    [
        {"question": "透析" * 300_000},
        {"question": "\ud800"},
        {"question": 1},
        {"question": None},
        {"question": ["透析"]},
        {"question": "透析", "region": {"a": [1]}},
        {},
    ],
    ids=lambda arguments: str(arguments)[:30],
)
def test_rubbish_is_refused_in_a_sentence(
    resources: Resources, arguments: dict[str, object]
) -> None:
    """Too long, half a character, the wrong type: an error, and nothing breaks."""
    done = called(resources, TOOLS["ask"], arguments)

    assert done.failed
    assert done.texts[0]


def test_a_character_that_ends_strings_is_read(resources: Resources) -> None:
    """NUL in a question is passed over like any other noise."""
    done = called(resources, TOOLS["ask"], {"question": "透析\0限额", "region": "suzhou"})

    assert not done.failed
    assert "无限额" in done.texts[0]
