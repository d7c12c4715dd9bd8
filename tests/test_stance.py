"""However a yes-or-no question is put, it is known what it asks whether."""

from __future__ import annotations

import pytest

from intents.normalise import normalise
from intents.stance import Kind, comparable, is_exclusive, is_universal, opposed, stance


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("材料能不能寄", "can"),
        ("上传得了不", "can"),
        ("快递过去不收的吧", "can"),
        ("材料能不能寄过去，行不行", "can"),
        ("用不用大夫签字", "needs"),
        ("非得到窗口吗", "needs"),
        ("办好才能报吗", "needs"),
        ("只有微信能用吗", "needs"),
        ("可以不去现场吗", "needs"),
        ("不签字行吗", "needs"),
        ("没有社保卡就登录不了吧", "needs"),
        ("大夫不签字没事吧", "needs"),
        ("用得着先点异地备案么", "needs"),
        ("这个病能按特殊门诊备案不能", "can"),
        ("支付宝有没有京通", "has"),
        ("会不会让我补好几趟", "will"),
        ("康复期满就自动停了吗", "is"),
    ],
)
def test_it_is_known_what_is_asked(text: str, kind: Kind) -> None:
    """The last verb of ability, need or having tells; doing without turns ability into need."""
    assert stance(normalise(text).text).subject == kind


@pytest.mark.parametrize(
    ("text", "affirmed"),
    [
        ("要去窗口吗", False),
        ("用不用去窗口", False),
        ("不用去窗口吧", False),
        ("非得去窗口吗", False),
        ("不去窗口行不行", True),
        ("可以不去窗口吗", True),
        ("不去窗口就办不了吗", False),
        ("必须去窗口，是吧", False),
        ("不用去窗口，对吧", True),
    ],
)
def test_one_fact_answers_all_ways_of_asking(text: str, *, affirmed: bool) -> None:
    """That nobody needs to go there: 不需要, 可以, 不是, 是的, by how it was asked."""
    assert stance(normalise(text).text).answer(holds=False) is affirmed


@pytest.mark.parametrize("yes", [True, False])
@pytest.mark.parametrize("text", ["能寄吗", "不能寄吧", "不去行吗", "要去吗", "不用去吧", "有表吗"])
def test_an_answer_tells_the_fact_and_the_fact_the_answer(text: str, *, yes: bool) -> None:
    """What an answer says of the matter comes back as that answer, or as the verb it affirms."""
    put = stance(text)
    affirmed = put.answer(holds=put.told(yes=yes))
    assert affirmed is (yes != put.denied)


def test_a_story_denies_nothing() -> None:
    """腿脚不方便 says nothing of doing without, nor does what came out otherwise."""
    assert not stance("我腿脚不方便,材料能寄过去吗").without
    assert not stance("没通过能再交吗").without
    assert stance("不带身份证能办吗").without


def test_a_fact_is_no_ability_that_nobody_has() -> None:
    """收邮寄的吗 may be told by 能邮寄吗, never 要去吗 by either."""
    assert comparable("is", "can")
    assert not comparable("can", "needs")
    assert not comparable("is", "has")


def test_exclusive_is_what_leaves_nothing_else() -> None:
    """只能 asks whether another way is shut, 能 does not."""
    assert is_exclusive("只能去窗口吗")
    assert not is_exclusive("能去窗口吗")
    assert is_universal("每个地方都要两张照片吗")


@pytest.mark.parametrize(
    ("text", "kind", "without"),
    [
        ("换医院直接过去刷卡行吗", "can", True),
        ("换一家说一声就行吧", "can", True),
        ("那一步非做不可吗", "needs", False),
        ("非得盖医院的大红章不可吗", "needs", False),
        ("省掉大夫签名那步行吗", "can", True),
        ("仲有冇得报呀", "can", False),
        ("还的亲自跑一趟吗", "needs", False),
        ("职工居民并成一套了，是2025年的事儿不", "is", False),
    ],
)
def test_what_has_to_be_done_first_is_heard(text: str, kind: Kind, *, without: bool) -> None:
    """Doing without it, not being able to do without it, and words that only look like a modal."""
    put = stance(text)

    assert (put.kind, put.without) == (kind, without)


def test_a_level_denies_nothing() -> None:
    """级别够吗 holds no 别."""
    assert not stance("主治开的证明级别够吗").denied


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("拖过半年没去申请，就全作废了", False),
        ("半年没申请就作废了吗", False),
        ("确诊了，就不算数了吗", True),
    ],
)
def test_what_is_denied_before_it_denies_nothing_of_what_is_asked(
    text: str, *, denied: bool
) -> None:
    """A condition may be negative."""
    assert stance(normalise(text).text).denied is denied


@pytest.mark.parametrize(
    "text",
    [
        "腹透不归特殊病,靠谱不",
        "苏州做介入的进不了治疗期,伊讲得对伐",
        "线上要等半年,这话站得住脚吗",
        "非得跑窗口,我没理解错吧",
        "只能本人去,真有这么回事没",
        "医院一选就锁死了,是这个规矩吗",
        "材料不全要跑两趟,没说错吧",
    ],
)
def test_what_only_asks_whether_something_is_true_is_a_tag(text: str) -> None:
    """What is asked about stands before it, and is confirmed or denied as a whole."""
    assert stance(text).tagged


@pytest.mark.parametrize("text", ["材料能寄过去吗", "针对职工的吗", "几天能批", "章不对能重办吗"])
def test_what_asks_something_itself_is_no_tag(text: str) -> None:
    assert not stance(text).tagged


@pytest.mark.parametrize(
    "text",
    ["登录光认社保卡吗", "京通只有微信能进吗", "非得放疗化疗全做了才给算吗", "只许报一只眼吧"],
)
def test_that_nothing_else_does_is_heard(text: str) -> None:
    assert stance(text).sole


@pytest.mark.parametrize(
    "text", ["我只做左眼能报吗", "一只眼给报吗", "阳光花园能认吗", "只要盖章吗"]
)
def test_what_somebody_has_alone_is_no_rule(text: str) -> None:
    assert not stance(text).sole


def test_that_it_differs_is_the_contrary_of_that_it_is_the_same() -> None:
    """换个城市比例会不一样吗 is answered by what is said of 是不是到哪都一样."""
    one, other = stance("是不是走到哪儿都一个样"), stance("换个城市比例会不一样吗")
    assert (one.side, other.side) == ("alike", "unlike")
    assert not other.denied
    assert opposed(one, other) is True
