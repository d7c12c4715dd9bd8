"""Not answering, by name of the reason and with where to ask; and asking back."""

from __future__ import annotations

import pytest
from asking import Asker, figures, told

from bot.compose.decline import pointer
from bot.compose.wording import known
from intents.building import Engine
from intents.names import vocabulary
from knowledge.pack import Pack

REASONS = {
    "out_of_scope": "declined_out_of_scope",
    "medical": "declined_medical",
    "personal": "declined_personal",
}
ROWS = [row for row in vocabulary() if row["kind"] == "outside"]


@pytest.mark.parametrize("row", ROWS, ids=[row["value"] for row in ROWS])
def test_every_matter_outside_is_declined_by_its_reason(
    ask: Asker, engine: Engine, row: dict[str, str]
) -> None:
    """Asked for by its own name, a matter outside is declined and no figure is given."""
    turn = ask(f"{row['names'][0]}")
    reason, label = engine.rules.outside[row["value"]]

    assert turn.answer.status == REASONS[reason]
    assert known(row["value"]) or label in told(turn)


def test_no_name_of_a_matter_outside_is_answered(ask: Asker) -> None:
    """Every name of every matter outside is declined."""
    answered = [
        f"{row['value']}: {name}"
        for row in ROWS
        for name in map(str, row["names"])
        if ask(name).answer.kind == "answered"
    ]

    assert not answered


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("住院报销多少", "declined_out_of_scope"),
        ("生育保险怎么报", "declined_out_of_scope"),
        ("社保怎么补缴", "declined_out_of_scope"),
        ("普通门诊报多少", "declined_out_of_scope"),
        ("大病保险起付线", "declined_out_of_scope"),
        ("医保卡丢了怎么补", "declined_out_of_scope"),
        ("透析会不会死", "declined_medical"),
        ("糖尿病吃什么药好", "declined_medical"),
        ("高血压能吃柚子吗", "declined_medical"),
        ("化疗有什么副作用", "declined_medical"),
        ("我卡里还有多少钱", "declined_personal"),
        ("我的申请批了没有", "declined_personal"),
        ("上海门特怎么办", "declined_out_of_scope"),
        ("杭州透析报多少", "declined_out_of_scope"),
        ("无锡在哪里办", "declined_out_of_scope"),
    ],
)
def test_what_lies_outside_is_declined(ask: Asker, text: str, status: str) -> None:
    """Other benefits, medicine, accounts and other cities are named as what they are."""
    turn = ask(text)

    assert turn.answer.status == status
    assert not figures(told(turn)) - {"12333", "12393", "120", "110"}


def test_declining_says_where_to_ask(ask: Asker, suzhou: Pack) -> None:
    """The pack's pointer follows, or the default one without a region."""
    assert suzhou.region.pointer.says in told(ask("生育津贴怎么领"))
    assert pointer(None) in told(ask("生育津贴怎么领", region=None))


def test_the_pointer_of_suzhou_has_no_number(ask: Asker) -> None:
    """The guide gives no telephone number, so none is given for it."""
    assert not figures(told(ask("备案有效期多久")))


def test_another_city_is_named(ask: Asker) -> None:
    """Which city's rules are missing is said."""
    assert "杭州" in told(ask("杭州透析报多少"))


@pytest.mark.parametrize("text", ["透析限额多少", "备案要几天审核", "昆虫在哪里办"])
def test_no_answer_without_a_region_is_one_citys(ask: Asker, text: str) -> None:
    """Where the region matters and is unknown, no city's figure is given unlabelled."""
    turn = ask(text, region=None)

    assert turn.answer.kind != "answered" or told(turn).startswith(("苏州", "北京", "通用"))


def test_the_region_is_asked_for_with_its_choices(ask: Asker) -> None:
    """The regions with a pack are offered, general is none of them."""
    turn = ask("透析限额多少", region=None)

    assert [option.say for option in turn.answer.options] == ["北京", "苏州"]


def test_the_disease_is_asked_for(ask: Asker) -> None:
    """A limit of nothing in particular needs a disease."""
    turn = ask("限额多少")

    assert turn.answer.status == "clarify_slot"
    assert "哪" in told(turn)


@pytest.mark.parametrize("text", ["我不想活了", "活着没意思想死"])
def test_despair_is_met_with_help(ask: Asker, text: str) -> None:
    """Somebody in danger is told whom to call, not what is out of scope."""
    assert "120" in told(ask(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("慢病和特病一年能报的钱有没有上限", "通用说法"),
        ("居民医保住院加门特超过35万了，门特还报吗", "不能。苏州：居民医保"),
        ("透析限额多少", "在哪里参保"),
    ],
)
def test_without_a_region_the_general_rule_is_told_first(
    ask: Asker, text: str, expected: str
) -> None:
    """A figure that one document has is labelled; where a disease has two answers it is asked."""
    assert expected in told(ask(text, region=None))


def test_the_half_that_is_not_ours_is_declined_beside_the_other(ask: Asker) -> None:
    """要交多少钱 asks by its own name, without another word that asks."""
    answer = told(ask("居民高血压在二级医院报百分之几？顺便问下明年居民医保要交多少钱一个人"))

    assert "55%" in answer
    assert "医保缴费" in answer
