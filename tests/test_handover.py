"""People go on with a conversation: the queue, one agent, both ways, and back to the bot."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from attending import ANN, BOB, staff, takes, writes
from attending import current as current_of
from msgspec import structs
from sqlalchemy import update

from bot import handover, handover_lines, staffing
from bot.answers import plain
from bot.conversing import respond
from bot.errors import StoreError
from bot.handover import Desk, Handover
from bot.handover_lines import Line, Said
from bot.handover_upkeep import look_after
from bot.handover_wording import is_back, is_giving_up, line
from bot.keyring import Keyring
from bot.messages import Answer, Message
from bot.resources import Live, Resources
from bot.service import Service
from bot.settings import Settings
from bot.store import opened, url_of
from bot.tables import METADATA, SIGNALS

SESSION = "the-session-of-a-person"


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, served: Service, tmp_path: Path) -> Iterator[Resources]:
    """A deployment over either database, at whose desk 小安 receives conversations."""
    address = request.getfixturevalue("server") if request.param == "postgresql" else None
    store = opened(url_of(tmp_path, address))
    settings = Settings(data_dir=tmp_path, requests_per_minute=0)
    yield Resources(Live(served), store, settings, Keyring(b"the secret of the tests"))
    with store.writing() as connection:
        METADATA.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE alembic_version")
    store.close()


@pytest.fixture
def staffed(desk: Resources) -> Resources:
    """The desk with 小安 at it."""
    staff(desk)
    return desk


def says(resources: Resources, text: str, session: str = SESSION) -> Answer:
    """What somebody is answered on the page."""
    message = Message("", "web", session, text, datetime.now(UTC))
    return respond(resources, message, region="suzhou")


def told(answer: Answer) -> str:
    """The text of an answer."""
    return plain(answer)


def current(resources: Resources, session: str = SESSION) -> Handover:
    """The handover that a conversation is in."""
    return current_of(resources, session)


def transcript(resources: Resources, number: int) -> list[tuple[str, str]]:
    """Everything that was said in a handover."""
    with resources.store.reading() as connection:
        found = handover_lines.lines(connection, resources.keyring, number)
    return [(one.author, one.text) for one in found]


def news(resources: Resources, after: int = 0) -> list[str]:
    """What the person's page fetches."""
    with resources.store.reading() as connection:
        found = handover_lines.events(connection, resources.keyring, SESSION, after=after)
    return [one.text for one in found]


def test_without_anybody_at_the_desk_the_hotline_is_the_answer(desk: Resources) -> None:
    """Nobody is put into a queue that nobody looks at."""
    answer = says(desk, "转人工")

    assert answer.status == "handover"
    assert "12333" in told(answer)
    with desk.store.reading() as connection:
        assert handover.open_of(connection, SESSION) is None


def test_who_wants_a_person_waits_in_the_queue(staffed: Resources) -> None:
    """Each is told how many are before them."""
    first, second = says(staffed, "转人工"), says(staffed, "人工客服", "another-session-of-one")

    assert line("queued_next") in told(first)
    assert line("queued", ahead=1) in told(second)


@pytest.mark.parametrize(
    "before",
    [
        [],
        ["透析报多少"],
        ["门诊慢特病"],
        ["糖尿病限额多少"],
        ["昆山在哪里办", "那太仓呢"],
        ["透析花了5万报多少"],
        ["2"],
        ["qwrtzz"],
        ["你好"],
        ["谢谢"],
    ],
)
def test_it_works_from_every_state(staffed: Resources, before: list[str]) -> None:
    """In a calculation, before a choice, with a region asked back: a wish is a wish."""
    message = Message("", "web", SESSION, "", datetime.now(UTC))
    for text in before:  # without a region, so that it is asked for
        respond(staffed, structs.replace(message, text=text))

    answer = respond(staffed, structs.replace(message, text="转人工"))

    assert line("queued_next") in told(answer)


def test_the_bot_answers_while_somebody_waits(staffed: Resources) -> None:
    """With the place in the queue behind each answer; the agent will see both."""
    says(staffed, "转人工")
    answer = says(staffed, "透析限额多少")

    assert "无限额" in told(answer)
    assert line("still_next") in told(answer)
    assert ("person", "透析限额多少") in transcript(staffed, current(staffed).id)


def test_asking_again_keeps_the_place(staffed: Resources) -> None:
    """One wish, one place in the queue."""
    says(staffed, "转人工")
    number = current(staffed).id

    assert line("still_next") in told(says(staffed, "转人工"))
    assert current(staffed).id == number


def test_a_conversation_is_taken_by_one_agent(staffed: Resources) -> None:
    """Of several who take it at once one gets it, and the person is told once."""
    says(staffed, "转人工")
    number = current(staffed).id

    def take(name: str) -> bool:
        with staffed.store.writing() as connection:
            return handover.take(Desk.at(connection, staffed.keyring), number, name)

    with ThreadPoolExecutor(4) as threads:
        got = list(threads.map(take, [ANN, BOB, "小陈", "小董"]))

    assert got.count(True) == 1
    assert news(staffed) == [line("taken")]


def test_while_an_agent_has_it_the_bot_is_silent(staffed: Resources) -> None:
    """What is said goes to the agent; the state of the conversation stays as it was."""
    says(staffed, "转人工")
    takes(staffed, session=SESSION)

    assert told(says(staffed, "透析限额多少")) == line("passed")
    assert transcript(staffed, current(staffed).id)[-1] == ("person", "透析限额多少")


def test_an_agent_is_read_once_however_often_it_is_sent(staffed: Resources) -> None:
    """The key of a submission stands for one line; the second sending is given the first."""
    says(staffed, "转人工")
    takes(staffed, session=SESSION)

    first, again = (writes(staffed, "您好", key="k1") for _ in range(2))

    assert first == again
    assert news(staffed) == [line("taken"), "您好"]


def test_only_the_agent_who_has_it_is_heard(staffed: Resources) -> None:
    """Who lost a conversation cannot write into it."""
    says(staffed, "转人工")
    takes(staffed, BOB, SESSION)

    assert writes(staffed, "您好") is None
    assert news(staffed) == [line("taken")]


@pytest.mark.parametrize(
    "text", ["返回机器人", "不用人工了", "结束人工", "好的谢谢，不用人工了", "返回機器人"]
)
def test_its_person_ends_it_in_words(staffed: Resources, text: str) -> None:
    """Then the bot answers again, and the agent sees what was said."""
    says(staffed, "转人工")
    takes(staffed, session=SESSION)
    number = current(staffed).id

    assert told(says(staffed, text)) == line("back")
    assert transcript(staffed, number)[-2:] == [("person", text), ("notice", line("back"))]
    assert "无限额" in told(says(staffed, "透析限额多少"))
    assert line("back") not in news(staffed)  # they have it as the reply


def test_who_gives_up_waiting_waits_no_more(staffed: Resources) -> None:
    """取消 is enough while one waits; to an agent it is only a word."""
    says(staffed, "转人工")
    assert told(says(staffed, "取消")) == line("gave_up")

    says(staffed, "转人工")
    takes(staffed, session=SESSION)
    assert told(says(staffed, "取消")) == line("passed")


def test_a_word_that_ends_nothing_wants_no_person(staffed: Resources) -> None:
    """不用人工了 has 人工 in it, and is not a wish for one."""
    assert told(says(staffed, "不用人工了")) == line("never")


@pytest.mark.parametrize(
    "text", ["机器人说的对吗", "取消备案怎么办", "我不要人工肾", "结束对话框打不开"]
)
def test_a_sentence_with_such_a_word_in_it_ends_nothing(text: str) -> None:
    """The words stand for themselves, with politeness around them at most."""
    assert not is_back(text)
    assert not is_giving_up(text)


def test_the_agent_hands_it_back(staffed: Resources) -> None:
    """The person is told, and asks the bot on."""
    says(staffed, "转人工")
    takes(staffed, session=SESSION)
    found = current(staffed)
    with staffed.store.writing() as connection:
        desk = Desk.at(connection, staffed.keyring)
        assert handover.close(desk, found, "agent", Said("notice", line("handed_back")))

    assert news(staffed)[-1] == line("handed_back")
    assert "无限额" in told(says(staffed, "透析限额多少"))


def test_a_silence_gives_it_back(staffed: Resources) -> None:
    """It is reckoned from the last word, by whichever process looks; both sides are told."""
    says(staffed, "转人工")
    takes(staffed, session=SESSION)
    found = current(staffed)
    staffing.heard(staffed.store, ANN, now=found.touched + 901)

    assert look_after(staffed, now=found.touched + 899) == 0
    assert look_after(staffed, now=found.touched + 901) == 1
    assert look_after(staffed, now=found.touched + 901) == 0
    assert news(staffed)[-1] == line("silence", minutes=15)


def test_who_waits_is_not_dropped_with_the_first_silence(staffed: Resources) -> None:
    """A queue is longer than a pause in a conversation; in the end it lapses too."""
    says(staffed, "转人工")
    at = current(staffed).touched
    staffing.heard(staffed.store, ANN, now=at + 3601)

    assert look_after(staffed, now=at + 3500) == 0
    assert look_after(staffed, now=at + 3601) == 1
    assert news(staffed) == [line("lapsed")]


def test_an_agent_who_goes_leaves_it_to_the_next(staffed: Resources) -> None:
    """It waits in its old place; the person is told."""
    says(staffed, "转人工")
    takes(staffed, session=SESSION)
    later = current(staffed).touched + staffing.PRESENT + 1
    staffing.heard(staffed.store, BOB, receiving=True, now=later)

    assert look_after(staffed, now=later) == 1
    assert current(staffed).status == "waiting"
    assert news(staffed)[-1] == line("requeued", ahead=0)
    assert takes(staffed, BOB, SESSION)


def test_where_nobody_is_left_the_bot_goes_on(staffed: Resources) -> None:
    """Whoever was talking or waiting is told the hotline."""
    says(staffed, "转人工")
    says(staffed, "转人工", "another-session-of-one")
    takes(staffed, session=SESSION)
    later = current(staffed).touched + staffing.PRESENT + 1

    assert look_after(staffed, now=later) == 2
    assert news(staffed)[-1].startswith(line("away"))
    assert "12333" in news(staffed)[-1]


def test_what_was_said_is_sealed(staffed: Resources) -> None:
    """Neither words nor address can be read in the table."""
    says(staffed, "转人工，我的透析")
    with staffed.store.reading() as connection:
        raw = connection.exec_driver_sql("SELECT sealed FROM handover_lines").scalars().all()

    assert raw
    assert not any("透析".encode() in bytes(one) for one in raw)


def test_everything_is_there_after_a_restart(staffed: Resources) -> None:
    """A process that has just started goes on where the one before was killed."""
    says(staffed, "转人工")
    takes(staffed, session=SESSION)
    says(staffed, "第一句")
    again = structs.replace(staffed, store=opened(staffed.store.engine.url))
    try:
        assert told(says(again, "第二句")) == line("passed")
        said = transcript(again, current(again).id)
    finally:
        again.store.close()

    assert [text for author, text in said if author == "person"][-2:] == ["第一句", "第二句"]


def _insists(resources: Resources, text: str) -> None:
    """An agent who is told that the database is busy sends the line again."""
    for _ in range(20):
        with suppress(StoreError):
            writes(resources, text, key=text)
            return
    raise AssertionError(text)


def test_lines_that_are_written_at_once_keep_their_order(staffed: Resources) -> None:
    """Who reads on from a number misses none: a later line never has a smaller one."""
    says(staffed, "转人工")
    takes(staffed, session=SESSION)
    number = current(staffed).id

    def talk(side: int) -> None:
        for count in range(10):
            if side:
                _insists(staffed, f"答{count}")
            else:
                says(staffed, f"问{count}")

    seen: list[Line] = []
    with ThreadPoolExecutor(2) as threads:
        running = [threads.submit(talk, side) for side in (0, 1)]
        while not all(one.done() for one in running) or not seen:
            after = seen[-1].id if seen else 0
            with staffed.store.reading() as connection:
                seen += handover_lines.lines(connection, staffed.keyring, number, after=after)
        for one in running:
            one.result()  # what stopped a side says why
    with staffed.store.reading() as connection:
        whole = handover_lines.lines(connection, staffed.keyring, number)
        seen += handover_lines.lines(connection, staffed.keyring, number, after=seen[-1].id)

    assert list(whole) == seen
    assert {f"{side}{count}" for side in "问答" for count in range(10)} <= {o.text for o in whole}


def test_two_wishes_at_once_are_one(staffed: Resources) -> None:
    """A conversation is in the queue once."""
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: says(staffed, "转人工"), range(4)))

    assert {one.status for one in answers} == {"handover"}
    with staffed.store.reading() as connection:
        assert len(handover.opened(connection)) == 1


def test_an_assistant_is_given_the_hotline(staffed: Resources) -> None:
    """Who cannot be told what an agent says is not put into the queue."""
    message = Message("", "mcp", SESSION, "转人工", datetime.now(UTC))

    assert "12333" in told(respond(staffed, message, region="suzhou"))


def test_what_is_closed_is_dropped_after_its_days(staffed: Resources) -> None:
    """With its lines; what is open stays."""
    says(staffed, "转人工")
    says(staffed, "取消")
    says(staffed, "转人工", "another-session-of-one")
    later = current(staffed, "another-session-of-one").touched + 3 * handover.DAY

    assert handover.drop_old(staffed.store, 30, now=later) == 0
    assert handover.drop_old(staffed.store, 2, now=later) == 1
    assert current(staffed, "another-session-of-one")


def test_a_conversation_is_forgotten_whole(staffed: Resources) -> None:
    """Nothing of it is left, not even while it is open."""
    says(staffed, "转人工")
    with staffed.store.writing() as connection:
        assert handover.forget(connection, SESSION) == 1
    with staffed.store.reading() as connection:
        assert not connection.exec_driver_sql("SELECT count(*) FROM handover_lines").scalar()


def test_an_agent_who_has_not_switched_it_on_staffs_nothing(desk: Resources) -> None:
    """Being logged in is not enough, nor is having been there an hour ago."""
    staffing.heard(desk.store, ANN)
    with desk.store.writing() as connection:
        assert staffing.count(connection) == 0
    staffing.heard(desk.store, ANN, receiving=True)
    with desk.store.writing() as connection:
        assert staffing.count(connection) == 1
        connection.execute(update(SIGNALS).values(at=SIGNALS.c.at - staffing.PRESENT - 1))
        assert staffing.count(connection) == 0
