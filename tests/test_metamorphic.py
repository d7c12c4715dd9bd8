"""The same question typed in another way has the same facts for an answer."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import noise
import pytest
from asking import Asker, figures, told
from msgspec import Struct

from bot.service import Turn
from knowledge.schema import Disease
from knowledge.snapshot import load


class Case(Struct, frozen=True):
    """A question with a blank for the name of the disease."""

    id: str
    question: str

    def about(self, name: str) -> str:
        """The question about a disease called so."""
        return self.question.format(disease=name)


CASES = (
    Case("limit", "{disease}限额多少"),
    Case("rate", "{disease}能报几成"),
    Case("employee", "职工医保{disease}怎么报销"),
    Case("resident", "居民医保的{disease}限额和比例是多少？"),
    Case("retired", "退休职工{disease}一年最多报多少"),
    Case("covered", "学生少儿的{disease}能不能报"),
)
DISEASES = load().pack("suzhou").diseases
EVERY = pytest.mark.parametrize("disease", DISEASES, ids=[one.id for one in DISEASES])
# What people type by sound: without the formal tail that nobody spells out.
SPOKEN = {
    "cancer-treatment": "肿瘤治疗期", "transplant": "器官移植", "dialysis": "透析",
    "kidney-nondialysis": "肾衰非透析", "cancer-recovery": "肿瘤康复期", "hemophilia": "血友病",
    "mental-disorder": "精神障碍", "cataract": "白内障", "aplastic-anemia": "再生障碍性贫血",
    "lupus": "红斑狼疮", "tuberculosis": "肺结核", "home-bed": "家庭病床", "pku": "苯丙酮尿症",
    "child-diabetes": "儿童一型糖尿病", "autism": "孤独症", "growth-hormone": "生长激素缺乏症",
    "hypertension": "高血压", "diabetes": "糖尿病", "hypertension-diabetes": "高血压加糖尿病",
    "rheumatoid-arthritis": "类风湿性关节炎", "parkinson": "帕金森", "copd": "慢阻肺",
}  # fmt: skip


def _facts(turn: Turn) -> tuple[str, frozenset[str], bool, bool]:
    """What an answer comes to: how it ended, its figures, and what it says without figures."""
    text = told(turn)
    return turn.answer.status, frozenset(figures(text)), "无此项目" in text, "没有写清" in text


def _changes(ask: Asker, pairs: list[tuple[str, str]]) -> list[str]:
    """The pairs of questions (plain, changed) of which the facts differ."""
    misses = []
    for plain, changed in pairs:
        before, after = _facts(ask(plain)), _facts(ask(changed))
        if before != after:
            misses.append(f"{changed}: {_shown(after)} instead of {_shown(before)}")
    return misses


def _shown(facts: tuple[str, frozenset[str], bool, bool]) -> str:
    status, found, absent, unsettled = facts
    marks = [word for word, so in (("无此项目", absent), ("没有写清", unsettled)) if so]
    return f"{status} {sorted(found)} {' '.join(marks)}".rstrip()


def _whole(change: Callable[[str], str], disease: Disease) -> list[tuple[str, str]]:
    """Every question about a disease, by both its names, with all of it changed."""
    names = dict.fromkeys((disease.name, disease.short, SPOKEN[disease.id]))
    asked = [case.about(name) for case in CASES for name in names]
    return [(text, change(text)) for text in asked]


@pytest.mark.parametrize(
    "change",
    [noise.traditional, noise.full_width, noise.spaced, noise.with_emoji, noise.with_filler],
    ids=["traditional", "full-width", "spaces", "emoji", "filler"],
)
@EVERY
def test_another_script_changes_no_fact(
    ask: Asker, disease: Disease, change: Callable[[str], str]
) -> None:
    """Traditional, full-width or spaced out, between emoji or filler: the same facts."""
    pairs = _whole(change, disease)
    misses = _changes(ask, pairs)

    assert not misses, f"{len(misses)} of {len(pairs)}:\n" + "\n".join(misses)


@pytest.mark.parametrize(
    "change",
    [noise.pinyin, noise.pinyin_apart, noise.pinyin_toned],
    ids=["joined", "apart", "toned"],
)
@EVERY
def test_a_name_in_pinyin_changes_no_fact(
    ask: Asker, disease: Disease, change: Callable[[str], str]
) -> None:
    """The name of the disease in pinyin, the rest in characters: the same facts."""
    name = SPOKEN[disease.id]
    pairs = [(case.about(name), case.about(change(name))) for case in CASES]
    misses = _changes(ask, pairs)

    assert not misses, f"{len(misses)} of {len(pairs)}:\n" + "\n".join(misses)


@EVERY
def test_a_homophone_in_the_name_changes_no_fact(ask: Asker, disease: Disease) -> None:
    """One character of the name written as another of the same sound: the same facts."""
    name = SPOKEN[disease.id]
    slips = list(noise.slips(name))
    pairs = [(case.about(name), case.about(slip)) for case in CASES[:3] for slip in slips]
    misses = _changes(ask, pairs)

    assert slips
    assert not misses, f"{len(misses)} of {len(pairs)}:\n" + "\n".join(misses)


@pytest.mark.parametrize(
    ("plain", "slipped"),
    [
        ("透析限额多少", "透析现额多少"),
        ("职工医保透析报销比例", "职工医保透析抱销比例"),
        ("职工医保透析报销比例", "值工医保透析报销比例"),
        ("居民医保透析限额", "居名医保透析限额"),
        ("退休职工透析怎么报", "退修职工透析怎么报"),
        ("昆山在哪里办", "昆山在那里办"),
        ("常熟经办地址", "长熟经办地址"),
        ("门特备案要什么材料", "门特备案要什么才料"),
        ("门特怎么办理", "门特怎么班理"),
        ("审核要几天", "审合要几天"),
    ],
)
def test_a_homophone_in_the_rest_changes_no_fact(ask: Asker, plain: str, slipped: str) -> None:
    """A slip in the scheme, the place or what is asked is read over, too."""
    assert told(ask(slipped)) == told(ask(plain))


@pytest.mark.parametrize(
    ("plain", "typed"),
    [
        ("透析怎么报", "xuetou怎么报"),
        ("糖尿病限额", "tnb限额"),
        ("糖尿病限额", "tangniaobing xiane"),
        ("常熟地址", "changshu dizhi"),
        ("高血压怎么报销", "gaoxueya zenme baoxiao"),
        ("透析限额多少", "touxi xian'e duoshao"),
        ("居民医保高血压报销比例", "jumin yibao gaoxueya baoxiao bili"),
    ],
)
def test_a_whole_question_in_pinyin_changes_no_fact(ask: Asker, plain: str, typed: str) -> None:
    """All of a question in letters has the answer of the same question in characters."""
    assert told(ask(typed)) == told(ask(plain))


@pytest.mark.parametrize(
    ("amount", "same"),
    [
        ("50000元", ("5万", "五万", "5w", "五万块", "50,000元", "５００００元", "伍万元", "5萬元")),
        ("45000元", ("4万5", "四万五", "4.5万", "4.5w", "四万五千块", "肆万伍仟元")),
        ("6000元", ("六千块", "6k", "6千", "六千元", "陆仟元")),
    ],
)
def test_an_amount_is_the_same_however_written(
    ask: Asker, amount: str, same: tuple[str, ...]
) -> None:
    """An amount in digits, in numerals or with a scale comes to the same calculation."""
    question = "在职透析花了{}能报多少"
    expected = told(ask(question.format(amount)))

    assert figures(expected)
    assert {told(ask(question.format(one))) for one in same} == {expected}


@pytest.mark.parametrize(
    "story",
    [
        "外婆住在昆山，医保是姑苏的，门特去哪办",
        "我爸退休职工，尿毒症要透析了，我妈没工作，有高血压和糖尿病，两个人分别报多少",
        "在职职工做血透，今年医保内花了5万，没住院过，能报多少",
        "医生说还没到透析那一步，居民医保的，一年限额多少",
        "我是昆山的，材料都准备好了，寄过去行不行",
        "我弟弟精神分裂，没上班交的居民医保，门诊一年给报多少",
    ],
)
def test_blanks_for_commas_change_no_fact(ask: Asker, story: str) -> None:
    assert not _changes(ask, [(story, story.replace("，", " "))])


def test_the_same_words_give_the_same_answer(ask: Asker) -> None:
    """Asking again changes nothing, not even a byte."""
    numbers = count()
    texts = [
        noise.one_slip(case.about(disease.short), next(numbers))
        for case in CASES
        for disease in DISEASES
    ]
    first = [ask(text).answer for text in texts]

    assert [ask(text).answer for text in texts] == first
