"""Numbers and names of persons go out of a text, however they are written; nothing else does."""

from __future__ import annotations

import asyncio
import random
import string
from datetime import date
from itertools import product
from pathlib import Path

import pytest
import yaml
from asking import DAY, Asker, Talk, figures, text_of, told
from hypothesis import given, settings
from hypothesis import strategies as st
from planting import DISGUISES, KINDS, PLAIN, identity, plain_digits, secret

from bot import outbox
from bot.batch import Line, replies
from bot.channels.answering import Answering, decode
from bot.channels.console import Console
from bot.channels.permission import Permission
from bot.channels.wechat_messages import Incoming
from bot.channels.wechat_turns import Place
from bot.redact import Redacted, marks, redacted
from bot.redacting.identity import is_card_of_person, is_checked
from bot.redacting.words import words
from bot.resources import Resources
from bot.service import Service
from intents.normalise import MARK, normalise

QUESTIONS = Path(__file__).parent / "questions"
# The questions of the files that hold a name or a number of somebody.
TOLD = set(
    "frs-089 oos-7047 oop-025 noo-021 oos3-112 txo-023 ud-082 oos-127 ZY-023 QR-033 QW-100 "
    "RF-039".split()
)
CARD = "320106195001012345"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_found_in_every_disguise(kind: str) -> None:
    """Alone, before a question, behind an amount, within a sentence."""
    rnd = random.Random(kind)  # noqa: S311 - the same every time
    frames = ("{}", "{}，透析限额多少", "花了45000元，{}", "我{}想问透析")
    for disguise, frame in product(["as it is"] if kind in PLAIN else DISGUISES, frames):
        one = secret(rnd, kind, disguise)
        left = redacted(frame.format(one.said))
        assert left.kinds, one
        assert one.value not in left.text
        assert not one.digits or one.digits not in plain_digits(left.text)


@given(st.randoms(use_true_random=False), st.data())
@settings(max_examples=150, deadline=None)
def test_groups_and_what_parts_them_do_not_matter(rnd: random.Random, data: st.DataObject) -> None:
    """A number of an identity card is found in any groups, each digit in a script of its own."""
    scripts = ["0123456789", "０１２３４５６７８９", "零一二三四五六七八九", "⓪①②③④⑤⑥⑦⑧⑨"]
    gap = st.sampled_from(["", " ", "-", "，", "\n", "\u200b", ". ", " - "])
    number = identity(rnd)
    written = "".join(
        (char if char == "X" else data.draw(st.sampled_from(scripts))[int(char)]) + data.draw(gap)
        for char in number
    )

    assert redacted(f"{written}限额").kinds == ("id",)


@pytest.mark.parametrize("number", ["34169185", "三四幺六勾幺八五", "3416 9185"])
@pytest.mark.parametrize("behind", ["，QQ号是478884165", ",wx是abc12345", "，a座"])
def test_a_mark_and_letters_behind_a_number_do_not_hide_it(number: str, behind: str) -> None:
    """What parts a number from letters is no part of it."""
    assert redacted(f"联系电话：{number}{behind}").text.startswith("〔电话号码〕")


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_text_is_taken_and_what_is_marked_stays(text: str) -> None:
    """A second look changes nothing, and finds the kinds of the first."""
    once = redacted(text)
    again = redacted(once.text)

    assert again.text == once.text
    assert set(again.kinds) >= set(once.kinds)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"我叫王建国，身份证{CARD}，透析", "我叫〔姓名〕，〔身份证号〕，透析"),
        ("王建国，13812345678", "〔姓名〕，〔手机号〕"),
        ("我是李秀英的女儿", "我是〔姓名〕的女儿"),
        ("姓名：歐陽娜娜", "姓名：〔姓名〕"),
        ("我叫王强透析限额多少", "我叫〔姓名〕透析限额多少"),
        ("家里0512-65221234转8001", "家里〔电话号码〕"),
        ("(010)62345678", "〔电话号码〕"),
        ("卡6222021234567890123吗", "卡〔号码〕吗"),  # its check is wrong: a number all the same
        ("社保卡号A12345678", "〔社保卡号〕"),
        ("住院号：ZY123456，花了3000元", "〔病历号〕，花了3000元"),
        ("护照EA1234567", "〔证件号〕"),
        ("zhang.san＠qq．com", "〔邮箱〕"),
        ("加微信号wang_1988", "加〔微信号〕"),
        ("我住姑苏区人民路100号3幢402室", "我住姑苏区〔地址〕"),
        ("李家村三组12号", "〔地址〕"),
        ("32010619500101123叉", "〔身份证号〕"),
    ],
)
def test_the_rest_of_a_sentence_stays_as_it_is(text: str, left: str) -> None:
    """The word in front of a number goes with it; what else was said can still be read."""
    assert redacted(text).text == left


@pytest.mark.parametrize(
    "text",
    [
        "花了45000，4.5万，四万五，三十五万，350000元，1,350,000元",
        "起付线1500 3000 500，15000、20000、30000",
        "2023-10-01 2024-01-01，20231001，2023年10月1日，1965-03-12 500元",
        "65岁，七十五岁，90%，百分之九十五，1950年生",
        "12345、12333、12393，0512-12345，打12345 12333",
        "E11.900x033 N18.500 C50.9 I10，M05.900",
        "苏医保〔2023〕1号，苏人保规〔2019〕12号",
        "1、限额多少 2、去哪办 3、材料",
        "我叫不出名字，我叫救护车，姓名要写谁，名字怎么改，叫车去医院",
        "我是职工，我是张家港的，我是高血压，我是常熟人，我是周三去的，我是王阿姨",
        "微信 alipay，微信公众号suzhou，医保卡里还有2000元，身份证2019年办的",
        "3楼12号窗口，C栋二楼，地铁4号线，5路公交，住院号码怎么查",
    ],
)
def test_what_is_nobodys_own_is_not_touched(text: str) -> None:
    """Amounts, days, ages, hotlines, codes of diseases and documents, lists."""
    assert redacted(text) == Redacted(text)


def test_what_the_packs_publish_is_not_touched(served: Service) -> None:
    """The address of an office, also misspelt, and the number of a hotline."""
    office = "平泷路251号是不是，平龙路251号几楼，张家港华昌路3号那边，电话8388098，0911-8388099"

    assert served.redacted(office) == Redacted(office)
    assert redacted(office) != Redacted(office)


def test_questions_are_not_changed(served: Service) -> None:
    """Of all the questions of the files those alone that hold a name or a number of somebody."""
    changed = {
        str(case["id"])
        for file in QUESTIONS.glob("*.yaml")
        for case in yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
        for text in case["turns"]
        if served.redacted(text).kinds
    }

    assert changed == TOLD


@pytest.mark.parametrize(
    "piece",
    ["1", "1 ", "6 ", "一", "a", "@", "a@a.", "路1号", "病历号", "病历号1 ", "我叫王", "微信a",
     "1\u200b", "138 ", "62 ", "a1", "e12345678", "3幢", "路1-1", " ", "〔", "姓名："],
)  # fmt: skip
def test_no_text_is_too_long(piece: str) -> None:
    """What a hundred thousand characters take grows with them, and not with their square."""
    text = piece * (100_000 // len(piece))

    assert len(redacted(text).text) <= len(text)


def test_the_checks_are_those_of_the_standards() -> None:
    """The example of GB 11643, and the usual test number of a card."""
    assert is_card_of_person("11010519491231002x")
    assert not is_card_of_person("110105194912310021")
    assert is_checked("4111111111111111")
    assert not is_checked("4111111111111112")


# the answer


def test_the_answer_has_the_same_facts(ask: Asker) -> None:
    """A name and a number change nothing but the line at the end."""
    bare = ask("透析一年限额多少")
    told_more = ask(f"我叫王建国，身份证{CARD}，透析一年限额多少")

    assert told_more.answer.blocks[:-1] == bare.answer.blocks
    assert told_more.answer.citations == bare.answer.citations
    assert "身份证号、姓名" in told(told_more).splitlines()[-1]
    assert figures(told(told_more)) == figures(told(bare))


@pytest.mark.parametrize(
    "frame",
    ["我叫王建国，{}", "{}，我的手机13812345678", f"{{}} {CARD}", "13812345678{}",
     "姓名：李秀英，手机：139 1234 5678\n{}", "{}我电话是0512-65221234"],
)  # fmt: skip
@pytest.mark.parametrize(
    "text", ["常熟在哪办门特", "职工高血压能报吗", "花了45000元透析报多少", "肺结核要带什么材料"]
)
def test_a_mark_is_no_word_no_place_and_no_number(ask: Asker, frame: str, text: str) -> None:
    """Wherever it stands in a message, the question is the same."""
    bare, more = ask(text).answer, ask(frame.format(text)).answer

    assert (more.status, more.topic, more.slots) == (bare.status, bare.topic, bare.slots)
    assert more.blocks[:-1] == bare.blocks


@pytest.mark.parametrize(
    "text", ["13812345678", f"我叫王建国，身份证号是{CARD}", "我的手机１３８-１２３４-５６７８"]
)
def test_numbers_alone_get_a_kind_sentence(talk: Talk, text: str) -> None:
    """That no number is needed, and what may be asked; the conversation goes on as it was."""
    first, told_number, after = talk("透析一年限额多少", text, "退休的呢")

    assert told_number.answer.status == "smalltalk"
    assert "不需要" in text_of(told_number)
    assert told_number.state == first.state
    assert "透析" in told(after)


def test_an_option_is_chosen_beside_a_name(talk: Talk) -> None:
    """A number of a choice stays one: 我是王建国，2."""
    bare = talk("限额多少", "2", region=None)[-1]
    named = talk("限额多少", "我是王建国，2", region=None)[-1]

    assert named.answer.blocks[:-1] == bare.answer.blocks


def test_without_such_data_nothing_is_said(ask: Asker) -> None:
    """The line is only there where something was marked out."""
    assert "没有保存" not in text_of(ask("花了45000元透析报多少"))


def test_what_was_asked_is_kept_without_it(ask: Asker) -> None:
    """The turn has the words as they may be written down, and its state none of it."""
    turn = ask(f"透析限额 {CARD}")

    assert turn.asked == "透析限额 〔身份证号〕"
    assert CARD not in repr(turn)


# the ways in


def test_a_conversation_in_the_terminal_says_nothing_back(served: Service) -> None:
    """Neither its history, nor why, nor a command or a region that there is not."""
    console = Console(served)
    said = [
        console.respond(line)
        for line in (f"透析限额 {CARD}", "/history", "/why", f"/{CARD}", f"/region {CARD}")
    ]

    assert all(said)
    assert not any(CARD in (one or "") for one in said)


def test_a_batch_says_nothing_back(served: Service) -> None:
    """Each reply has the line at its end, and none of the numbers."""
    said = replies(served, Line("1", (f"透析限额 {CARD}", "我叫王建国，退休的呢")), DAY)

    assert all("没有保存" in one["text"] for one in said)
    assert not any(secret in str(said) for secret in (CARD, "王建国"))


def test_a_question_for_later_is_kept_without_it(resources: Resources) -> None:
    """WeChat: where there is no time, what is kept to be answered has no number in it."""
    place = Place(resources, "wechat", "account", permission=Permission(given=True))
    answering = Answering(place, room=0)
    came = Incoming("account", "user", "text", f"透析限额 {CARD}", "", ("1",))

    async def answered() -> None:
        await answering.answer(came)
        await answering.close()

    asyncio.run(answered())
    with resources.store.reading() as connection:
        (sealed,) = outbox.lane_of(connection, "wechat", place.lane("user"))
    parcel = decode(resources.keyring.unseal(sealed) or b"")

    assert parcel.incoming
    assert parcel.incoming.text == "透析限额 〔身份证号〕"


# the marks


def test_understanding_knows_every_mark() -> None:
    """Each is one bracketed word, and has a name for the person."""
    assert set(words().marks) == set(words().kinds)
    for mark in words().marks.values():
        assert MARK.fullmatch(mark)
        assert marks().fullmatch(mark)
        assert normalise(f"透析{mark}").text == "透析"


def test_the_number_of_a_document_is_no_mark() -> None:
    """苏医保〔2023〕1号 is read as it stands."""
    assert "2023" in normalise("苏医保〔2023〕1号").text


def test_digits_of_every_script_are_known() -> None:
    """Whatever Unicode calls a decimal digit."""
    for zero in ("0", "٠", "०", "０", "𝟎", "𝟘", "𝟢", "𝟬", "𝟶", "᠐", "๐"):
        number = "".join(chr(ord(zero) + int(char)) for char in "13812345678")
        assert redacted(number).kinds == ("mobile",), zero


def test_half_a_character_is_no_obstacle() -> None:
    """Nor is anything else that is printable or not."""
    odd = "\ud800" + string.printable + "\0" + "13812345678" + "\udfff"

    assert "13812345678" not in redacted(odd).text


def test_a_birthday_in_the_future_is_no_card() -> None:
    """Eighteen digits without a day in them are a long number, and go as one."""
    assert redacted("320106299902302345").kinds == ("number",)
    assert date(2026, 11, 22) == DAY
