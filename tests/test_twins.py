"""Near twins under every kind of noise: one is never taken for the other."""

from __future__ import annotations

from collections.abc import Iterable

import noise
import pytest
from asking import Asker, understood
from msgspec import Struct

from bot.service import Turn
from intents.lexicon import Lexicon
from intents.near import MARKS


class Twin(Struct, frozen=True):
    """One of a pair: the slot and value it is, the values it must never be, and what it is called.

    `slips` are the names of which a single wrong character still leaves no doubt.
    """

    id: str
    slot: str
    value: str
    never: tuple[str, ...]
    names: tuple[str, ...]
    questions: tuple[str, ...]


DISEASE = ("{name}限额多少", "{name}能报几成", "职工{name}报销吗", "居民{name}")
PERSON = ("{name}透析限额多少", "透析{name}能报几成", "我是{name}，红斑狼疮怎么报")

TWINS = (
    Twin(
        "dialysis",
        "disease",
        "dialysis",
        ("kidney-nondialysis",),
        ("透析", "血透", "腹膜透析", "血液透析", "肾衰透析", "尿毒症透析", "慢性肾功能衰竭透析"),
        DISEASE,
    ),
    Twin(
        "no-dialysis",
        "disease",
        "kidney-nondialysis",
        ("dialysis",),
        (
            "非透析",
            "肾衰非透析",
            "非透析治疗",
            "肾衰没透析",
            "不做透析的肾衰",
            "尿毒症还没透析",
            "慢性肾功能衰竭非透析治疗",
        ),
        DISEASE,
    ),
    Twin(
        "treatment",
        "disease",
        "cancer-treatment",
        ("cancer-recovery",),
        ("恶性肿瘤治疗期", "肿瘤治疗期", "癌症治疗期", "肿瘤化疗", "癌症放疗", "治疗期肿瘤"),
        DISEASE,
    ),
    Twin(
        "recovery",
        "disease",
        "cancer-recovery",
        ("cancer-treatment",),
        ("恶性肿瘤康复期", "肿瘤康复期", "癌症康复期", "癌症恢复期", "康复期肿瘤"),
        DISEASE,
    ),
    Twin(
        "diabetes",
        "disease",
        "diabetes",
        ("child-diabetes", "hypertension-diabetes"),
        ("糖尿病", "2型糖尿病", "二型糖尿病", "成人糖尿病", "老年糖尿病"),
        DISEASE,
    ),
    Twin(
        "child-diabetes",
        "disease",
        "child-diabetes",
        ("diabetes", "hypertension-diabetes"),
        (
            "儿童I型糖尿病",
            "儿童1型糖尿病",
            "I型糖尿病",
            "1型糖尿病",
            "一型糖尿病",
            "小儿一型糖尿病",
        ),
        DISEASE,
    ),
    Twin(
        "hypertension",
        "disease",
        "hypertension",
        ("hypertension-diabetes", "diabetes"),
        ("高血压", "高血压病", "原发性高血压"),
        DISEASE,
    ),
    Twin(
        "both",
        "disease",
        "hypertension-diabetes",
        ("hypertension", "diabetes", "child-diabetes"),
        (
            "高血压+糖尿病",
            "高血压加糖尿病",
            "高血压合并糖尿病",
            "糖尿病合并高血压",
            "既有高血压又有糖尿病",
        ),
        DISEASE,
    ),
    Twin(
        "working", "population", "working", ("retired",), ("在职", "在职职工", "在职人员"), PERSON
    ),
    Twin(
        "not-retired",
        "population",
        "working",
        ("retired",),
        ("没退休", "还没退休", "未退休"),
        PERSON,
    ),
    Twin(
        "retired", "population", "retired", ("working",), ("退休", "退休职工", "退休人员"), PERSON
    ),
    Twin(
        "employee",
        "scheme",
        "employee",
        ("resident",),
        ("职工医保", "职保", "城镇职工", "城镇职工医保"),
        PERSON,
    ),
    Twin(
        "resident",
        "scheme",
        "resident",
        ("employee",),
        ("居民医保", "居保", "城乡居民", "城乡居民医保"),
        PERSON,
    ),
)
EVERY = pytest.mark.parametrize("twin", TWINS, ids=[twin.id for twin in TWINS])

# What changes nothing that is said: the very value must be understood.
FAITHFUL: dict[str, noise.Noise] = {
    "plain": noise.plain,
    "traditional": noise.traditional,
    "full-width": noise.full_width,
    "emoji": noise.with_emoji,
    "filler": noise.with_filler,
    "spaces": noise.spaced,
}
# By sound alone some names may stay unknown, but none may become its twin.
BY_SOUND: dict[str, noise.Noise] = {
    "pinyin": noise.pinyin,
    "pinyin-apart": noise.pinyin_apart,
    "pinyin-toned": noise.pinyin_toned,
}


def _wrong(turn: Turn, twin: Twin) -> str:
    """What was understood instead, empty where no twin was."""
    found = understood(turn, twin.slot)
    return f"understood as {sorted(found)}" if found & set(twin.never) else ""


def _confused(ask: Asker, twin: Twin, names: Iterable[str]) -> list[str]:
    """The questions of which the name was taken for its twin."""
    texts = [question.format(name=name) for name in names for question in twin.questions]
    return [f"{text}: {wrong}" for text in texts if (wrong := _wrong(ask(text), twin))]


@pytest.mark.parametrize("kind", list(FAITHFUL))
@EVERY
def test_a_twin_is_understood_as_itself(ask: Asker, twin: Twin, kind: str) -> None:
    """Whatever the script, the width or the company, a name keeps its own value."""
    asked = [question.format(name=name) for name in twin.names for question in twin.questions]
    texts = [FAITHFUL[kind](text) for text in asked]
    misses = [
        f"{text}: understood as {sorted(found)}"
        for text in texts
        if (found := understood(ask(text), twin.slot)) != {twin.value}
    ]

    assert not misses, f"{len(misses)} of {len(texts)}:\n" + "\n".join(misses)


@pytest.mark.parametrize("kind", list(BY_SOUND))
@EVERY
def test_a_twin_in_pinyin_is_never_the_other(ask: Asker, twin: Twin, kind: str) -> None:
    """A name typed by sound is itself or unknown, never its twin."""
    misses = _confused(ask, twin, map(BY_SOUND[kind], twin.names))

    assert not misses, f"{len(misses)}:\n" + "\n".join(misses)


@EVERY
def test_a_twin_with_a_homophone_is_never_the_other(ask: Asker, twin: Twin) -> None:
    """One wrong character of the same sound never turns a name into its twin."""
    misses = [miss for name in twin.names for miss in _confused(ask, twin, noise.slips(name))]

    assert not misses, f"{len(misses)}:\n" + "\n".join(misses)


@EVERY
def test_a_twin_is_kept_apart_under_several_noises_at_once(ask: Asker, twin: Twin) -> None:
    """Traditional characters, filler, emoji and blanks together change nothing either."""
    misses = []
    for name in twin.names:
        for question in twin.questions:
            plain = question.format(name=noise.spaced(name))
            text = noise.with_emoji(noise.traditional(noise.with_filler(plain)))
            found = understood(ask(text), twin.slot)
            misses += [] if found == {twin.value} else [f"{text}: understood as {sorted(found)}"]

    assert not misses, f"{len(misses)}:\n" + "\n".join(misses)


@pytest.mark.parametrize(
    ("text", "slot", "expected"),
    [
        ("不是透析，是非透析，限额多少", "disease", {"kidney-nondialysis"}),
        ("不是非透析，是透析，限额多少", "disease", {"dialysis"}),
        ("我说错了，是康复期不是治疗期，报几成", "disease", {"cancer-recovery"}),
        ("是治疗期，不是康复期，限额多少", "disease", {"cancer-treatment"}),
        ("不是在职，是退休，透析报多少", "population", {"retired"}),
        ("不是退休，是在职，透析报多少", "population", {"working"}),
        ("不是职工医保是居民医保，透析限额", "scheme", {"resident"}),
        ("不是居民医保是职工医保，透析限额", "scheme", {"employee"}),
        ("不是一型是二型糖尿病，限额多少", "disease", {"diabetes"}),
        ("不是二型是一型糖尿病，限额多少", "disease", {"child-diabetes"}),
        ("只有高血压，没有糖尿病，限额多少", "disease", {"hypertension"}),
        ("只有糖尿病，没有高血压，限额多少", "disease", {"diabetes"}),
    ],
)
def test_a_denied_twin_is_not_meant(ask: Asker, text: str, slot: str, expected: set[str]) -> None:
    """Of two twins in one sentence, the one that is denied does not count."""
    assert understood(ask(text), slot) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("透析和非透析限额分别多少", {"dialysis", "kidney-nondialysis"}),
        ("治疗期和康复期有什么区别", {"cancer-treatment", "cancer-recovery"}),
        ("糖尿病和儿童I型糖尿病限额一样吗", {"diabetes", "child-diabetes"}),
    ],
)
def test_both_twins_can_be_asked_about_at_once(ask: Asker, text: str, expected: set[str]) -> None:
    """Who names both twins wants both."""
    assert understood(ask(text), "disease") == expected


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("透析限额多少", "8000"),
        ("肾衰非透析限额多少", "无限额"),
        ("肿瘤治疗期限额多少", "8000"),
        ("肿瘤康复期限额多少", "无限额"),
        ("糖尿病限额多少", "8000"),
        ("儿童I型糖尿病限额多少", "2000"),
        ("高血压限额多少", "3000"),
        ("高血压加糖尿病限额多少", "2000"),
    ],
)
def test_no_figure_of_a_twin_is_given(ask: Asker, text: str, other: str) -> None:
    """The answer about one twin holds no figure of the other."""
    answer = ask(text).answer

    assert answer.status == "answered"
    assert all(other not in str(block) for block in answer.blocks)


@pytest.mark.parametrize(
    "text",
    [
        "透析结算不了是什么原因",
        "透析报不了怎么办",
        "透析不给报吗",
        "透析没报上怎么回事",
        "做透析不用起付线吗",
        "透析没有限额吗",
        "透析不封顶吗",
        "没备案的透析能报吗",
    ],
)
def test_a_negation_elsewhere_makes_no_twin(ask: Asker, text: str) -> None:
    """What is denied of the reimbursement is not denied of the treatment."""
    assert understood(ask(text), "disease") == {"dialysis"}


def test_no_word_of_the_frame_makes_a_twin(ask: Asker, lexicon: Lexicon) -> None:
    """有透析, 为透析, 一位透析的: what sounds like 未 or 非 in a rare reading denies nothing."""
    frame = {name.text for name in lexicon.names if name.kind == "filler" and len(name.text) == 1}
    frame = {word for word in frame - MARKS if word.isalpha() and not word.isascii()}

    said = {word: understood(ask(f"{word}透析限额多少"), "disease") for word in sorted(frame)}

    assert {word for word, found in said.items() if found != {"dialysis"}} == set()
