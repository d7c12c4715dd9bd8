"""Which of the places in a message is where the person is insured."""

from __future__ import annotations

import pytest

from intents.building import Engine
from intents.engine import understand

PLACES = ("region", "district", "landmark", "place", "other-place")


def places(engine: Engine, text: str) -> set[str]:
    """The places of a message that count."""
    asks = understand(engine, text).asks
    return {value for ask in asks for name in PLACES for value in ask.values(name)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("苏州透析限额", {"suzhou"}),
        ("户口在安徽，苏州参保，透析限额多少", {"suzhou"}),
        ("我在苏州参保，去上海看病，透析限额多少", {"suzhou"}),
        ("老家在河南，在昆山交的医保，去哪里办门特", {"kunshan"}),
        ("在上海动的手术，常熟职工医保，透析限额", {"changshu"}),
        ("我在苏州上班，南京参保的，透析限额多少", {"南京"}),
    ],
)
def test_where_one_is_insured_goes_before_where_one_was(
    engine: Engine, text: str, expected: set[str]
) -> None:
    """A place with 参保 or 医保 behind it counts; where somebody was treated or born does not."""
    assert places(engine, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("不是苏州，是北京，透析能报吗", {"beijing"}),
        ("不在昆山，在太仓，去哪里办", {"taicang"}),
        ("不是南京，是苏州，透析限额", {"suzhou"}),
        ("不问苏州，一般要几张照片", {"general"}),
    ],
)
def test_a_denied_place_does_not_count(engine: Engine, text: str, expected: set[str]) -> None:
    """不是苏州 is not about Suzhou."""
    assert places(engine, text) == expected


def test_a_district_of_another_city_is_none_of_ours(engine: Engine) -> None:
    """高新区 in 西安高新区 is not the one of Suzhou."""
    assert places(engine, "西安高新区在哪里办门特") == {"西安"}


@pytest.mark.parametrize("said", ["我在河北，", "堂哥在杭州，", "他外孙女在南京，"])
def test_where_others_are_says_nothing_of_the_patient(engine: Engine, said: str) -> None:
    """Who asks for an uncle may be anywhere, and so may the family."""
    assert places(engine, f"我伯伯参加北京医保，{said}尿毒症的申请要等几天") == {"beijing"}


def test_two_places_in_one_breath_both_count(engine: Engine) -> None:
    """南京和苏州 asks about both."""
    assert places(engine, "南京和苏州透析限额有什么区别") == {"南京", "suzhou"}
    assert places(engine, "北京和苏州有什么不一样") == {"beijing", "suzhou"}


def test_places_in_passing_alone_say_nothing(engine: Engine) -> None:
    """A town without a pack where somebody is merely treated is not where they are insured."""
    assert places(engine, "我在上海住院，透析限额多少") == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("市区在哪里办", {"gusu"}),
        ("SIP在哪里办", {"sip"}),
        ("新区在哪里办", {"gaoxin"}),
        ("木渎在哪里办", {"wuzhong"}),
        ("杨舍在哪里办", {"zhangjiagang"}),
        ("虎丘区在哪里办", {"gaoxin"}),
        ("changshu在哪里办", {"changshu"}),
        ("長熟在哪里办", {"changshu"}),
    ],
)
def test_a_nickname_of_a_place_is_known(engine: Engine, text: str, expected: set[str]) -> None:
    """Districts are found by their towns, nicknames, pinyin and misspellings."""
    assert places(engine, text) == expected


def test_where_somebody_lives_is_not_where_they_are_insured(engine: Engine) -> None:
    """河北住 passes; 北京的特病 is what is asked about, and 医保服务平台 insures nobody."""
    said = "我人在河北住想用国家医保服务平台办北京的特病是不是要先备案"

    assert places(engine, said) == {"beijing"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我姑在张家港我自己在姑苏我要给我自己办那个门慢特去哪栋楼啊", {"gusu"}),
        ("我妈是昆山我爸是太仓这次问我爸的太仓那个医保大厅在哪条路几号", {"taicang"}),
    ],
)
def test_in_speech_the_district_is_that_of_whom_the_question_is_about(
    engine: Engine, text: str, expected: set[str]
) -> None:
    """Who was named last before the question word is asked about, and nobody else."""
    assert places(engine, text) == expected


def test_where_a_friend_is_may_be_asked_about(engine: Engine) -> None:
    """我朋友在成都 is passed over, 他那边呢 is not."""
    assert places(engine, "我朋友在成都，透析限额多少") == set()
    assert places(engine, "我朋友在成都，他那边透析报多少") == {"成都"}


@pytest.mark.parametrize(
    "text",
    [
        "我妈透析，要去上海住半年，在上海透能报吗",
        "我医保在苏州，冬天在三亚，透析在三亚做能报吗",
        "苏州医保，长期住在上海，能在上海透析报销吗",
    ],
)
def test_a_stay_elsewhere_is_no_insurance_there(engine: Engine, text: str) -> None:
    """It is asked what is paid away from home."""
    found = understand(engine, text)

    assert [ask.topic for ask in found.asks] == ["offsite"]
    assert not any(slot.name == "other-place" for ask in found.asks for slot in ask.slots)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("是宿州的，不是江苏苏州，血友病限额", {"宿州"}),
        ("我在张家界，别看成张家港，要什么材料", {"张家界"}),
        ("我是苏州医保，血友病限额", {"suzhou"}),
    ],
)
def test_a_place_is_what_it_is_said_to_be(engine: Engine, text: str, expected: set[str]) -> None:
    """What sounds alike is denied in so many words; an account's name may be an insurance."""
    assert places(engine, text) == expected


@pytest.mark.parametrize(
    "text", ["在上海看病 参保苏州，怎么备案", "退休住海南，苏州医保，怎么备案"]
)
def test_who_is_insured_here_is_asked_for_here(engine: Engine, text: str) -> None:
    """Where somebody is treated or lives is told on the way, however shortly it is put."""
    assert places(engine, text) == {"suzhou"}
