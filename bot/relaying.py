"""What a turn is for a person who is with people, waits for them, or wants them.

While an agent has the conversation what is said goes to the agent. While it waits the bot goes on
answering and says how many are before it. A wish for a person puts it into the queue where the
desk is staffed and the person can be told what an agent says; else the hotline is the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from msgspec import Struct, structs
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot import handover, staffing
from bot.answers import plain
from bot.channels.reaching import must_fetch
from bot.days import today
from bot.handover import Asked, Desk, Handover
from bot.handover_lines import Said
from bot.handover_wording import is_back, is_giving_up, line
from bot.messages import Answer, Message, Status, Text
from bot.resources import Resources
from bot.service import LONGEST, Turn
from intents.choosing import region_of

PASSED = "handover_passed"  # the topic of an answer that only says that an agent was told
_BACK = "handover_back"
_TRIES = 3  # somebody at the desk may change a conversation at the same moment
# Who writes by these asks again for what there is to read; the others need an address.
_FETCHING = frozenset({"web"})


class Relay(Struct, frozen=True):
    """One turn beside people: its message, the handover it found, and what it says in its place.

    `passed` is the answer where the bot is not asked at all.
    """

    resources: Resources
    message: Message
    connection: Connection | None = None
    found: Handover | None = None
    passed: Answer | None = None

    def over(self, done: Turn, region: str | None) -> Turn:
        """The turn that the bot took, with what people make of it. Raises StoreError."""
        if not _reaches(self.message):
            return done
        if _is_wish(done.answer):
            return structs.replace(done, answer=_wished(self, done, region))
        if self.found is not None and done.answer.status != "error":
            return structs.replace(done, answer=_waits(self, self.found, done.answer))
        return done


def begun(
    resources: Resources,
    message: Message,
    connection: Connection | None = None,
    *,
    fresh: bool = False,
) -> Relay:
    """Look for people before a turn; what is said to them is kept here. Raises StoreError.

    The message has no names and no numbers of persons in it any more.
    """
    relay = Relay(resources, message, connection)
    text = message.text
    if not _reaches(message) or not text.strip() or len(text) > LONGEST:
        return relay
    found = None if fresh else _found(relay)
    if found is None:
        never = _short("never", _BACK) if is_back(text) else None
        return structs.replace(relay, passed=never)
    relay = structs.replace(relay, found=found)
    for passed in (_ended, _passed_on):
        if answer := passed(relay, found):
            return structs.replace(relay, passed=answer)
    return relay


def left(resources: Resources, connection: Connection, session: str) -> None:
    """Tell the agent, in the transaction of the turn, that the person cannot be reached any more.

    What was said stays with the agent until it is dropped with everything that is closed.
    """
    if found := handover.open_of(connection, session):
        desk = Desk.at(connection, resources.keyring)
        handover.close(desk, found, "person", Said("notice", line("left"), told=True))


def _reaches(message: Message) -> bool:
    """Whether its person can read what an agent says."""
    return message.channel in _FETCHING or bool(message.address)


def _is_wish(answer: Answer) -> bool:
    return answer.status == "handover" and answer.topic == "handover"


def _found(relay: Relay) -> Handover | None:
    if relay.connection is not None:
        return handover.open_of(relay.connection, relay.message.session)
    if relay.resources.store.is_away:  # nobody can be told anything
        return None
    with relay.resources.store.reading() as connection:
        return handover.open_of(connection, relay.message.session)


@contextmanager
def _desk(relay: Relay) -> Iterator[Desk]:
    """The desk within the transaction of the turn, or within one of its own."""
    keyring = relay.resources.keyring
    if relay.connection is not None:
        yield Desk.at(relay.connection, keyring)
    else:
        with relay.resources.store.writing() as connection:
            yield Desk.at(connection, keyring)


def _ended(relay: Relay, found: Handover) -> Answer | None:
    """Back to the bot, where its person says so."""
    taken = found.status == "taken"
    if not (is_back if taken else is_giving_up)(relay.message.text):
        return None
    name = "back" if taken else "gave_up"
    with _desk(relay) as desk:
        handover.hear(desk, found, _person(relay))
        if not handover.close(desk, found, "person", Said("notice", line(name), told=True)):
            return None
    return _short(name, _BACK)


def _passed_on(relay: Relay, found: Handover) -> Answer | None:
    """What is said to an agent; None where the bot is to answer."""
    if found.status != "taken":
        return None
    message = relay.message
    key = relay.resources.keyring.name("said", message.session, message.key)
    said = structs.replace(_person(relay), key=key if message.key else None)
    with suppress(IntegrityError), _desk(relay) as desk:  # it came again: the agent has it
        if not handover.hear(desk, found, said):
            return None
    return _short("passed", PASSED)


def _person(relay: Relay) -> Said:
    return Said("person", relay.message.text)


def _short(name: str, topic: str) -> Answer:
    status: Status = "smalltalk" if topic == _BACK else "handover"
    as_of = today().isoformat()
    return Answer(status, (Text(line(name)),), topic=topic, confidence=1.0, as_of=as_of)


def _wished(relay: Relay, done: Turn, region: str | None) -> Answer:
    """The place in the queue; the hotline, as the bot gives it, where nobody is at the desk."""
    try:
        with _desk(relay) as desk:
            before = handover.open_of(desk.connection, relay.message.session)
            if before is not None:
                return _kept(relay, desk, before, done.answer, _place(desk, before, "still"))
            if not staffing.count(desk.connection, now=desk.now):
                return done.answer
            made = handover.ask(desk, _asked(relay, done, region))
            return _kept(relay, desk, made, done.answer, _queued(relay, desk, made))
    except IntegrityError:  # asked twice at once
        if relay.connection is not None:
            raise  # the whole transaction is taken again
        return _wished(relay, done, region)


def _asked(relay: Relay, done: Turn, region: str | None) -> Asked:
    served, message = relay.resources.service, relay.message
    own = region_of(served.engine.rules, done.state.slots) or region or served.region or ""
    return Asked(message.session, message.channel, own, message.address)


def _queued(relay: Relay, desk: Desk, made: Handover) -> tuple[str, ...]:
    fetched = must_fetch(relay.message.address)
    more = (line("queued_fetch"),) if fetched else ()
    return (*_place(desk, made, "queued"), line("queued_more"), *more)


def _place(desk: Desk, waiting: Handover, name: str) -> tuple[str, ...]:
    before = handover.ahead(desk.connection, waiting)
    return (line(name, ahead=before) if before else line(f"{name}_next"),)


def _kept(
    relay: Relay, desk: Desk, waiting: Handover, answer: Answer, told: tuple[str, ...]
) -> Answer:
    """The answer of these sentences, kept with the wish that it answers."""
    answer = structs.replace(answer, blocks=tuple(map(Text, told)), citations=(), options=())
    _noted(desk, waiting, _person(relay), Said("bot", plain(answer), told=True))
    return answer


def _waits(relay: Relay, found: Handover, answer: Answer) -> Answer:
    """The answer of the bot with the place in the queue, kept for the agent to see."""
    with _desk(relay) as desk:
        said = (_person(relay), Said("bot", plain(answer), told=True))
        now = _noted(desk, found, *said)
        if now is None or now.status == "taken":  # meanwhile: that is told by itself
            return answer
        blocks = tuple(map(Text, _place(desk, now, "still")))
    return structs.replace(answer, blocks=(*answer.blocks, *blocks))


def _noted(desk: Desk, found: Handover, *said: Said) -> Handover | None:
    """Keep what was said, whoever has the conversation by now; None where it was closed."""
    for _ in range(_TRIES):
        now = handover.find(desk.connection, found.id)
        if now is None or now.status == "closed":
            return None
        if handover.hear(desk, now, *said):
            return now
    return None
