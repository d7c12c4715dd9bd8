"""What many tests share: the project's own library, one engine, one service, and a way to ask."""

from __future__ import annotations

import pytest
from asking import DAY, Asker, Talk

from bot.service import Service, Turn, service, turn
from intents.dialogue import State
from intents.engine import Engine
from intents.lexicon import Lexicon
from knowledge.pack import Library, Pack
from knowledge.snapshot import load


@pytest.fixture(scope="session")
def library() -> Library:
    """The project's own packs."""
    return load()


@pytest.fixture(scope="session")
def suzhou(library: Library) -> Pack:
    """The pack of Suzhou on the day of the tests."""
    return library.pack("suzhou").at(DAY)


@pytest.fixture(scope="session")
def served(library: Library) -> Service:
    """A service of a deployment without a region of its own."""
    return service(library)


@pytest.fixture(scope="session")
def engine(served: Service) -> Engine:
    """The engine of the project's own packs."""
    return served.engine


@pytest.fixture(scope="session")
def lexicon(engine: Engine) -> Lexicon:
    """The lexicon of the project's own packs."""
    return engine.lexicon


@pytest.fixture(scope="session")
def ask(served: Service) -> Asker:
    """Ask one question in a fresh conversation, in Suzhou unless told otherwise."""
    return lambda text, region="suzhou": turn(served, State(), text, day=DAY, region=region)


@pytest.fixture(scope="session")
def talk(served: Service) -> Talk:
    """Hold a conversation, in Suzhou unless told otherwise."""

    def hold(*texts: str, region: str | None = "suzhou") -> list[Turn]:
        state, turns = State(), []
        for text in texts:
            turns.append(turn(served, state, text, day=DAY, region=region))
            state = turns[-1].state
        return turns

    return hold
