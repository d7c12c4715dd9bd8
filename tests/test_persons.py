"""Who a story is about: each relative keeps their own insurance and disease."""

from __future__ import annotations

import pytest

from intents.building import Engine
from intents.engine import understand
from intents.persons import about


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        (
            "我爸职工血友病,我妈居民帕金森。我妈限额多少",
            "我妈限额多少",
            ["我妈居民帕金森。", "我妈限额多少"],
        ),
        ("我爸职工血友病,我妈居民。父亲报多少", "父亲报多少", ["我爸职工血友病,", "父亲报多少"]),
        # A neighbour takes the pronoun from nobody, nor does a wife.
        (
            "爸爸退休,他一个邻居是居民。他限额多少",
            "他限额多少",
            ["爸爸退休,", "他一个", "他限额多少"],
        ),
        ("工友老周在职,他媳妇居民。他报多少", "他报多少", ["老周在职,", "他", "他报多少"]),
        ("我妈居民帕金森,报多少", "报多少", None),
        ("我妈居民帕金森,我妈报多少", "我妈报多少", None),
    ],
)
def test_the_stretches_about_a_person(text: str, asked: str, expected: list[str] | None) -> None:
    """From each naming of the person to that of another; None where nobody else is named."""
    start = text.rindex(asked)
    found = about(text, start, start + len(asked))

    assert (found and [text[a:b] for a, b in found]) == expected


@pytest.mark.parametrize("neighbour", ["邻居老王血友病。", "同事血友病,职工医保。", ""])
def test_the_disease_is_that_of_the_person_asked_about(engine: Engine, neighbour: str) -> None:
    """Not that of whoever was named last."""
    text = f"我爸退休职工高血压,我妈居民医保帕金森。{neighbour}想问我妈那个病限额多少"
    (ask,) = understand(engine, text).asks

    assert ask.values("disease") == ("parkinson",)
    assert ask.values("scheme") == ("resident",)
