"""Typed slots: what was meant, what was typed, and what the person took back."""

from __future__ import annotations

import pytest
from asking import Asker, understood

from intents.building import Engine
from intents.engine import understand
from intents.understanding import Slot


def slots(engine: Engine, text: str) -> dict[str, set[str]]:
    """The values of every slot of a message."""
    found: dict[str, set[str]] = {}
    for ask in understand(engine, text).asks:
        for slot in ask.slots:
            found.setdefault(slot.name, set()).add(slot.value)
    return found


def one(engine: Engine, text: str, name: str) -> Slot:
    """The first slot of this name in a message."""
    return next(slot for slot in understand(engine, text).asks[0].slots if slot.name == name)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("职工医保透析限额", "scheme", {"employee"}),
        ("新农合透析限额", "scheme", {"resident"}),
        ("退休老人透析限额", "population", {"retired"}),
        ("小孩PKU限额", "population", {"student"}),
        ("没工作的人透析限额", "population", {"unemployed"}),
        ("三甲医院高血压报多少", "hospital", {"tertiary"}),
        ("社区医院高血压报多少", "hospital", {"secondary"}),
        ("苏州透析限额", "region", {"suzhou"}),
        ("园区在哪里办", "district", {"sip"}),
        ("盛泽在哪里办", "district", {"wujiang"}),
        ("5岁苯丙酮尿症限额", "age", {"5"}),
        ("透析花了5万能报多少", "yuan", {"50000"}),
        ("透析报90%对吗", "percent", {"90"}),
        ("2024年3月透析限额", "year", {"2024-03"}),
        ("苏周到怎么办理", "platform", {"suzhoudao"}),
    ],
)
def test_every_kind_of_slot_is_recognised(
    engine: Engine, text: str, name: str, expected: set[str]
) -> None:
    """Schemes, people, hospitals, places, ages, money, rates, days and platforms are typed."""
    assert slots(engine, text)[name] == expected


def test_a_slot_keeps_what_was_said(engine: Engine) -> None:
    """A slot has the value, the words, where they stood and how they were recognised."""
    slot = one(engine, "请问xuetou限额", "disease")

    assert (slot.value, slot.said, slot.span, slot.how) == ("dialysis", "xuetou", (2, 8), "pinyin")


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("职工，说错了，居民，透析限额", "scheme", {"resident"}),
        ("透析，哦不对，是非透析，限额多少", "disease", {"kidney-nondialysis"}),
        ("在昆山，打错了，在常熟，去哪办", "district", {"changshu"}),
    ],
)
def test_what_is_taken_back_does_not_count(
    engine: Engine, text: str, name: str, expected: set[str]
) -> None:
    """After 说错了 the new value replaces the old."""
    assert slots(engine, text)[name] == expected


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("不是职工是居民，透析限额", "scheme", {"resident"}),
        ("不是高血压，是糖尿病，限额多少", "disease", {"diabetes"}),
        ("不是昆山，是太仓，去哪办", "district", {"taicang"}),
    ],
)
def test_what_is_denied_does_not_count(
    engine: Engine, text: str, name: str, expected: set[str]
) -> None:
    """A denied value gives way to the one that is affirmed."""
    assert slots(engine, text)[name] == expected


def test_what_alone_is_denied_stays(engine: Engine) -> None:
    """Where nothing else is named, the denied value is what the question is about."""
    assert slots(engine, "不是职工能办吗").get("scheme") == {"employee"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("癌症限额", {"cancer-treatment", "cancer-recovery"}),
        ("癌症化疗限额", {"cancer-treatment"}),
        ("癌症康复期限额", {"cancer-recovery"}),
        ("化疗结束的癌症限额", {"cancer-recovery"}),
        ("肝癌限额", {"cancer-treatment", "cancer-recovery"}),
        ("肺癌靶向治疗限额", {"cancer-treatment"}),
        ("尿毒症限额", {"dialysis", "kidney-nondialysis"}),
        ("尿毒症做血透限额", {"dialysis"}),
        ("尿毒症还没透析限额", {"kidney-nondialysis"}),
        ("两病限额", {"hypertension", "diabetes"}),
        ("儿童糖尿病限额", {"child-diabetes", "diabetes"}),
        ("儿童糖尿病，是1型，限额", {"child-diabetes"}),
    ],
)
def test_a_name_of_several_diseases_is_narrowed(
    engine: Engine, text: str, expected: set[str]
) -> None:
    """A name that is true of two diseases means both, until something tells which."""
    assert slots(engine, text)["disease"] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("高血压和糖尿病都有，限额多少", {"hypertension-diabetes"}),
        ("高血压合并糖尿病限额", {"hypertension-diabetes"}),
        ("糖尿病同时又有高血压，限额多少", {"hypertension-diabetes"}),
        ("高血压和糖尿病限额分别是多少", {"hypertension", "diabetes"}),
        ("高血压限额", {"hypertension"}),
    ],
)
def test_two_diseases_in_one_person_are_a_row_of_their_own(
    engine: Engine, text: str, expected: set[str]
) -> None:
    """高血压 and 糖尿病 together are one row, named one after the other they are two."""
    assert slots(engine, text)["disease"] == expected


def test_money_spent_before_is_kept_apart(engine: Engine) -> None:
    """What inpatient care has cost already is not the expense in question."""
    found = slots(engine, "透析，住院已经花了3万，门特又花2万，能报多少")

    assert (found["inpatient"], found["yuan"]) == ({"30000"}, {"20000"})


@pytest.mark.parametrize(
    ("text", "spent", "stay"),
    [
        ("今年住院和门特一共花了3万，这次透析花了1万", "30000", None),
        ("没住院，今年已经花了3万，这次1万", "30000", None),
        ("今年先住院，合规费用到了3万，出来后放疗又是2万", None, "30000"),
    ],
)
def test_a_stay_in_hospital_is_told_from_what_counts_with_it(
    engine: Engine, text: str, spent: str | None, stay: str | None
) -> None:
    """Only what the stay alone cost is `inpatient`."""
    found = slots(engine, text)

    assert spent in found.get("spent", {None})
    assert stay in found.get("inpatient", {None})


@pytest.mark.parametrize("denied", ["没", "未曾", "弗曾", "冇", "还没到", "用不着", "暂时不用"])
def test_who_is_not_on_dialysis_is_its_twin(engine: Engine, denied: str) -> None:
    """However it is denied, in whatever dialect: never the row of dialysis."""
    assert slots(engine, f"慢性肾衰，{denied}透析，限额多少")["disease"] == {"kidney-nondialysis"}


def test_one_kind_of_dialysis_denied_is_the_other(engine: Engine) -> None:
    """不是血透,是腹透 says nothing of kidneys without dialysis."""
    assert slots(engine, "不是血透，是腹透，报几成")["disease"] == {"dialysis"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("帕金森是隔壁邻居的，我家小孩自闭症", {"autism"}),
        ("医生说是焦虑症，不是精神分裂，算严重精神障碍吗", {"mental-disorder"}),
        ("我妈高血压，外婆高血压加糖尿病", {"hypertension", "hypertension-diabetes"}),
    ],
)
def test_a_disease_belongs_to_who_has_it(engine: Engine, text: str, expected: set[str]) -> None:
    """What a neighbour has, or a doctor ruled out, is not asked about."""
    found = slots(engine, text)

    assert found["disease"] == expected
    assert not any(value.endswith("精神分裂症") for value in found.get("member", ()))


@pytest.mark.parametrize(
    ("text", "cue"),
    [("血友病一年是两万还是三万", "limit"), ("居民透析报80%还是90%来着", "rate")],
)
def test_figures_between_which_somebody_wavers_are_asked_about(
    engine: Engine, text: str, cue: str
) -> None:
    """Neither of them was spent, and neither is claimed."""
    (ask,) = understand(engine, text).asks

    assert ask.topic == "benefit"
    assert cue in ask.cues
    assert not {"yuan", "percent"} & {slot.name for slot in ask.slots}


def test_the_same_amount_twice_is_two_amounts(engine: Engine) -> None:
    """Two bills of 3000 are 6000; a disease named twice is one."""
    found = understand(engine, "透析上次花了3000，透析这次花了3000，能报多少").asks[-1]
    names = [slot.name for slot in found.slots]

    assert names.count("disease") == 1
    assert names.count("yuan") + names.count("spent") == 2


def test_a_population_settles_its_scheme_in_the_answer(ask: Asker) -> None:
    """Who says 退休 is an employee and need not say so."""
    turn = ask("退休的透析限额")

    assert understood(turn, "population") == {"retired"}
    assert "居民医保" not in str(turn.answer.blocks[0])


def test_nothing_said_has_no_slots(engine: Engine) -> None:
    """A greeting has no slot but itself."""
    assert set(slots(engine, "你好")) <= {"talk"}


@pytest.mark.parametrize(
    "text",
    [
        "我糖尿病还有高血压，限额多少",
        "我不光有糖尿病，还有高血压，限额多少",
        "我除了糖尿病还有高血压，限额多少",
        "糖尿病，另外还查出来高血压，限额多少",
        "不光高血压还有糖尿病，限额多少",
    ],
)
def test_one_disease_besides_the_other_is_the_row_of_both(ask: Asker, text: str) -> None:
    """Whoever has both has 3000 yuan, and not 2000."""
    assert understood(ask(text), "disease") == {"hypertension-diabetes"}


def test_another_question_is_no_other_disease_of_one_person(ask: Asker) -> None:
    """限额多少,还有高血压呢 asks of each."""
    assert understood(ask("糖尿病限额多少，还有高血压呢"), "disease") == {
        "diabetes",
        "hypertension",
    }
