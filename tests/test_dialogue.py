"""A conversation: what is carried on, what is put out of force, and how it starts anew."""

from __future__ import annotations

import pytest
from asking import Talk, figures, text_of, told, topics, understood

from intents.dialogue import State, advance
from intents.understanding import Ask, Normalised, Slot, Understanding


def slot(name: str, value: str) -> Slot:
    """A slot as if it had just been said."""
    return Slot(name, value, value, (0, 1), "exact")


def said(*slots: Slot, topic: str = "") -> Understanding:
    """An understanding of one ask."""
    return Understanding(Normalised("", "", ()), (Ask(topic, slots),), "clear", 1.0)


@pytest.mark.parametrize(
    ("follow", "expected", "absent"),
    [
        ("退休的呢", "无限额", "居民医保"),
        ("换成居民", "35万元", "无限额"),
        ("那学生呢", "35万元", "无限额"),
        ("非透析的呢", "8000元", "无限额"),
        ("血友病呢", "10万元", "35万元以内"),
    ],
)
def test_an_ellipsis_goes_on_with_the_question(
    talk: Talk, follow: str, expected: str, absent: str
) -> None:
    """A new value alone asks the old question about it."""
    text = told(talk("透析限额多少", follow)[-1])

    assert expected in text
    assert absent not in text


def test_a_slot_is_carried_on(talk: Talk) -> None:
    """What was said of the person holds for the next disease."""
    turns = talk("我退休了，透析限额多少", "血友病限额呢")

    assert "居民医保" not in told(turns[-1])
    assert "10万元" in told(turns[-1])


def test_a_corrected_slot_replaces_the_old(talk: Talk) -> None:
    """说错了，是相城 asks the same about another district."""
    turns = talk("昆山在哪里办", "说错了，是相城")

    assert "庆元路168号" in told(turns[-1])
    assert "前进西路" not in told(turns[-1])


def test_another_topic_keeps_the_person(talk: Talk) -> None:
    """那要准备啥 asks for the papers of the same filing."""
    turns = talk("透析限额多少", "那要准备啥")

    assert turns[-1].asks[0].topic == "materials"


def test_a_region_can_be_switched_and_switched_back(talk: Talk) -> None:
    """Each region answers for itself, whichever was asked before."""
    turns = talk("审核要几天", "北京呢", "苏州呢", region=None)

    assert turns[1].asks[0].slot("region") == "beijing"
    assert "1-3个工作日" in told(turns[1])
    assert "1-3个工作日" not in told(turns[2])


def test_the_region_is_asked_for_once(talk: Talk) -> None:
    """Where it matters and is not known it is asked for, and the question is then answered."""
    turns = talk("透析限额多少", "苏州", region=None)

    assert [one.answer.status for one in turns] == ["clarify_region", "answered"]
    assert "无限额" in told(turns[1])


@pytest.mark.parametrize("choice", ["2", "第二个", "苏州", "选2", "第2个", "２"])
def test_an_option_is_chosen_by_number_ordinal_or_words(talk: Talk, choice: str) -> None:
    """Options can be chosen in every way that people write a choice."""
    turns = talk("透析限额多少", choice, region=None)

    assert [option.label for option in turns[0].answer.options] == ["北京", "苏州"]
    assert "无限额" in told(turns[1])


@pytest.mark.parametrize("choice", ["先说第2个", "2", "第二个呢", "那就先讲2吧"])
def test_of_questions_that_were_counted_one_is_chosen(talk: Talk, choice: str) -> None:
    """Who counts up three questions may come back to the second."""
    turns = talk("三个事：1昆山窗口地址 2要带的材料 3血友病额度", choice, region="suzhou")

    assert turns[1].answer.topic == "materials"


@pytest.mark.parametrize("turns", [("残疾军人八级要登记吗",), ("残疾军人要登记吗", "七级的呢")])
def test_a_soldier_of_a_grade_that_is_not_written_is_not_exempt(
    talk: Talk, turns: tuple[str, ...]
) -> None:
    """The document has grades one to six; of the others it says nothing."""
    last = talk(*turns, region="suzhou")[-1]

    assert not told(last).startswith("不需要")
    assert "一至六级" in told(last)


def test_a_grade_is_that_of_what_was_spoken_of(talk: Talk) -> None:
    """Of a soldier, of a hospital, or of a disease, which has no rate of its own."""
    assert told(talk("离休要登记吗", "六级残军呢", region="suzhou")[-1]).startswith("不需要")
    hospital = told(talk("居民高血压在三级医院报多少", "二级呢", region="suzhou")[-1])
    assert ("55%" in hospital, "三级医院就诊结付35%" in hospital) == (True, False)
    severe = told(talk("居民高血压3级报多少", region="suzhou")[-1])
    assert ("55%" in severe, "35%" in severe) == (True, True)


def test_that_something_can_be_done_is_no_yes_to_whether_it_is_enough(talk: Talk) -> None:
    """A hospital can be changed; to go to another one is not enough."""
    last = talk("透析的医院想换一家", "我直接去新的那家透就行了吧", region="suzhou")[-1]

    assert not told(last).startswith(("是", "可以"))
    assert "重新办理" in told(last)


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        (("居民化疗，今年已经过35万了", "往后再做的还给不给报"), "不结付"),
        (("职工，门特跟住院一起过了三十五万", "后面按几个点给"), "95%"),
    ],
)
def test_what_comes_after_a_bound_that_was_told_is_asked_about(
    talk: Talk, turns: tuple[str, ...], expected: str
) -> None:
    """Not what holds below it."""
    assert expected in told(talk(*turns, region="suzhou")[-1])


def test_where_somebody_is_treated_is_remembered(talk: Talk) -> None:
    """Told in a message of its own, it decides on the filing elsewhere."""
    turns = ("用国家医保服务平台备特殊病", "我们就在本市看病", "异地那一步得点吗")

    assert told(talk(*turns, region="beijing")[-1]).startswith("不需要")


def test_a_grown_up_after_a_child_is_no_student(talk: Talk) -> None:
    """孤独症 has a benefit for children alone."""
    turns = (
        "我女儿五岁孤独症，少儿医保，限额多少",
        "她表哥今年三十，居民医保，也是这个病，他能办吗",
    )

    assert "无此项目" in told(talk(*turns, region="suzhou")[-1])


def test_a_number_out_of_range_chooses_nothing(talk: Talk) -> None:
    """Of two options there is no ninth."""
    turns = talk("透析限额多少", "9", region=None)

    assert turns[1].answer.status != "answered"


def test_a_region_is_inferred_from_a_district(talk: Talk) -> None:
    """Who names Kunshan need not be asked for the region."""
    turns = talk("我在昆山参保，透析限额多少", region=None)

    assert turns[0].answer.status == "answered"
    assert "无限额" in told(turns[0])


def test_thanks_and_insults_in_between_forget_nothing(talk: Talk) -> None:
    """Small talk leaves the conversation as it was."""
    turns = talk("透析限额多少", "谢谢", "你真笨", "退休的呢")

    assert [one.answer.status for one in turns[1:3]] == ["smalltalk", "smalltalk"]
    assert "无限额" in told(turns[-1])


def test_a_side_question_in_between_forgets_nothing(talk: Talk) -> None:
    """After another topic the disease is still known."""
    turns = talk("透析限额多少", "昆山在哪里办", "报销比例呢")

    assert "90%" in told(turns[-1])


@pytest.mark.parametrize("before", [(), ("透析限额多少",), ("去哪里办",), ("你好",), ("生育津贴",)])
@pytest.mark.parametrize("region", ["suzhou", None])
def test_a_person_can_be_asked_for_from_every_state(
    talk: Talk, before: tuple[str, ...], region: str | None
) -> None:
    """转人工 is a handover, whatever came before."""
    assert talk(*before, "转人工", region=region)[-1].answer.status == "handover"


def test_starting_anew_forgets_everything(talk: Talk) -> None:
    """After 重新开始 an ellipsis has nothing to go on with."""
    turns = talk("透析限额多少", "重新开始")

    assert turns[-1].state == State()


@pytest.mark.parametrize(
    ("first", "second", "third"),
    [("透析限额多少", "材料要带什么", "审核要几天"), ("昆山在哪里办", "太仓呢", "常熟的呢")],
)
def test_a_conversation_repeats_itself(talk: Talk, first: str, second: str, third: str) -> None:
    """The same words in the same conversation give the same answers."""
    once = [text_of(one) for one in talk(first, second, third)]

    assert [text_of(one) for one in talk(first, second, third)] == once


def test_advancing_is_pure() -> None:
    """The state before is not changed, and each message is a turn."""
    state = State()
    moved, _ = advance(state, said(slot("disease", "dialysis"), topic="benefit"))

    assert state == State()
    assert (moved.turns, moved.topic, moved.slot("disease")) == (1, "benefit", "dialysis")


def test_a_carried_slot_says_so() -> None:
    """What was said earlier is filled in and marked."""
    state, _ = advance(State(), said(slot("disease", "dialysis"), topic="benefit"))
    _, asks = advance(state, said(slot("scheme", "resident"), topic="benefit"))

    assert {(s.name, s.how) for s in asks[0].slots} == {("scheme", "exact"), ("disease", "carried")}


@pytest.mark.parametrize(
    ("known", "new", "gone"),
    [
        (slot("scheme", "employee"), slot("population", "student"), "scheme"),
        (slot("population", "retired"), slot("scheme", "resident"), "population"),
        (slot("district", "kunshan"), slot("region", "beijing"), "district"),
        (slot("region", "beijing"), slot("district", "kunshan"), "region"),
        (slot("age", "5"), slot("disease", "dialysis"), "age"),
        (slot("disease", "dialysis"), slot("other-disease", "痛风"), "disease"),
    ],
)
def test_a_new_value_puts_others_out_of_force(known: Slot, new: Slot, gone: str) -> None:
    """A population of the other scheme, another region, another disease: what hung on it goes."""
    state, _ = advance(State(), said(known, topic="benefit"))
    _, asks = advance(state, said(new, topic="benefit"))

    assert asks[0].slot(gone) is None


@pytest.mark.parametrize(
    ("known", "new"),
    [
        (slot("scheme", "employee"), slot("population", "retired")),
        (slot("disease", "dialysis"), slot("district", "kunshan")),
        (slot("population", "student"), slot("disease", "autism")),
    ],
)
def test_a_value_that_agrees_stays(known: Slot, new: Slot) -> None:
    """What does not contradict the new value goes on."""
    state, _ = advance(State(), said(known, topic="benefit"))
    _, asks = advance(state, said(new, topic="benefit"))

    assert asks[0].slot(known.name) == known.value


def test_a_message_without_a_question_keeps_the_state() -> None:
    """What asks nothing changes nothing but the count of turns."""
    state, _ = advance(State(), said(slot("disease", "dialysis"), topic="benefit"))
    moved, asks = advance(state, Understanding(Normalised("", "", ()), (), "unknown", 0.0))

    assert asks == ()
    assert (moved.topic, moved.slots, moved.turns) == (state.topic, state.slots, 2)


def test_an_age_after_a_that_is_another_age(talk: Talk) -> None:
    """那17岁 does not go on with the ten years said before."""
    turns = talk("苯丙酮尿症5岁限额多少", "10岁的呢", "那17岁")

    assert figures(told(turns[-1])) >= {"36000"}
    assert "29000" not in figures(told(turns[-1]))


def test_a_platform_places_the_conversation(talk: Talk) -> None:
    """京通 is Beijing's, and so is the form asked for after it."""
    turns = talk("京通怎么申请门诊特殊病", "上传什么材料", "申报表能自己下载不", region=None)

    assert told(turns[-1]).startswith("可以。")
    assert "北京市医保局官网" in told(turns[-1])


def test_what_exceeds_a_sum_is_no_bill(talk: Talk) -> None:
    """超过四万以后呢 asks for the rate beyond it, not what comes back of 40 000 yuan."""
    turns = talk("器官移植后吃药，苏州职工", "一年超过四万以后呢")

    assert "95%" in figures(told(turns[-1]))
    assert "合计" not in told(turns[-1])


def test_what_oneself_pays_goes_on_with_the_expense(talk: Talk) -> None:
    """自己要出多少, after a sum, is reckoned from it."""
    turns = talk("我爸透析在职一年花了十万能报多少", "自己要出多少")

    assert "7000" in figures(told(turns[-1]))


def test_after_the_treatment_comes_the_recovery(talk: Talk) -> None:
    """做完化疗了呢 moves on to the row of the phase that follows."""
    turns = talk("癌症化疗没工作能报吗", "做完化疗了呢")

    assert "恶性肿瘤康复期" in told(turns[-1])
    assert "350000" not in figures(told(turns[-1]))


def test_a_district_asked_how_is_asked_where(talk: Talk) -> None:
    """园区咋办, after a figure that holds in all districts, wants the place to go."""
    turns = talk("透析居民怎么报", "园区咋办", "昆山呢")

    assert told(turns[1]).startswith("工业园区经办地址")
    assert told(turns[2]).startswith("昆山市经办地址")


def test_a_telephone_is_said_not_to_be_written(talk: Talk) -> None:
    """The guide of Suzhou has no telephone number, for no district."""
    turns = talk("昆山医保中心的电话号码给我一个", "昆山地址和电话")

    assert "没有写咨询电话" in told(turns[0])
    assert "前进西路1801号" in told(turns[1])
    assert "没有写咨询电话" in told(turns[1])


def test_where_others_go_is_not_where_one_is_insured(talk: Talk) -> None:
    """What a neighbour says of a place moves nobody there."""
    turns = talk(
        "园区缴的社保，要去窗口办门特", "隔壁阿姨讲统统去姑苏平泷路", "她讲得对不对，我到底去哪"
    )

    assert "中新汇金大厦" in told(turns[-1])
    assert "平泷路" not in told(turns[-1])


def test_who_is_insured_at_home_only_lives_elsewhere(talk: Talk) -> None:
    """随儿子在苏州住 and a word on its air move nobody's insurance from Beijing."""
    turns = talk(
        "老伴是北京职工医保",
        "退下来随儿子在苏州住了两年",
        "他要放疗，是不是照苏州的90%给他结",
        region=None,
    )

    assert understood(turns[-1], "region") == {"beijing"}
    assert "90%" not in told(turns[-1])


def test_what_is_paid_there_is_asked_of_a_stay_elsewhere(talk: Talk) -> None:
    """那边 is where somebody said to be for a time."""
    turns = talk("我苏州医保的", "去三亚过冬三个月", "那边透析能报吗", region=None)

    assert topics(turns[-1]) == ["offsite"]


def test_another_city_may_be_asked_about_after_all(talk: Talk) -> None:
    """那北京 asks of Beijing, wherever somebody is insured."""
    turns = talk("我苏州医保的，血友病限额", "那北京", region=None)

    assert understood(turns[-1], "region") == {"beijing"}


def test_who_did_not_catch_it_is_told_again(talk: Talk) -> None:
    """再说一遍 brings the last answer, 太复杂了 its first sentence; before any there is none."""
    turns = talk("再说一遍", "职工透析限额多少", "没听清", "太复杂了")

    assert turns[0].answer.status == "smalltalk"
    assert told(turns[2]) == told(turns[1])
    assert told(turns[3]).startswith("透析，职工医保：无限额。")
    assert "35万" not in told(turns[3])
    assert turns[3].answer.citations


def test_an_answer_may_only_sound_like_the_region_that_was_asked_for(talk: Talk) -> None:
    """背景 is a word of its own, and here a slip for 北京."""
    answer = told(talk("特殊门诊手机怎么申请", "背景", region=None)[-1])

    assert "京通" in answer


def test_after_a_cost_somebody_elses_filing_is_no_figure(talk: Talk) -> None:
    """What was reckoned before says nothing of how another one files."""
    turns = talk(
        "我妈在苏州退休透析，今年花了5万报多少", "那我爸是北京医保，肾移植要怎么备案", region=None
    )

    assert topics(turns[-1]) == ["filing"]
    assert "京通" in told(turns[-1])


def test_a_figure_of_another_disease_is_no_address(talk: Talk) -> None:
    """After where one files 乳腺癌现在康复,一年多少 asks of money, in whatever words it stands."""
    turns = talk("居民糖尿病一年多少", "园区在哪办", "还有我妈乳腺癌化疗完了，现在康复，一年多少")

    assert "中新汇金大厦" in told(turns[1])
    assert "8000" in figures(told(turns[2]))


def test_a_polite_opening_with_a_disease_is_answered(talk: Talk) -> None:
    """想问下透析 names what is wanted: what there is for it."""
    assert "90%" in told(talk("我想问下透析的")[-1])


def test_a_bare_figure_with_a_mark_is_a_yes_or_no(talk: Talk) -> None:
    """100%? after the figures of a disease asks whether that is it."""
    turns = talk("精神病退休的", "100%?", "95%?")

    assert told(turns[1]).startswith("是。")
    assert told(turns[2]).startswith("不是。")


def test_a_grade_that_is_only_near_is_not_ones_own(talk: Talk) -> None:
    """七级跟六级就差一级: asked is about the seventh."""
    answer = told(talk("七级伤残军人跟六级就差一级，也一样免登记的吧")[-1])

    assert answer.startswith("文件没有写这一类")


def test_a_bare_where_after_the_papers_is_the_office(talk: Talk) -> None:
    """好的 is no end of the talk where something is asked behind it."""
    assert "前进西路1801号" in told(talk("我是昆山的", "要带啥", "好的,那去哪")[-1])
