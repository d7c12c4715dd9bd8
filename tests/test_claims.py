"""A yes or no is lent to every way of putting the same question, and to no other question."""

from __future__ import annotations

import pytest
from asking import Asker, told

from intents.building import Engine


def test_an_entry_claims_what_its_phrasings_say(engine: Engine) -> None:
    """One that needs not be done and one that can be left undone claim the same."""
    needs = [c for c in engine.claims["beijing/in-person"] if c.stance.subject == "needs"]

    assert {"不用跑现场吧", "不去医保局也行吧"} <= {claim.text for claim in needs}
    assert not any(claim.holds for claim in needs)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("办特病非得去医保大厅吗", "不需要。"),
        ("能不能不去现场", "可以。"),
        ("难道还要我去窗口排队", "不需要。"),
        ("我是听障人士：备案传材料是不是只收PDF，别的格式一律退？", "不是。"),
        ("京通只能在支付宝里用，是这样吗", "不是。"),
        ("没通过就不能再交了吗", "可以。"),
        ("换定点医院，还得跑窗口吗", "不需要。"),
        ("手机上换得了医院吗", "可以。"),
        ("没有社保卡就登不了了吧", "不是。"),
    ],
)
def test_the_same_fact_answers_however_it_is_asked(ask: Asker, text: str, word: str) -> None:
    """The first word is that of the question's own verb."""
    assert told(ask(text, region="beijing")).startswith(word)


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("审核通过了，不会还得等到下个月才算数吧", "beijing"),
        ("化疗的材料传得糊了能用吗", "beijing"),
        ("PKU孩子苯丙氨酸值480要不要减蛋白", "suzhou"),
        ("要病理报告吗", "suzhou"),
    ],
)
def test_what_is_not_the_same_is_not_affirmed(ask: Asker, text: str, region: str) -> None:
    """Neither what is feared nor what the packs say nothing of gets a yes."""
    assert not told(ask(text, region=region)).startswith(("是。", "可以。", "需要。", "会。"))


@pytest.mark.parametrize(
    ("text", "word"), [("要不要带病历", "不一定。"), ("要不要诊断证明", "需要。")]
)
def test_a_paper_for_some_diseases_is_not_needed_by_all(ask: Asker, text: str, word: str) -> None:
    """检查报告和病历 are 其他补充材料（部分病种可能需要）."""
    assert told(ask(text, region="beijing")).startswith(word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("审批通过了，备案是不是次月才生效", "不是。"),
        ("通过了马上能用吗", "可以。"),
        ("批了以后要到下个月才管用吧", "不需要。"),
        ("审核通过后不会还得等下个月吧", "不会。"),
    ],
)
def test_at_once_and_later_are_one_claim(ask: Asker, text: str, word: str) -> None:
    """Who knows that it is at once knows that there is nothing to wait for."""
    assert told(ask(text, region="beijing")).startswith(word)


@pytest.mark.parametrize(
    ("region", "text", "word"),
    [
        ("suzhou", "腹透是不是随便哪家医院做都给报呀", "不是。"),
        ("beijing", "多发性硬化的诊断证明，随便哪位大夫开都成？", "不能。"),
        ("beijing", "诊断证明随便哪家诊所开的都认不", "不是。"),
        ("suzhou", "随便哪家医院的主任医师都能给填申请表，对吧", "不是。"),
    ],
)
def test_whether_any_one_will_do(ask: Asker, region: str, text: str, word: str) -> None:
    """What an entry says to it once it says of whatever is put so."""
    assert told(ask(text, region=region)).startswith(word)


@pytest.mark.parametrize(
    ("region", "text", "word"),
    [
        ("suzhou", "康复期里查出骨转移了，能不能再按治疗期报", "可以。"),
        ("suzhou", "化疗早停了，这回又跑到肝上去了，没封顶的那档还能再享受一轮吗", "可以。"),
        ("suzhou", "前列腺癌现在只做内分泌治疗，应该归到康复期了吧", "不是。"),
        ("suzhou", "老爸退休职工，今年住院门特都过35万了，往后的门特是不是统统自费了", "不是。"),
        ("suzhou", "乳腺癌打靶向针，算治疗期不算", "算。"),
        ("beijing", "我就在北京城里瞧病，异地备案也得先弄？", "不需要。"),
    ],
)
def test_what_decides_a_treatment_is_not_mistaken(
    ask: Asker, region: str, text: str, word: str
) -> None:
    """A wrong first word here would cost somebody the benefit."""
    assert told(ask(text, region=region)).startswith(word)
