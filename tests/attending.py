"""What an agent does at the desk, without the page: takes a conversation, writes, hands it back."""

from __future__ import annotations

from sqlalchemy import select

from bot import handover, handover_lines, staffing
from bot.handover import Desk, Handover
from bot.handover_lines import Line, Said
from bot.handover_wording import line
from bot.resources import Resources
from bot.tables import HANDOVERS

ANN, BOB = "小安", "小博"


def staff(resources: Resources) -> None:
    """小安 switches 接待 on."""
    staffing.heard(resources.store, ANN, receiving=True)


def current(resources: Resources, session: str | None = None) -> Handover:
    """The handover of a conversation; without one the only one that there is."""
    with resources.store.reading() as connection:
        if session is None:
            (number,) = connection.execute(select(HANDOVERS.c.id)).scalars()
            found = handover.find(connection, number)
        else:
            found = handover.open_of(connection, session)
    assert found
    return found


def takes(resources: Resources, agent: str = ANN, session: str | None = None) -> bool:
    """Whether an agent gets the conversation."""
    number = current(resources, session).id
    with resources.store.writing() as connection:
        return handover.take(Desk.at(connection, resources.keyring), number, agent)


def writes(resources: Resources, text: str, *, key: str | None = None) -> Line | None:
    """What 小安 says to her person."""
    number = current(resources).id
    with resources.store.writing() as connection:
        said = Said("agent", text, key=key)
        return handover.say(Desk.at(connection, resources.keyring), number, ANN, said)


def ends(resources: Resources) -> None:
    """小安 hands the conversation back to the bot."""
    found = current(resources)
    with resources.store.writing() as connection:
        desk = Desk.at(connection, resources.keyring)
        assert handover.close(desk, found, "agent", Said("notice", line("handed_back")))


def transcript(resources: Resources) -> list[tuple[str, str]]:
    """Everything that was said in the only handover that there is."""
    number = current(resources).id
    with resources.store.reading() as connection:
        found = handover_lines.lines(connection, resources.keyring, number)
    return [(one.author, one.text) for one in found]
