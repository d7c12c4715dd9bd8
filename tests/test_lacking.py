"""Whether something can be done without what was told to be lacking."""

from __future__ import annotations

import pytest
from asking import Talk, told, topics


@pytest.mark.parametrize(
    ("region", "text", "first"),
    [
        ("suzhou", "申请表医院没盖章，能办吗", "不能。"),
        ("suzhou", "章没敲，窗口收伐", "不能。"),
        ("suzhou", "章还没盖上。我明天就拿这张表去姑苏区窗口交，收不收？", "不能。"),
        ("beijing", "申报表医生没签字，能传吗", "不能。"),
        ("suzhou", "身份证忘带了，可以办吗", "可以。"),
        ("suzhou", "医保卡丢了还没补，拿电子凭证去窗口申请门慢特，中不中", "可以。"),
        ("suzhou", "没医保卡就办不成门慢特了吗", "不是。"),
        ("suzhou", "没有申请表能办吗", "不能。"),
        ("suzhou", "出院小结丢了，还能办备案吗", "分情况。"),
        ("suzhou", "没有病理报告，窗口给办吗", "分情况。"),
    ],
)
def test_the_first_word_is_about_what_is_lacking(
    talk: Talk, region: str, text: str, first: str
) -> None:
    """And not about whether there are windows, or whether one may file at all."""
    assert told(talk(text, region=region)[-1]).startswith(first)


def test_of_what_belongs_on_a_form_only_what_is_lacking_counts(talk: Talk) -> None:
    """In Beijing the form wants a signature, and nothing is written of a stamp."""
    answer = told(talk("申报表上有医师签字，没盖医院红章，交得过去不", region="beijing")[-1])

    assert not answer.startswith("不能")


@pytest.mark.parametrize("text", ["医保卡丢了怎么补办", "医保卡丢了去哪办"])
def test_a_new_card_is_another_matter(talk: Talk, text: str) -> None:
    """Who wants the card itself is told that it lies outside."""
    assert topics(talk(text, region="suzhou")[-1]) == ["outside"]
