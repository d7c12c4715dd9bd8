"""Only who is known and gives the right password comes in, and nobody guesses for long."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner

from bot import agents, logins
from bot.agents import FAILURES, LOCKED
from bot.cli import main
from bot.resources import Resources
from bot.store import Store
from bot.tables import AGENTS

NOW = 1_790_000_000
RIGHT = "a long enough word"


@pytest.fixture
def store(resources: Resources) -> Store:
    """A database in which 小王 may log in."""
    agents.add(resources.store, "小王", RIGHT, now=NOW)
    return resources.store


def hashed(store: Store) -> str:
    """The only password hash there is."""
    with store.reading() as connection:
        return str(connection.execute(AGENTS.select()).one().password)


def fail(store: Store, times: int, *, now: int = NOW) -> None:
    """Guess wrong so many times."""
    for _ in range(times):
        assert not agents.admits(store, "小王", "a wrong one", now=now)


def test_the_right_password_comes_in(store: Store) -> None:
    """A name and its own password; any other password or name does not."""
    assert agents.admits(store, "小王", RIGHT, now=NOW)
    assert not agents.admits(store, "小王", RIGHT + " ", now=NOW)
    assert not agents.admits(store, "小李", RIGHT, now=NOW)


def test_a_password_is_kept_as_an_argon2id_hash(store: Store) -> None:
    """What lies in the database is no password."""
    assert hashed(store).startswith("$argon2id$")
    assert RIGHT not in hashed(store)


def test_a_name_is_taken_once(store: Store) -> None:
    """Adding somebody twice changes nothing."""
    assert not agents.add(store, "小王", "another password")
    assert agents.admits(store, "小王", RIGHT)


def test_a_hash_of_old_parameters_is_made_anew(store: Store) -> None:
    """Logging in brings a weaker hash up to what is asked for today."""
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(RIGHT)
    with store.writing() as connection:
        connection.execute(AGENTS.update().values(password=weak))

    assert agents.admits(store, "小王", RIGHT, now=NOW)
    assert hashed(store) != weak
    assert not PasswordHasher().check_needs_rehash(hashed(store))
    assert agents.admits(store, "小王", RIGHT, now=NOW)


def test_a_hash_that_cannot_be_read_lets_nobody_in(store: Store) -> None:
    """A broken row is a wrong password, never an error."""
    with store.writing() as connection:
        connection.execute(AGENTS.update().values(password="broken"))

    assert not agents.admits(store, "小王", "broken", now=NOW)


def test_five_failures_lock_a_name_for_a_quarter_of_an_hour(store: Store) -> None:
    """The right password is no help meanwhile, and is one again afterwards."""
    fail(store, FAILURES)

    assert not agents.admits(store, "小王", RIGHT, now=NOW + LOCKED - 1)
    assert agents.admits(store, "小王", RIGHT, now=NOW + LOCKED)


def test_four_failures_lock_nothing(store: Store) -> None:
    """The fifth try may be the right one, and takes the count back."""
    for _ in range(2):
        fail(store, FAILURES - 1)
        assert agents.admits(store, "小王", RIGHT, now=NOW)


def test_a_locked_name_does_not_lock_another(store: Store) -> None:
    """The lock is that of a name."""
    agents.add(store, "小李", "quite another word", now=NOW)
    fail(store, FAILURES)

    assert agents.admits(store, "小李", "quite another word", now=NOW)


def test_many_tries_at_once_get_no_more_than_five(store: Store) -> None:
    """Each try is counted before it is looked at: in parallel there are no more of them."""
    looked_at: list[str] = []
    verify = PasswordHasher.verify

    def counting(self: PasswordHasher, hash_: str, password: str) -> bool:
        looked_at.append(hash_)
        return verify(self, hash_, password)

    own = hashed(store)
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(8) as pool:
        patch.setattr(PasswordHasher, "verify", counting)
        list(pool.map(lambda _: agents.admits(store, "小王", "guess", now=NOW), range(12)))

    assert looked_at.count(own) == FAILURES


def test_an_unknown_name_costs_a_hash_too(store: Store) -> None:
    """Nobody learns by the time it takes which names there are: one verification each."""
    looked_at: list[str] = []
    verify = PasswordHasher.verify

    def counting(self: PasswordHasher, hash_: str, password: str) -> bool:
        looked_at.append(hash_)
        return verify(self, hash_, password)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PasswordHasher, "verify", counting)
        for name in ("小王", "nobody", "' OR 1=1 --"):
            assert not agents.admits(store, name, "a wrong one", now=NOW)
        fail(store, FAILURES - 1)
        looked_at.clear()
        assert not agents.admits(store, "小王", RIGHT, now=NOW)  # locked

    assert len(looked_at) == 1
    parameters = {re.split(r"\$", one)[3] for one in looked_at} | {hashed(store).split("$")[3]}
    assert len(parameters) == 1


def test_an_endless_password_is_refused(store: Store) -> None:
    """What goes on beyond the longest is not the password that it begins with."""
    long = "x" * agents.MOST
    agents.add(store, "小李", long, now=NOW)

    assert agents.admits(store, "小李", long, now=NOW)
    assert not agents.admits(store, "小李", long + "x", now=NOW)


def test_who_is_removed_is_logged_out(store: Store) -> None:
    """Nobody stays at the desk whose name is gone."""
    token = logins.begin(store, "小王")
    assert token
    assert logins.current(store, token)

    assert agents.remove(store, "小王")
    assert logins.current(store, token) is None
    assert not agents.remove(store, "小王")


def test_unlocking_lets_in_at_once(store: Store) -> None:
    """Who keeps the server can end a lock."""
    fail(store, FAILURES)

    assert agents.unlock(store, "小王")
    assert agents.admits(store, "小王", RIGHT, now=NOW)
    assert not agents.unlock(store, "小李")


@pytest.mark.parametrize("name", ["", "a b", "<b>", 'a"b', "a/b", "x" * 41, "a\nb"])
def test_what_can_be_no_name(name: str) -> None:
    """A name has no blanks, quotes, brackets or slashes, and an end."""
    assert not agents.is_name(name)


@pytest.fixture
def run(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The command line over a database of the test's own."""
    monkeypatch.setenv("YIWENTONG_DATA_DIR", str(tmp_path))
    return CliRunner()


def test_an_agent_is_added_listed_and_removed(run: CliRunner) -> None:
    """A password is read from standard input where that is no terminal."""
    added = run.invoke(main, ["desk-user", "add", "小王"], input="a long enough word\n")
    assert (added.exit_code, "小王" in added.output) == (0, True)
    assert "小王" in run.invoke(main, ["desk-user", "list"]).output

    assert run.invoke(main, ["desk-user", "unlock", "小王"]).exit_code == 0
    assert run.invoke(main, ["desk-user", "remove", "小王"]).exit_code == 0
    assert run.invoke(main, ["desk-user", "remove", "小王"]).exit_code == 2
    assert "小王" not in run.invoke(main, ["desk-user", "list"]).output


@pytest.mark.parametrize(
    ("arguments", "password", "said"),
    [
        (["add", "小王"], "too short\n", "10"),
        (["add", "小王"], "", "10"),
        (["add", "a b"], "a long enough word\n", "a b"),
        (["add", "小李"], "a long enough word\n", "小李"),
        (["unlock", "nobody"], "", "nobody"),
    ],
)
def test_what_cannot_be_done_is_said(
    run: CliRunner, arguments: list[str], password: str, said: str
) -> None:
    """A short password, an odd name, a name that is taken or unknown: a sentence and status 2."""
    run.invoke(main, ["desk-user", "add", "小李"], input="a long enough word\n")
    done = run.invoke(main, ["desk-user", *arguments], input=password)

    assert done.exit_code == 2
    assert said in done.output


def test_the_two_passwords_typed_must_be_the_same(
    run: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a terminal it is asked for twice, without an echo."""
    typed = iter(
        ["a long enough word", "a long enough wort", "the very same one", "the very same one"]
    )
    monkeypatch.setattr("bot.desk.keeping.is_terminal", lambda: True)
    monkeypatch.setattr("bot.desk.keeping.getpass", lambda _prompt: next(typed))

    assert run.invoke(main, ["desk-user", "add", "小王"]).exit_code == 2
    assert run.invoke(main, ["desk-user", "add", "小王"]).exit_code == 0
