"""How the filing is done: steps, papers, yes or no."""

from __future__ import annotations

from datetime import date

import pytest
from asking import Asker, told

from bot.service import Service, turn
from intents.dialogue import State
from knowledge.pack import Library, Pack


def test_every_procedure_can_be_asked_for(ask: Asker, library: Library) -> None:
    """By its platform, each procedure's steps are given in order."""
    for region in ("suzhou", "beijing"):
        pack = library.pack(region)
        names = {platform.id: platform.name for platform in pack.platforms}
        for one in pack.procedures:
            if one.topic == "filing" and one.platform:
                answer = told(ask(f"{names[one.platform]}怎么办理", region=region))
                steps = [answer.find(step.says) for step in one.steps]
                assert -1 not in steps, one.id
                assert steps == sorted(steps), one.id


def test_all_papers_are_listed(ask: Asker, suzhou: Pack) -> None:
    """Each paper of the document, with what it must look like."""
    answer = told(ask("备案要带什么材料"))

    for material in suzhou.materials:
        if material.topic == "filing":
            assert material.name in answer
            assert (material.detail or "") in answer


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("身份证要带吗", ("需要", "是", "要")),
        ("要不要带申请表", ("需要", "是", "要")),
        ("需要带一寸照片吗", ("苏州的材料清单里没有写", "不")),
    ],
)
def test_one_paper_is_needed_or_not(ask: Asker, text: str, words: tuple[str, ...]) -> None:
    """Whether it is on the list is said first."""
    assert told(ask(text)).startswith(words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("在医院怎么备案", "一站式"),
        ("窗口怎么办理", "窗口"),
        ("苏周到上怎么办", "苏周到"),
        ("邮寄怎么办理", "邮寄"),
        ("网上怎么申请", "江苏政务服务网"),
        ("居民高血压怎么备案", "社区"),
    ],
)
def test_the_way_that_was_named_is_told(ask: Asker, text: str, expected: str) -> None:
    """Who names a channel gets its steps."""
    turn = ask(text)

    assert turn.answer.status == "answered"
    assert expected in told(turn)


def test_without_a_region_the_general_way_is_labelled(ask: Asker) -> None:
    """General advice says that it is no city's rule, and asks for the city."""
    turn = ask("门特怎么办理", region=None)

    assert told(turn).startswith("通用说法")
    assert [option.label for option in turn.answer.options] == ["北京", "苏州"]


@pytest.mark.parametrize(
    "text", ["门特怎么办理", "备案要带什么材料", "过了六个月还能申请吗", "审核要几天"]
)
def test_the_six_months_of_the_article_are_never_suzhous(ask: Asker, text: str) -> None:
    """In Suzhou benefits start when the filing is done; the six months are another's rule."""
    answer = told(ask(text))

    assert "六个月内" not in answer
    assert "6个月内" not in answer


def test_each_region_has_its_own_papers(ask: Asker) -> None:
    """Beijing's form is not Suzhou's."""
    assert "《门诊慢特病病种待遇申请表》" in told(ask("备案要带什么材料"))
    assert "北京市医疗保险特殊病种备案申报表" in told(ask("备案要带什么材料", region="beijing"))


@pytest.mark.parametrize("day", [date(1995, 8, 1), date(2024, 3, 1)])
def test_papers_of_a_day_before_any_advice(served: Service, day: date) -> None:
    """Without a region, and with nothing general for that day, it is said and regions offered."""
    found = turn(served, State(), "备案要什么材料", day=day)

    assert found.answer.status == "declined_unknown"
    assert {option.say for option in found.answer.options} >= {"苏州", "北京"}


@pytest.mark.parametrize(
    "text", ["昆山的老人在太仓住能在太仓办吗", "昆山的医保卡在太仓的窗口能办门特吗"]
)
def test_one_files_where_one_is_insured(ask: Asker, text: str) -> None:
    """The rule first, then the address of either place."""
    answer = told(ask(text))

    assert answer.startswith("到参保地经办机构窗口办理")
    assert "前进西路1801号" in answer
