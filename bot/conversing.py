"""`respond: Message → Answer`, for every channel: read the session, take the turn, keep it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from msgspec import structs
from sqlalchemy import Connection

from bot import forgetting, metrics, sessions
from bot.days import today
from bot.messages import Answer, Message
from bot.receipts import Moved
from bot.resources import Resources
from bot.service import Turn, turn
from bot.sessions import Session
from intents.dialogue import State
from intents.understanding import Slot

# What a conversation carries of a place; all of it goes when another region is set by hand.
PLACES = frozenset({"region", "district", "platform", "other-place"})
_TRIES = 3  # two turns of one conversation at once: the later one is taken again


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


def turned(
    resources: Resources,
    message: Message,
    *,
    region: str | None = None,
    fresh: bool = False,
    day: Callable[[], date] = today,
) -> Turn:
    """The whole turn of a message, with what was understood. Raises StoreError."""
    done = Turn(Answer("error", ()), State())
    for number in range(_TRIES):
        begins = fresh and number == 0
        session = (
            Session(message.session, State())
            if begins
            else sessions.load(resources.store, message.session)
        )
        done = turn(resources.service, session.state, message.text, day=day(), region=region)
        if sessions.save(resources.store, session, done.state):
            break
    if done.answer.topic == forgetting.TOPIC:
        forgetting.forgotten(resources, message.session)
    return _counted(resources, message, region, done)


def taken(
    resources: Resources,
    connection: Connection,
    message: Message,
    *,
    region: str | None = None,
    day: Callable[[], date] = today,
) -> Answer:
    """The answer to a message, its conversation kept in a transaction that has more to keep.

    For `receipts.once`: raises Moved where another turn was kept meanwhile. Whoever asked to be
    forgotten is forgotten by the channel, which knows the names of earlier periods.
    """
    session = sessions.read(connection, message.session)
    done = turn(resources.service, session.state, message.text, day=day(), region=region)
    if not sessions.write(connection, session, done.state):
        raise Moved
    return _counted(resources, message, region, done).answer


def placed(connection: Connection, session: str, region: str) -> None:
    """Set the region of a conversation by hand. Raises Moved as `taken` does."""
    changed(connection, session, lambda state: placed_in(state, region))


def changed(connection: Connection, session: str, change: Callable[[State], State]) -> None:
    """Change the state of a conversation without a turn. Raises Moved as `taken` does."""
    found = sessions.read(connection, session)
    if not sessions.write(connection, found, change(found.state)):
        raise Moved


def placed_in(state: State, region: str) -> State:
    """A state in which a region was set; what it had of another place is gone."""
    kept = tuple(slot for slot in state.slots if slot.name not in PLACES)
    return structs.replace(state, slots=(*kept, Slot("region", region, "", (0, 0), "exact")))


def _counted(resources: Resources, message: Message, region: str | None, done: Turn) -> Turn:
    metrics.turned(done.answer, message.channel, region or resources.service.region)
    return structs.replace(done, answer=structs.replace(done.answer, session=message.session))
