"""The topics and their phrasings, from the package and from the packs."""

from __future__ import annotations

from pathlib import Path

import pytest

from intents.errors import TopicError
from intents.match import PLACEHOLDER, SLOTS
from intents.names import vocabulary
from intents.topics import phrasings, topics
from knowledge.pack import Library


def test_no_topic_stands_twice() -> None:
    """The id of a topic is its own."""
    ids = [topic.id for topic in topics()]

    assert len(ids) == len(set(ids))


def test_every_topic_has_phrasings() -> None:
    """A topic that nobody can ask for is none."""
    assert all(topic.phrasings for topic in topics())


def test_no_phrasing_is_claimed_by_two_topics() -> None:
    """One way to ask leads to one topic."""
    claimed: dict[str, str] = {}
    for topic in topics():
        for text in topic.phrasings:
            assert claimed.setdefault(text, topic.id) == topic.id, text


def test_every_blank_is_the_name_of_a_slot(library: Library) -> None:
    """A blank in a phrasing is a slot that understanding knows."""
    known = SLOTS | {"amount", "address"}
    blanks = {b for one in phrasings(library, topics()) for b in PLACEHOLDER.findall(one.text)}

    assert blanks <= known


def test_needs_and_avoids_are_slots() -> None:
    """A topic needs and avoids what can be recognised."""
    named = {name for topic in topics() for name in (*topic.needs, *topic.avoids)}

    assert named <= SLOTS | {"amount"}


def test_every_entry_of_the_packs_can_be_asked_for(library: Library) -> None:
    """An entry is of a topic of the package, or has phrasings of its own."""
    known = {topic.id for topic in topics()}
    faqs = [faq for pack in library.packs for faq in pack.faqs]
    lost = [f.id for f in faqs if f.topic not in known and not (f.asks or f.yes or f.no)]

    assert not lost


def test_phrasings_of_entries_carry_their_yes_or_no(library: Library) -> None:
    """What is to be answered with yes or no says so."""
    found = list(phrasings(library, ()))

    assert {one.polarity for one in found} == {None, "yes", "no"}
    assert all(one.entry for one in found)


@pytest.mark.parametrize(
    "text",
    ["- {id: a, phrasing: [b]}", "- {phrasings: [b]}", "- {id: 1}", "- {id: a, needs: disease}"],
)
def test_a_topic_that_does_not_fit_is_refused(tmp_path: Path, text: str) -> None:
    """An unknown, missing or mistyped key is an error that names the file."""
    (tmp_path / "odd.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(TopicError, match=r"odd\.yaml"):
        topics(tmp_path)


def test_an_unknown_key_of_the_vocabulary_is_refused(tmp_path: Path) -> None:
    """A row of the vocabulary has the keys that are read and no others."""
    (tmp_path / "odd.yaml").write_text("- {kind: cue, value: a, name: [b]}", encoding="utf-8")

    with pytest.raises(TopicError, match=r"odd\.yaml: a"):
        vocabulary(tmp_path)


def test_what_lies_outside_has_a_reason_and_a_label() -> None:
    """Each matter that is declined says why and by what name."""
    rows = [row for row in vocabulary() if row["kind"] == "outside"]

    assert rows
    assert {row["reason"] for row in rows} <= {"out_of_scope", "medical", "personal"}
    assert all(row["label"] for row in rows)
