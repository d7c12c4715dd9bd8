"""A login lasts a working day, lies hashed in the database, and ends when it is ended."""

from __future__ import annotations

import pytest

from bot import agents, logins
from bot.logins import IDLE, LONGEST
from bot.resources import Resources
from bot.store import Store
from bot.tables import LOGINS

NOW = 1_790_000_000


@pytest.fixture
def store(resources: Resources) -> Store:
    """A database in which 小王 may log in."""
    agents.add(resources.store, "小王", "a long enough word")
    return resources.store


def begun(store: Store) -> str:
    """The token of a login that began now."""
    token = logins.begin(store, "小王", now=NOW)
    assert token
    return token


def test_a_token_stands_for_who_logged_in(store: Store) -> None:
    """And nothing else does."""
    token = begun(store)
    login = logins.current(store, token, now=NOW)

    assert login
    assert login.agent == "小王"
    for other in (None, "", token[:-1], token + "x", "\udcff"):
        assert logins.current(store, other, now=NOW) is None


def test_the_database_does_not_hold_the_token(store: Store) -> None:
    """Who reads the database cannot come in with what is there."""
    token = begun(store)
    with store.reading() as connection:
        row = connection.execute(LOGINS.select()).one()

    assert token not in map(str, row)
    assert logins.current(store, row.token, now=NOW) is None


def test_two_logins_differ(store: Store) -> None:
    """Each has a token and a token for changes of its own."""
    first, second = begun(store), begun(store)
    one, other = (logins.current(store, token, now=NOW) for token in (first, second))

    assert one
    assert other
    assert first != second
    assert logins.is_csrf(one, one.csrf)
    assert not logins.is_csrf(one, other.csrf)
    assert not logins.is_csrf(one, "")
    assert not logins.is_csrf(one, "\udcff")


def test_an_idle_login_is_over(store: Store) -> None:
    """After eight hours without a request one logs in again."""
    token = begun(store)

    assert logins.current(store, token, now=NOW + IDLE + 1) is None


def test_work_keeps_a_login_but_not_for_ever(store: Store) -> None:
    """Whoever goes on working stays logged in for twelve hours, no longer."""
    token = begun(store)
    for hour in (5, 10):
        assert logins.current(store, token, now=NOW + hour * 3600)

    assert logins.current(store, token, now=NOW + LONGEST)
    assert logins.current(store, token, now=NOW + LONGEST + 1) is None


def test_logging_out_ends_one_login(store: Store) -> None:
    """Another browser of the same agent stays logged in."""
    here, there = begun(store), begun(store)

    assert logins.end(store, here)
    assert logins.current(store, here, now=NOW) is None
    assert logins.current(store, there, now=NOW)
    assert not logins.end(store, here)


def test_a_login_drops_those_that_are_over(store: Store) -> None:
    """The table does not grow with the years."""
    begun(store)
    logins.begin(store, "小王", now=NOW + LONGEST + 1)

    with store.reading() as connection:
        assert len(connection.execute(LOGINS.select()).all()) == 1


def test_nobody_who_is_gone_logs_in(store: Store) -> None:
    """A name that was removed while the password was looked at gets no login."""
    agents.remove(store, "小王")

    assert logins.begin(store, "小王", now=NOW) is None
