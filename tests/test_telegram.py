"""Telegram, from an update to what a person sees, through the library on a fake of its wire."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from asking import figures
from telegram_api import Platform
from telegram_people import ANN, BOB, GROUP, joins, message, says, sends, shows, taps, update
from telegram_playing import left, play, take

from bot.answers import plain
from bot.channels import telegram_answering
from bot.channels.telegram_wording import COMMANDS, phrase
from bot.channels.wording import line
from bot.resources import Resources
from bot.service import turn
from intents.dialogue import State

Json = dict[str, Any]
PHOTO = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]
FILE = {"file_id": "f", "file_unique_id": "u"}
Say = Callable[..., list[str]]


@pytest.fixture
def platform() -> Platform:
    """A platform on which nothing was said yet."""
    return Platform()


@pytest.fixture
def say(resources: Resources, platform: Platform) -> Say:
    """Have somebody do things, and see what the bot wrote into the chat because of them."""

    def done(*updates: Json, chat: int = ANN) -> list[str]:
        before = len(platform.chats[chat])
        play(resources, platform, *updates)
        return platform.texts(chat)[before:]

    return done


def test_a_question_is_answered_with_the_same_facts(say: Say, resources: Resources) -> None:
    """Every figure of the plain answer is in the message, and no other."""
    asked = "苏州透析职工报多少"
    expected = turn(resources.service, State(), asked, day=date.today()).answer  # noqa: DTZ011

    (text,) = say(says(asked))
    assert figures(text) == figures(plain(expected))


def test_typing_is_shown_before_the_answer(say: Say, platform: Platform) -> None:
    """Once for an update, however often it comes."""
    asked = says("苏州透析限额")
    say(asked, asked, asked)

    assert [name for name, _ in platform.calls] == ["sendChatAction", "sendMessage"]


def test_an_update_is_answered_once(say: Say) -> None:
    """Also by a process that has just started; an edit is an update of its own."""
    asked = says("苏州透析限额")
    edited = update(edited_message=message(text="苏州白血病限额"))

    assert len(say(asked, asked)) == 1
    assert say(asked) == []
    assert len(say(edited)) == 1
    assert say(edited) == []


def test_a_link_is_never_shown_as_a_page(say: Say, platform: Platform) -> None:
    """Previews are off for every message."""
    say(says("/sources"))

    (sent,) = platform.asked("sendMessage")
    assert json.loads(sent["link_preview_options"]) == {"is_disabled": True}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_answered(say: Say, name: str) -> None:
    """Alone, in capitals, and with the name of the bot behind it."""
    for text in (f"/{name}", f"/{name.upper()}", f"/{name}@yiwentong_bot"):
        (answer,) = say(says(text))
        assert answer != line("failed")


def test_a_command_sets_the_region(say: Say) -> None:
    """What is asked then is answered for it, until it is reset."""
    assert say(says("/region 苏州")) == [line("region_set", region="苏州")]
    assert "35万" in say(says("透析限额"))[0]

    say(says("/reset"))
    assert "您在哪里参保" in say(says("透析限额"))[0]


def test_an_unknown_region_is_named_with_the_known_ones(say: Say, platform: Platform) -> None:
    """And these can be tapped."""
    (text,) = say(says("/region 上<海"))

    assert text == line("region_unknown", said="上<海", known="北京、苏州")
    say(taps(platform.chats[ANN][-1], "苏州"))
    assert platform.texts(ANN)[-1] == line("region_set", region="苏州")


def test_an_unknown_command_gets_the_known_ones(say: Say) -> None:
    """Nobody is left without a way on."""
    (text,) = say(says("/balance"))

    assert all(f"/{name}" in text for name in COMMANDS)


def test_an_option_is_a_button(say: Say, platform: Platform) -> None:
    """Tapped, also after a restart, its message shows what was chosen, and the answer comes."""
    say(says("透析限额多少"))
    asked = platform.chats[ANN][-1]
    (answer,) = say(taps(asked, "苏州"))

    assert "35万" in answer
    assert platform.texts(ANN)[0].endswith(phrase("chosen", label="苏州"))
    assert "reply_markup" not in platform.chats[ANN][0]
    (note,) = platform.asked("answerCallbackQuery")
    assert note["show_alert"] == "false"


def test_an_option_is_taken_once(say: Say, platform: Platform) -> None:
    """The second tap, of a keyboard still on the screen, is answered over the chat."""
    say(says("透析限额多少"))
    asked = dict(platform.chats[ANN][-1])
    say(taps(asked, "苏州"))

    assert say(taps(asked, "北京")) == []
    assert platform.asked("answerCallbackQuery")[-1]["text"] == phrase("stale")


def test_an_option_of_an_earlier_question_is_stale(say: Say, platform: Platform) -> None:
    """Its answer would be one to the later question."""
    say(says("透析限额多少"))
    asked = dict(platform.chats[ANN][-1])
    say(says("高血压要带什么材料"))

    assert say(taps(asked, "苏州")) == []
    assert platform.asked("answerCallbackQuery")[-1]["show_alert"] == "true"


@pytest.mark.parametrize(
    "forged",
    [
        "", "o.0.", "o.{tag}", "o.99.{tag}", "o.-1.{tag}", "o.².{tag}", "o.00000.{tag}",
        "r.suzhou.{tag}", "r.suzhou.AAAAAAAAAAAAAAAA", "o.0.{tag}x", "x.0.{tag}", "é😀é😀",
    ],
)  # fmt: skip
def test_forged_data_choose_nothing(say: Say, platform: Platform, forged: str) -> None:
    """Whatever a client sends, only what was offered can be chosen."""
    say(says("透析限额多少"))
    asked = platform.chats[ANN][-1]
    data = asked["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    tag = data.rpartition(".")[2]

    assert say(sends(asked, forged.format(tag=tag))) == []
    assert platform.asked("answerCallbackQuery")[-1]["text"] == phrase("stale")


def test_an_option_tapped_twice_is_no_alarm(say: Say, platform: Platform) -> None:
    """It worked: the second tap ends without a word, and adds nothing."""
    say(says("透析限额多少"))
    asked = dict(platform.chats[ANN][-1])

    assert len(say(taps(asked, "苏州"), taps(asked, "苏州"))) == 1
    first, second = platform.asked("answerCallbackQuery")
    assert "text" not in first
    assert "text" not in second


def test_a_region_tapped_twice_is_set_once(say: Say, platform: Platform) -> None:
    """Another one of the same message may be tapped all the same."""
    say(says("/region"))
    asked = dict(platform.chats[ANN][-1])

    told = say(*(taps(asked, name) for name in ("苏州", "苏州", "北京")))
    assert told == [line("region_set", region=name) for name in ("苏州", "北京")]
    assert not any("text" in note for note in platform.asked("answerCallbackQuery"))


def test_a_button_belongs_to_who_asked(say: Say, platform: Platform) -> None:
    """Another member of the group chooses nothing for them."""
    say(says("@yiwentong_bot 透析限额多少", chat=GROUP), chat=GROUP)
    asked = dict(platform.chats[GROUP][-1])

    assert say(taps(asked, "苏州", user=BOB), chat=GROUP) == []
    assert len(say(taps(asked, "苏州"), chat=GROUP)) == 1


def test_a_message_out_of_reach_cannot_be_chosen_from(say: Say, platform: Platform) -> None:
    """Telegram shows no more of it than its number; or it was sent from elsewhere."""
    say(says("透析限额多少"))
    asked = platform.chats[ANN][-1]
    data = asked["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    gone = {"chat": asked["chat"], "message_id": asked["message_id"], "date": 0}

    assert say(sends(gone, data), sends(None, data)) == []
    assert len(platform.asked("answerCallbackQuery")) == 2


def test_a_number_chooses_as_a_button_does(say: Say) -> None:
    """Who types needs no button."""
    say(says("透析限额多少"))

    assert "35万" in say(says("2"))[0]


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ({"photo": PHOTO}, "image"),
        ({"sticker": FILE | {"width": 9, "height": 9, "is_animated": False,
          "is_video": False, "type": "regular"}}, "sticker"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "sticker"),
        ({"voice": FILE | {"duration": 3}}, "voice_none"),
        ({"audio": FILE | {"duration": 3}}, "voice_none"),
        ({"video": FILE | {"width": 9, "height": 9, "duration": 3}}, "video"),
        ({"video_note": FILE | {"length": 9, "duration": 3}}, "video"),
        ({"document": FILE}, "file"),
        ({"location": {"longitude": 120.6, "latitude": 31.3}}, "location"),
        ({"contact": {"phone_number": "1", "first_name": "甲"}}, "contact"),
        ({"story": {"chat": {"id": 5, "type": "private"}, "id": 1}}, "other"),
        ({"checklist": {"title": "x", "tasks": [{"id": 1, "text": "x"}]}}, "other"),
        ({"hologram": FILE}, "other"),
    ],
)  # fmt: skip
def test_what_has_no_words_gets_a_kind_line(say: Say, sent: Json, name: str) -> None:
    """And a position never a guess where to go."""
    assert say(shows(**sent)) == [line(name)]


def test_an_album_is_answered_once(say: Say) -> None:
    """Its pictures are as many updates."""
    album = [shows(photo=PHOTO, media_group_id="9") for _ in range(4)]

    assert say(*album) == [line("image")]


def test_words_under_a_picture_are_answered(say: Say) -> None:
    """And it is said that only they are."""
    (text,) = say(shows(photo=PHOTO, caption="苏州透析限额"))

    assert text.startswith(phrase("caption_only"))
    assert "35万" in text


@pytest.mark.parametrize(
    "sent",
    [
        {"new_chat_title": "x"},
        {"pinned_message": message(text="x")},
        {"new_chat_members": [{"id": 5, "is_bot": False, "first_name": "x"}]},
    ],
)
def test_what_telegram_itself_says_is_passed_over(say: Say, sent: Json) -> None:
    """Joined, pinned, renamed: nobody asked anything."""
    assert say(shows(**sent), shows(chat=GROUP, **sent)) == []


@pytest.mark.parametrize("status", ["kicked", "member"])
def test_nothing_is_said_to_who_blocked_the_bot(say: Say, status: str) -> None:
    """Nor when they let it in again: /start comes then."""
    other = {"kicked": "member", "member": "kicked"}[status]

    assert say(joins(other, status, chat=ANN)) == []


def test_a_group_is_greeted_once(say: Say) -> None:
    """It is told how to ask there."""
    greeting = [phrase("group_hello", name="yiwentong_bot")]

    assert say(joins("left", "member"), joins("member", "left"), chat=GROUP) == greeting


BOT_USER = {"id": 4242, "is_bot": True, "first_name": "x"}


@pytest.mark.parametrize(
    "asked",
    [
        says("苏州透析限额", chat=GROUP),
        says("/help", chat=GROUP),
        says("/help@other_bot", chat=GROUP),
        says("@yiwentong_bots 苏州透析限额", chat=GROUP,
             entities=[{"type": "mention", "offset": 0, "length": 15}]),
        says("苏州透析限额", chat=GROUP, reply_to_message=message(BOB, GROUP, text="x")),
        shows(chat=GROUP, photo=PHOTO),
    ],
    ids=str.split("plain command other-command longer-name other-reply picture"),
)  # fmt: skip
def test_in_a_group_nothing_else_is_answered(say: Say, asked: Json) -> None:
    """What is not meant for the bot is none of its business."""
    assert say(asked, chat=GROUP) == []


@pytest.mark.parametrize(
    "asked",
    [
        says("😀苏州透析限额 @Yiwentong_Bot", chat=GROUP),
        says("苏州透析限额", chat=GROUP,
             reply_to_message=message(BOB, GROUP, text="x") | {"from": BOT_USER}),
        says("😀 通通 苏州透析限额", chat=GROUP,
             entities=[{"type": "text_mention", "offset": 3, "length": 2, "user": BOT_USER}]),
        shows(chat=GROUP, photo=PHOTO, caption="@yiwentong_bot 苏州透析限额",
              caption_entities=[{"type": "mention", "offset": 0, "length": 14}]),
    ],
    ids=str.split("name reply text-mention caption"),
)  # fmt: skip
def test_in_a_group_what_is_meant_for_it_is_answered(say: Say, asked: Json) -> None:
    """Named in the text or under a picture, or replied to; the name is no part of the question."""
    (text,) = say(asked, chat=GROUP)

    assert "35万" in text


def test_in_a_group_the_asked_message_is_replied_to(say: Say, platform: Platform) -> None:
    """Everybody there has a conversation of their own."""
    asked = says("@yiwentong_bot 我在苏州，透析限额", chat=GROUP)
    say(asked, chat=GROUP)
    (text,) = say(says("@yiwentong_bot 透析限额", user=BOB, chat=GROUP), chat=GROUP)

    assert platform.chats[GROUP][0]["replied"] == asked["message"]["message_id"]
    assert "您在哪里参保" in text


MASKED = {"sender_chat": {"id": GROUP, "type": "supergroup"},
          "from": {"id": 1_087_968_824, "is_bot": True, "first_name": "Group"}}  # fmt: skip


def test_who_speaks_as_the_group_chooses_by_number(say: Say, platform: Platform) -> None:
    """Telegram says of a tap who it was, and of the question only that it was the group."""
    (text,) = say(says("@yiwentong_bot 透析限额", chat=GROUP, **MASKED), chat=GROUP)
    asked = platform.chats[GROUP][-1]

    assert "1. 北京\n2. 苏州" in text
    assert "reply_markup" not in asked
    (text,) = say(says("2", chat=GROUP, reply_to_message=asked, **MASKED), chat=GROUP)
    assert "35万" in text


def test_who_speaks_as_the_group_writes_the_region(say: Say, platform: Platform) -> None:
    """As they are told."""
    (text,) = say(says("/region@yiwentong_bot", chat=GROUP, **MASKED), chat=GROUP)
    asked = platform.chats[GROUP][-1]
    written = says("/region 苏州", chat=GROUP, reply_to_message=asked, **MASKED)

    assert "“/region 苏州”" in text
    assert "reply_markup" not in asked
    assert say(written, chat=GROUP) == [line("region_set", region="苏州")]


def test_the_name_alone_gets_help(say: Say) -> None:
    """Who only calls the bot is told what to ask."""
    (text,) = say(says("@yiwentong_bot", chat=GROUP), chat=GROUP)

    assert "可以问我" in text


def test_channels_and_programs_are_passed_over(say: Say) -> None:
    """Two bots would talk to each other for ever."""
    bot = {"id": 7, "is_bot": True, "first_name": "x"}
    post = message(text="苏州透析限额") | {"chat": {"id": -5, "type": "channel"}}

    assert say(says("苏州透析限额", **{"from": bot}), update(message=post)) == []
    assert say(update(channel_post=post), update(edited_channel_post=post)) == []


def test_a_position_that_moves_is_answered_once(say: Say) -> None:
    """Each move is an edit."""
    moved = message(location={"longitude": 1, "latitude": 1})

    assert say(update(edited_message=moved), update(edited_message=moved)) == []


@pytest.mark.parametrize(
    "text", ["透析<b>&lt;</i>限额", "/region <script>", "\ud83d透析", "<", "\x00"]
)
def test_no_words_break_the_markup(say: Say, text: str) -> None:
    """What a person writes comes back as it was written, or not at all."""
    (shown,) = say(says(text))

    assert shown


def test_what_goes_wrong_is_said_kindly(
    say: Say,
    resources: Resources,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Once, without a trace of the fault; the log has no word of the person."""

    def broken(*_: object, **__: object) -> None:
        raise KeyError("苏州透析限额", ANN)

    monkeypatch.setattr(telegram_answering, "taken", broken)
    asked = says("苏州透析限额")

    assert say(asked, asked) == [line("failed")]
    logged = "".join(capsys.readouterr())
    assert "KeyError" in logged
    assert "透析" not in logged
    assert str(ANN) not in logged


@pytest.mark.parametrize(
    "odd",
    [
        says("/help", user=2**70),
        says("/help@yiwentong_bot", chat=-(2**70)),
        update(message=message(text="/help") | {"message_id": 2**63}),
        update(callback_query={"id": "\ud800", "data": "x", "chat_instance": "1",
                               "from": {"id": ANN, "is_bot": False, "first_name": "甲"}}),
    ],
    ids=str.split("person chat message query"),
)  # fmt: skip
def test_what_nothing_can_be_sent_to_stops_nothing(say: Say, platform: Platform, odd: Json) -> None:
    """Nor does it come again: what is said after it is answered."""
    assert len(say(odd, odd, says("/help"))) == 1
    assert not platform.asked("answerCallbackQuery")


def test_nobody_is_named_in_the_database(resources: Resources, platform: Platform) -> None:
    """Neither who wrote nor where an answer is to be sent can be read there."""
    take(resources, platform, says("苏州透析限额"))
    files = [file for file in resources.settings.data_dir.iterdir() if file.is_file()]
    raw = b"".join(file.read_bytes() for file in files)

    assert left(resources) == 1
    assert not [one for one in (str(ANN).encode(), ANN.to_bytes(4)) if one in raw]
