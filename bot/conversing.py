"""`respond: Message → Answer`, for every channel: read the session, take the turn, keep it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from time import perf_counter_ns

import structlog
from msgspec import structs
from sqlalchemy.exc import IntegrityError

from bot import forgetting, journal, metrics, relaying, sessions, tracing
from bot.compose.wording import say
from bot.days import today
from bot.errors import StoreError
from bot.journal import Line, Origin, line_of
from bot.messages import Answer, Message, Text
from bot.resources import Resources
from bot.service import Turn, turn
from bot.sessions import Session
from bot.shelves import Moved
from bot.store import Store
from bot.work import Work, kept
from intents.dialogue import State
from intents.understanding import Slot

# What a conversation carries of a place; all of it goes when another region is set by hand.
PLACES = frozenset({"region", "district", "platform", "other-place"})
_TRIES = 3  # two turns of one conversation at once: the later one is taken again
_log = structlog.get_logger("yiwentong")


def respond(
    resources: Resources,
    message: Message,
    *,
    region: str | None = None,
    fresh: bool = False,
    day: Callable[[], date] = today,
) -> Answer:
    """The answer to a message, its conversation kept before it is given. Raises StoreError.

    `region` is the id of the region where the message comes from, if that is known. `fresh` says
    that the conversation begins here, so that there is nothing to read.
    """
    return turned(resources, message, region=region, fresh=fresh, day=day).answer


def turned(  # noqa: PLR0913 - what a conversation begins with, and the day
    resources: Resources,
    message: Message,
    *,
    region: str | None = None,
    fresh: bool = False,
    told: Callable[[State], State] = lambda state: state,
    day: Callable[[], date] = today,
) -> Turn:
    """The whole turn of a message, with what was understood. Raises StoreError.

    `told` adds to a state what is known beside the conversation.
    """
    resources = resources.pinned()
    message = bare(resources, message)
    store = resources.store
    failed: StoreError | None = None
    for number in range(_TRIES):
        try:
            relay = relaying.begun(resources, message, fresh=fresh)
            if relay.passed:
                return Turn(_said(resources, message, relay.passed), State())
            session = (
                Session(message.session, State())
                if fresh
                else sessions.load(store, message.session, blindly=True)
            )
            before = structs.replace(session, state=told(session.state))
            done, line = _took(resources, message, before, region, day())
            if _saved(store, session, done.state, line, again=number > 0):
                break
            fresh = False
        except StoreError as error:  # once more: without what is away, or after who holds it
            failed = error
    else:
        if failed:
            raise failed
        # Other turns of the conversation were always quicker: answered all the same.
        kept(store, partial(_keep_line, line=line))
    if done.answer.topic == forgetting.TOPIC:
        forgetting.forgotten(resources, message.session)
    _counted(line)
    try:
        return relay.over(done, region)
    except StoreError:  # nobody can be asked for now: the hotline is the answer
        return done


def taken(
    resources: Resources,
    work: Work,
    message: Message,
    *,
    region: str | None = None,
    day: Callable[[], date] = today,
) -> Answer:
    """The answer to a message, its conversation kept in a work that has more to keep.

    For `receipts.once`: raises Moved where another turn was kept meanwhile. Whoever asked to be
    forgotten is forgotten by the channel, which knows the names of earlier periods.
    """
    resources = resources.pinned()
    message = bare(resources, message)
    relay = relaying.begun(resources, message, work.connection)
    if relay.passed:
        return _said(resources, message, relay.passed)
    session = sessions.read(work, message.session)
    done, line = _took(resources, message, session, region, day())
    _keep(work, session, done.state, line)
    _counted(line)
    return relay.over(done, region).answer


def _took(
    resources: Resources, message: Message, session: Session, region: str | None, day: date
) -> tuple[Turn, Line]:
    """A turn, with its line for the journal; where what was said before is lost, it says so."""
    with tracing.span("turn") as tell:
        began = perf_counter_ns()
        done = turn(resources.service, session.state, message.text, day=day, region=region)
        micros = (perf_counter_ns() - began) // 1000
        status, topic = done.answer.status, done.answer.topic
        tell({"channel": message.channel, "status": status, "topic": topic})
    answer = structs.replace(done.answer, session=message.session)
    if session.lost:
        answer = structs.replace(answer, blocks=(*answer.blocks, Text(say("lost"))))
    place = region or resources.service.region or ""
    named = resources.keyring.name("journal", message.session)
    origin = Origin(message.id or journal.new_id(), message.channel, named, place, resources.packs)
    line = line_of(origin, message.text, session.state, answer, micros=micros)
    return structs.replace(done, answer=answer), line


def _said(resources: Resources, message: Message, answer: Answer) -> Answer:
    """What is said without a turn, in its conversation."""
    return structs.replace(answer, session=message.session, packs=resources.packs)


def _counted(line: Line) -> None:
    """Count a turn, and say in the log under which id it is kept; never what was said."""
    metrics.turned(line.status, line.channel, line.region, seconds=line.micros / 1e6)
    _log.info(
        "turn",
        turn=line.id,
        channel=line.channel,
        status=line.status,
        topic=line.topic,
        ms=round(line.micros / 1000, 2),
        packs=line.packs,
    )


def _saved(store: Store, session: Session, state: State, line: Line, *, again: bool) -> bool:
    """Keep a turn; False where another turn of the conversation was kept meanwhile."""
    try:
        kept(store, lambda work: _keep(work, session, state, line), again=again)
    except (IntegrityError, Moved):
        return False
    return True


def _keep(work: Work, session: Session, state: State, line: Line) -> None:
    """Keep a turn within a work: what it came to, and its line."""
    if not sessions.write(work, session, state):
        raise Moved
    journal.keep(work.connection, line, again=work.again)


def bare(resources: Resources, message: Message) -> Message:
    """A message without numbers and names of persons: nothing that is kept ever sees them."""
    return structs.replace(message, text=resources.service.redacted(message.text).text)


def _keep_line(work: Work, line: Line) -> None:
    journal.keep(work.connection, line, again=True)


def placed(work: Work, session: str, region: str) -> None:
    """Set the region of a conversation by hand. Raises Moved as `taken` does."""
    changed(work, session, lambda state: placed_in(state, region))


def changed(work: Work, session: str, change: Callable[[State], State]) -> None:
    """Change the state of a conversation without a turn. Raises Moved as `taken` does."""
    found = sessions.read(work, session)
    if not sessions.write(work, found, change(found.state)):
        raise Moved


def placed_in(state: State, region: str) -> State:
    """A state in which a region was set; what it had of another place is gone."""
    kept = tuple(slot for slot in state.slots if slot.name not in PLACES)
    return structs.replace(state, slots=(*kept, Slot("region", region, "", (0, 0), "exact")))
