"""Questions that go on with the one before them, although their words are of another topic."""

from __future__ import annotations

import pytest
from asking import Talk, told, topics


@pytest.mark.parametrize(
    ("region", "turns", "topic"),
    [
        ("suzhou", ("癌症复发了怎么办", "要带什么材料"), "relapse"),
        ("suzhou", ("癌症复发了怎么办", "待遇怎么恢复"), "relapse"),
        (None, ("办特病一般要带照片吗", "多大的"), "photos"),
        ("suzhou", ("四级残疾军人要登记吗", "那他老伴普通退休工人，要登记吗"), "exemption"),
        ("beijing", ("美团能用医保买药吗", "在它里面点哪个频道"), "online_pharmacy"),
        (None, ("确诊以后几个月里要申请", "过了呢"), "deadline"),
        (None, ("特病确诊八个月了一直没去办", "是不是就作废了啊"), "deadline"),
        ("suzhou", ("癌症转移了又要化疗", "那时间是从头数吗"), "relapse"),
        ("suzhou", ("血透改腹透要怎么办", "打个电话说一声就成，还是要怎么弄"), "change"),
        ("beijing", ("那个申报表哪里领", "除了医院还有别的路子不"), "form"),
    ],
)
def test_the_topic_stays(
    talk: Talk, region: str | None, turns: tuple[str, ...], topic: str
) -> None:
    """The second question is answered by the rule of the first."""
    assert topic in topics(talk(*turns, region=region)[-1])


@pytest.mark.parametrize(
    ("turns", "topic"),
    [
        (("癌症复发了怎么办", "透析的材料要哪些"), "materials"),
        (("四级残疾军人要登记吗", "透析限额多少"), "benefit"),
        (("申请表谁盖章", "要去哪个医院确诊"), "hospital"),
    ],
)
def test_what_names_something_of_its_own_does_not_stay(
    talk: Talk, turns: tuple[str, ...], topic: str
) -> None:
    """Another disease, another figure, another place begin anew."""
    assert topics(talk(*turns)[-1]) == [topic]


def test_who_is_not_exempt_must_file(talk: Talk) -> None:
    """The one rule answers for both."""
    turns = talk("离休干部要登记门特吗", "那我妈普通退休工人，也不用办吧")

    assert told(turns[0]).startswith("不需要")
    assert told(turns[1]).startswith("需要")


@pytest.mark.parametrize(
    ("region", "turns", "topic"),
    [
        ("suzhou", ("办门慢要带什么材料", "好，接下来怎么弄"), "filing"),
        ("suzhou", ("办门慢要带什么材料", "接下来呢", "然后呢"), "review_time"),
        ("beijing", ("特病备案审核要多久", "再然后呢"), "effective"),
        ("beijing", ("申请的时候要填什么", "姓名身份证病种都填了，然后呢"), "filing"),
        ("suzhou", ("苏周到上从哪儿登记门慢特", "点开全部服务了，然后呢"), "filing"),
    ],
)
def test_the_next_step_is_told(talk: Talk, region: str, turns: tuple[str, ...], topic: str) -> None:
    """A bare 然后呢 asks for what comes behind the step that was told."""
    assert topics(talk(*turns, region=region)[-1]) == [topic]


def test_after_a_figure_no_step_is_next(talk: Talk) -> None:
    """然后呢 after a limit tells the figures again, and no way of filing."""
    assert topics(talk("透析报多少", "然后呢", region="suzhou")[-1]) == ["benefit"]
