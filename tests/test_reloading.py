"""Packs that go live: taken where they are sound, refused with their faults, never mixed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from editing import ADMIN, DOCUMENTS, QUESTION, TOKEN, Folder, until
from msgspec import structs
from starlette.testclient import TestClient

from bot import reloading, signals
from bot.reloading import Reloader, mark_of
from bot.resources import Resources, opened
from bot.server import application
from bot.settings import Settings
from bot.trial import case_of, known, trial


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """The packs of a small town, to be edited."""
    return Folder(tmp_path / "packs")


@pytest.fixture
def town(folder: Folder, tmp_path: Path) -> Iterator[Resources]:
    """What serves them."""
    made = opened(settings=settings_of(folder, tmp_path))
    yield made
    made.store.close()


def settings_of(folder: Folder, home: Path) -> Settings:
    return Settings(
        packs_dir=folder.path,
        data_dir=home / "data",
        cache_dir=home / "cache",
        admin_token=TOKEN,
        requests_per_minute=0,
    )


@pytest.fixture
def client(town: Resources) -> Iterator[TestClient]:
    """Who asks, and who publishes."""
    with TestClient(application(town), raise_server_exceptions=False) as made:
        yield made


def limit(client: TestClient) -> str:
    """The limit that is told."""
    return str(client.post("/api/v1/ask", json=QUESTION).json()["text"].splitlines()[0])


def publish(client: TestClient) -> dict[str, object]:
    found: dict[str, object] = client.post("/admin/reload", headers=ADMIN).json()
    return found


def test_an_edited_folder_goes_live(client: TestClient, folder: Folder) -> None:
    """After a reload the new figure is told, by an answer that names the new packs."""
    before = client.post("/api/v1/ask", json=QUESTION)
    folder.write(9000)

    done = publish(client)
    after = client.post("/api/v1/ask", json=QUESTION)

    assert ("8000" in before.text, "9000" in after.text) == (True, True)
    assert (done["outcome"], done["before"], done["packs"]) == (
        "loaded",
        before.json()["packs"],
        after.json()["packs"],
    )
    assert after.headers["x-packs"] == after.json()["packs"] != before.headers["x-packs"]


def test_a_folder_that_is_as_it_was_changes_nothing(client: TestClient) -> None:
    """A reload without an edit says so, and is as good as one."""
    done = publish(client)

    assert (done["outcome"], done["faults"]) == ("unchanged", [])
    assert done["audited"] == {"facts": 20, "documents": False}


def test_broken_packs_are_refused_with_their_faults(client: TestClient, folder: Folder) -> None:
    """Each fault says where it is and how it is mended; what was served goes on being served."""
    folder.spoil()

    refused = client.post("/admin/reload", headers=ADMIN)

    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["faults"][0] == {
        "file": "town/benefits.yaml",
        "line": 5,
        "key": "limt",
        "problem": "Benefit has no such key",
        "mend": "did you mean limit?",
    }
    assert "8000" in limit(client)


def test_the_last_refusal_is_told_until_the_next(client: TestClient, folder: Folder) -> None:
    """What was refused last can be read later, also once the mended packs are served."""
    folder.spoil()
    publish(client)
    folder.write(9000)
    publish(client)

    status = client.get("/admin/reload", headers=ADMIN).json()

    assert (status["last"]["outcome"], status["refused"]["outcome"]) == ("loaded", "refused")
    assert status["refused"]["faults"][0]["key"] == "limt"
    assert 'yiwentong_reloads_total{outcome="refused"}' in client.get("/metrics").text


@pytest.mark.parametrize("gone", ["pack.yaml", "town"])
def test_a_folder_without_its_packs_is_refused(
    client: TestClient, folder: Folder, gone: str
) -> None:
    """Files that are missing are a fault like any other."""
    for file in folder.path.rglob("*.yaml"):
        if gone in file.parts:
            file.unlink()

    assert publish(client)["status"] == 422
    assert "8000" in limit(client)


def test_packs_without_the_region_of_the_deployment_are_refused(
    folder: Folder, tmp_path: Path
) -> None:
    """The place that every question is taken for cannot go away."""
    town = opened("town", settings=settings_of(folder, tmp_path))
    for file in (folder.path / "town").iterdir():
        file.unlink()
    (folder.path / "town").rmdir()

    done = asyncio.run(Reloader(town).reload("admin"))
    town.store.close()

    assert done.outcome == "refused"
    assert "town" in done.faults[0].problem


def test_figures_are_held_against_the_documents(folder: Folder, tmp_path: Path) -> None:
    """With the documents at hand, a figure that none of them has is refused."""
    settings = structs.replace(settings_of(folder, tmp_path), sources_dir=DOCUMENTS)
    sound = trial(case_of(settings, None))
    folder.write(9000)

    found = trial(case_of(settings, None))

    assert (sound.flaws, sound.audited and sound.audited.documents) == ((), True)
    assert (found.fingerprint, found.flaws[0].file) == ("", "town")
    assert "9000" in found.flaws[0].mend


def test_a_trial_is_kept_for_what_was_tried_alone(folder: Folder, tmp_path: Path) -> None:
    """Another process on the machine need not try the same packs, and does try any others."""
    case = case_of(settings_of(folder, tmp_path), None)
    done = trial(case)

    assert known(case) == done
    folder.write(9000)
    assert known(case) is None


def test_only_who_keeps_the_server_reloads(client: TestClient, resources: Resources) -> None:
    """Without the token it is refused; without one that is set there is no such address."""
    wrong = client.post("/admin/reload", headers={"Authorization": "Bearer another"})
    with TestClient(application(resources)) as other:
        none = other.post("/admin/reload", headers=ADMIN)

    assert (client.post("/admin/reload").status_code, wrong.status_code) == (401, 401)
    assert none.status_code == 404


def test_a_conversation_goes_on_over_a_reload(client: TestClient, folder: Folder) -> None:
    """What was said before counts after it; a district that is gone does not."""
    first = client.post("/api/v1/ask", json={"text": "东区去哪里办", "region": "town"}).json()
    for name in ("pack", "offices"):
        file = folder.path / "town" / f"{name}.yaml"
        file.write_text(file.read_text("utf-8").replace("east", "orient"), "utf-8")
    assert publish(client)["outcome"] == "loaded"

    asked = {"text": "电话呢", "session": first["session"]}
    second = client.post("/api/v1/ask", json=asked).json()

    assert second["kind"] != "error"
    assert second["understood"]["slots"].get("district") != "east"


def test_a_turn_is_of_one_version(town: Resources, folder: Folder) -> None:
    """What a request has in hand stays the same, however often packs are reloaded meanwhile."""
    pinned = town.pinned()
    folder.write(9000)

    asyncio.run(Reloader(town).reload("admin"))

    assert pinned.packs != town.packs
    assert pinned.service.library.fingerprint.startswith(pinned.packs)


def test_another_process_follows(town: Resources, folder: Folder, tmp_path: Path) -> None:
    """A reload of one process is a signal, at which any other takes the packs of its folder."""
    other = opened(settings=settings_of(folder, tmp_path))
    folder.write(9000)

    async def both() -> None:
        await Reloader(town).asked("127.0.0.1")
        follower = Reloader(other)
        await follower._heed()
        await follower._heed()
        assert follower.status.last is not None
        assert (follower.status.last.by, follower.status.signal) == ("signal", 1)

    asyncio.run(both())
    other.store.close()
    assert other.packs == town.packs


def test_a_process_that_begins_later_has_nothing_to_follow(
    town: Resources, folder: Folder, tmp_path: Path
) -> None:
    """The signals before its packs were read are none for it."""
    signals.give(town.store, signals.RELOAD)
    later = opened(settings=settings_of(folder, tmp_path))
    reloader = Reloader(later)

    asyncio.run(reloader._heed())
    later.store.close()

    assert reloader.status.last is None


def test_a_signal_is_counted_by_everybody(town: Resources) -> None:
    """Each signal is one more, whoever gives it."""
    given = [signals.give(town.store, signals.RELOAD) for _ in range(3)]

    assert given == [1, 2, 3]
    assert signals.number(town.store, signals.RELOAD) == 3
    assert signals.number(town.store, "another") == 0


def test_a_watched_folder_goes_live_when_it_is_quiet(
    town: Resources, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An edit is taken by itself; a file that is half written is at most refused."""
    monkeypatch.setattr(reloading, "_LOOK", 0.05)
    before = town.packs
    with TestClient(application(town, watch=True)) as client:
        folder.begin()
        folder.write(9000)

        until(lambda: town.packs != before)

        assert "9000" in limit(client)


def test_an_unquiet_folder_is_not_taken(folder: Folder) -> None:
    """Every file that is written, added or taken away is seen, without opening any."""
    marks = [mark_of(folder.path)]
    for change in (folder.spoil, folder.begin, (folder.path / "town" / "stray.txt").touch):
        change()
        marks.append(mark_of(folder.path))

    assert len(set(marks)) == 4
    assert mark_of(folder.path) == marks[-1]
