"""`respond: Message → Answer`, for every channel: read the session, take the turn, keep it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from msgspec import structs

from bot import metrics, sessions
from bot.days import today
from bot.messages import Answer, Message
from bot.resources import Resources
from bot.service import Turn, turn
from bot.sessions import Session
from intents.dialogue import State

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
    metrics.turned(done.answer, message.channel, region or resources.service.region)
    return structs.replace(done, answer=structs.replace(done.answer, session=message.session))
