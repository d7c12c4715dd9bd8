"""What many tests share: the project's own library, one engine, one service, and a way to ask."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from pathlib import Path
from shutil import copytree

import pytest
from asking import DAY, Asker, Talk
from browsing import CHROMIUM, FLAGS, need_chromium, serving
from databases import postgres
from playwright.sync_api import Browser, Page, expect, sync_playwright
from starlette.testclient import TestClient

from bot import agents
from bot.keyring import Keyring
from bot.resources import Live, Resources
from bot.server import application
from bot.service import Service, Turn, service, turn
from bot.settings import Settings
from bot.store import Store, opened, url_of
from intents import building
from intents.building import Engine
from intents.dialogue import State
from intents.lexicon import Lexicon
from knowledge.pack import Library, Pack
from knowledge.snapshot import load

# A condition is waited for as long as a busy machine may take; where it holds nobody waits.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session", autouse=True)
def unattended() -> Iterator[None]:
    """What a server does beside its requests is left out, so that no test comes upon it.

    A sweep or a tidying in the moment that a test looks would make what it finds a matter of luck.
    That servers keep themselves up is tried in test_upkeep.py, and with processes of their own.
    """

    @asynccontextmanager
    async def closed(store: Store, *, days: int) -> AsyncIterator[None]:
        yield
        store.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.server.kept_up", closed)
        yield


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


@pytest.fixture(scope="session", autouse=True)
def built_once() -> Iterator[None]:
    """The engine of the same packs is built once a run: most tests with packs have the same."""
    kept: dict[str, tuple[Library, Engine]] = {}

    def made(library: Library) -> Engine:
        found = kept.get(library.fingerprint)
        if found is None or found[0] != library:
            found = kept[library.fingerprint] = (library, building.engine(library))
        return found[1]

    with pytest.MonkeyPatch.context() as patched:
        for module in ("intents.compiled", "bot.service", "bot.inspection"):
            patched.setattr(f"{module}.engine", made)
        yield


@pytest.fixture(scope="session", autouse=True)
def hashed_once() -> Iterator[None]:
    """The password of a test's agents is hashed once a run; looking at one takes its full time."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(agents, "_hashed", cache(agents._hashed))
        yield


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an embedded database with its tables, and nothing in them."""
    folder = tmp_path_factory.mktemp("empty")
    opened(url_of(folder, None)).close()
    return folder


@pytest.fixture
def resources(served: Service, empty: Path, tmp_path: Path) -> Iterator[Resources]:
    """What a server serves from: the packs, and an embedded database of the test's own."""
    with serving_from(served, copytree(empty, tmp_path / "data", dirs_exist_ok=True)) as made:
        yield made


@pytest.fixture(scope="module")
def shared(
    served: Service, empty: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Resources]:
    """The same for the tests of a module together, where none minds what another has kept."""
    folder = tmp_path_factory.mktemp("shared") / "data"
    with serving_from(served, copytree(empty, folder)) as made:
        yield made


@contextmanager
def serving_from(served: Service, folder: Path) -> Iterator[Resources]:
    store = opened(url_of(folder, None), spool=folder / "spool")
    settings = Settings(data_dir=folder, requests_per_minute=0, session_requests_per_minute=0)
    keys = Keyring(b"the secret of the tests")
    yield Resources(Live(served), store, settings, keys)
    store.close()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a real PostgreSQL."""
    with postgres() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """The embedded store, and one on a server."""
    address = request.getfixturevalue("server") if request.param == "postgresql" else None
    made = opened(url_of(tmp_path / "data", address))
    yield made
    made.close()


@pytest.fixture
def client(resources: Resources) -> Iterator[TestClient]:
    """The application in process, as a program calls it."""
    with TestClient(application(resources), raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def served_at(resources: Resources) -> Iterator[str]:
    """The address of a real server, for a real browser."""
    with serving(resources) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One headless Chromium for the tests of a file; each takes a context of its own.

    It ends with them: where it runs, its own event loop does, and no other can be run.
    """
    need_chromium()
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield made
        made.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a fresh profile, as wide as a desktop."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    yield context.new_page()
    context.close()
