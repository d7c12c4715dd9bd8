"""A message → what it asks: topics, forms, several questions, and what lies outside."""

from __future__ import annotations

import pytest
from asking import Asker, told

from intents.asking import ELLIPSIS
from intents.building import Engine
from intents.context import Before
from intents.engine import understand
from intents.understanding import Understanding


def topics(understanding: Understanding) -> list[str]:
    """The topics of a message, in order."""
    return [ask.topic for ask in understanding.asks]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("透析限额多少", "benefit"),
        ("血透能报几成", "benefit"),
        ("在职透析花了5万能报多少", "calculate"),
        ("哪个病限额最高", "ranking"),
        ("门特有哪些病", "diseases"),
        ("治疗期包括哪些", "definition"),
        ("昆山经办地址", "address"),
        ("昆山公众号叫什么", "account"),
        ("门特怎么办理", "filing"),
        ("备案要带什么材料", "materials"),
        ("审核要几天", "review_time"),
        ("怎么查审核结果", "result"),
        ("癌症复发了要重新备案吗", "relapse"),
        ("透析可以随便选医院吗", "designated"),
        ("热线电话多少", "hotline"),
        ("备案有效期多久", "validity"),
        ("周末上班吗", "hours"),
    ],
)
def test_a_plain_question_has_its_topic(engine: Engine, text: str, topic: str) -> None:
    """What is asked is recognised from the words."""
    assert topics(understand(engine, text)) == [topic]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("透析限额多少，要带什么材料？", ["benefit", "materials"]),
        ("门特怎么办理？审核要几天？", ["filing", "review_time"]),
        ("昆山在哪里办；要带什么材料", ["address", "materials"]),
        ("1.透析报几成 2.审核多久", ["benefit", "review_time"]),
    ],
)
def test_several_questions_are_all_understood(
    engine: Engine, text: str, expected: list[str]
) -> None:
    """Each question of a message is an ask of its own, in order."""
    assert topics(understand(engine, text)) == expected


def test_the_question_is_found_in_a_story(engine: Engine) -> None:
    """Slots come from the story, the topic from what is asked."""
    text = (
        "我爸今年72岁，退休前在厂里做工，后来查出来尿毒症，一周要做三次血透，"
        "我在外地上班照顾不到，我妈也有高血压。想问一下我爸这个血透一年的限额是多少？"
    )
    found = understand(engine, text)

    assert topics(found) == ["benefit"]
    assert found.asks[0].slot("disease") == "dialysis"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("透析能报吗", "yes_no"),
        ("透析限额是8000对吗", "yes_no"),
        ("学生能不能办白内障", "yes_no"),
        ("透析限额多少", "open"),
        ("透析能报多少", "open"),
        ("透析怎么报", "open"),
    ],
)
def test_a_yes_or_no_question_is_told_from_an_open_one(
    engine: Engine, text: str, form: str
) -> None:
    """吗, 能不能 and 对吗 want a yes or no; 多少 and 怎么 do not."""
    assert understand(engine, text).asks[0].form == form


def test_a_message_of_slots_alone_is_an_ellipsis(engine: Engine) -> None:
    """退休的呢 changes a slot of the question before it."""
    ask = understand(engine, "退休的呢").asks[0]

    assert (ask.topic, ask.slot("population")) == (ELLIPSIS, "retired")


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("生育津贴怎么领", "out_of_scope"),
        ("养老金怎么算", "out_of_scope"),
        ("我的医保卡余额多少", "personal"),
    ],
)
def test_what_lies_outside_is_recognised(engine: Engine, text: str, matter: str) -> None:
    """Other benefits and a person's own account have a reason to be declined."""
    ask = understand(engine, text).asks[0]

    assert ask.topic == "outside"
    assert engine.rules.outside[ask.slot("outside") or ""][0] == matter


@pytest.mark.parametrize("text", ["", "   ", "？？？", "asdfgh", "qwrtp zxcvb", "😀😀"])
def test_noise_asks_nothing(engine: Engine, text: str) -> None:
    """Blanks, signs and random letters have no topic and no confidence."""
    found = understand(engine, text)

    assert not any(topics(found))
    assert found.verdict == "unknown"
    assert found.confidence == 0.0


def test_confidence_lies_between_nothing_and_one(engine: Engine) -> None:
    """However many slots agree, confidence is a share."""
    texts = ("苏州职工退休透析限额多少", "透析", "那个", "透析限额多少，昆山在哪里办，要什么材料")

    assert all(0 <= understand(engine, text).confidence <= 1 for text in texts)


def test_an_entry_of_another_region_is_no_candidate(engine: Engine) -> None:
    """In Beijing no entry of Suzhou is proposed, and the other way round."""
    for region, other in (("beijing", "suzhou"), ("suzhou", "beijing")):
        found = understand(engine, "审核要几天", Before(region=region)).candidates
        assert not [c for c in found if c.entry and c.entry.startswith(other)]


def test_the_normal_form_and_the_raw_text_are_kept(engine: Engine) -> None:
    """An understanding knows what was typed and how it was read."""
    found = understand(engine, "透析限額？")

    assert (found.normalised.raw, found.normalised.text) == ("透析限額？", "透析限额?")


def test_a_refused_twin_is_told(engine: Engine) -> None:
    """Why a near name was not taken can be shown."""
    assert understand(engine, "三型糖尿病限额").asks[0].slot("disease") != "child-diabetes"


def test_the_same_text_is_understood_the_same(engine: Engine) -> None:
    """Understanding has no memory and no chance in it."""
    text = "我爸退休了，血透一年限额多少，昆山在哪里办"

    assert understand(engine, text) == understand(engine, text)


@pytest.mark.parametrize(
    "added",
    ["另外特食奶粉的生产厂家是哪家", "还有贝利尤单抗这个针在不在里面", "顺便问下护士长叫什么名字"],
)
def test_what_is_added_in_words_of_its_own_is_not_lost(ask: Asker, added: str) -> None:
    """The half that is known is answered, of the other it is said that nothing is written."""
    turn = ask(f"红斑狼疮一年给多少额度，{added}？")

    assert "8000元" in told(turn)
    assert turn.answer.status == "answered_partly"


def test_a_disease_asked_about_beside_another_question_is_not_lost(ask: Asker) -> None:
    """血透腹透都管吗 has no cue, and is a question all the same."""
    answer = told(ask("透析是血透腹透都管吗？多久批下来？", region="beijing"))

    assert "血透、腹透" in answer
    assert "1-3个工作日" in answer


def test_a_tumour_that_is_asked_about_next_has_its_own_rows(ask: Asker) -> None:
    """白血病呢 asks the same of another disease, by the name of a tumour."""
    answer = told(ask("狼疮限额多少，白血病呢"))

    assert answer.index("红斑狼疮") < answer.index("恶性肿瘤治疗期")
