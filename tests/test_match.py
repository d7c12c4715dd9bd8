"""Candidates for what is asked, and their scores."""

from __future__ import annotations

import pytest
from msgspec import structs

from intents.building import Engine
from intents.choosing import plain_text
from intents.lexicon import Name, build
from intents.match import bag_of, index, weigh
from intents.normalise import normalise
from intents.quantities import quantities
from intents.scoring import candidates
from intents.spotting import spot
from intents.topics import Phrasing
from intents.understanding import Candidate, Token

LEXICON = build(
    [
        Name("disease", "dialysis", "透析"),
        Name("cue", "limit", "限额"),
        Name("cue", "materials", "材料"),
        Name("cue", "apply", "办理"),
        Name("ask", "howmuch", "多少"),
        Name("ask", "what", "什么"),
        Name("ask", "how", "怎么"),
    ]
)
PHRASINGS = (
    Phrasing("{disease}限额多少", "benefit"),
    Phrasing("要什么材料", "materials"),
    Phrasing("怎么办理", "filing"),
    Phrasing("材料可以少吗", "materials", "town/fewer", "no"),
)
SMALL = index(LEXICON, PHRASINGS)


def ranked(text: str) -> tuple[Candidate, ...]:
    """The candidates for a text in the small index."""
    plain = normalise(text).text
    return candidates(SMALL, bag_of(spot(LEXICON, plain)[0], quantities(plain)))


def test_tokens_become_features() -> None:
    """Slots count by kind and by value, cues and question words by value, fillers not at all."""
    tokens = [
        Token("disease", "dialysis", "透析", 0, 2),
        Token("cue", "limit", "限额", 2, 4),
        Token("ask", "howmuch", "多少", 4, 6),
        Token("filler", "filler", "呢", 6, 7),
    ]

    assert bag_of(tokens) == {"slot:disease", "is:disease=dialysis", "cue:limit", "ask:howmuch"}


def test_a_name_of_two_values_is_both() -> None:
    """A disease joined with + has the features of each."""
    bag = bag_of([Token("disease", "a+b", "癌症", 0, 2)])

    assert bag == {"slot:disease", "is:disease=a", "is:disease=b"}


def test_quantities_become_features() -> None:
    """An amount and an age are slots of their unit."""
    assert bag_of((), quantities("72岁花了5万")) == {"slot:age", "slot:yuan"}


def test_a_disease_outside_the_lists_is_a_disease() -> None:
    """What is no listed disease still makes the question one about a disease."""
    assert "slot:disease" in bag_of([Token("other-disease", "痛风", "痛风", 0, 2)])


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("透析限额多少", "benefit"),
        ("限额", "benefit"),
        ("什么材料", "materials"),
        ("办理", "filing"),
    ],
)
def test_the_nearest_phrasing_comes_first(text: str, topic: str) -> None:
    """What shares most with the question ranks first."""
    assert ranked(text)[0].topic == topic


def test_the_same_words_score_full() -> None:
    """A question that is a phrasing scores 1, less of it scores less."""
    whole, part = ranked("要什么材料")[0].score, ranked("材料多少")[0].score

    assert whole == 1.0
    assert 0 < part < whole


def test_candidates_stand_from_best_to_worst() -> None:
    """Scores never rise down the list and lie between 0 and 1."""
    scores = [one.score for one in ranked("透析限额多少,怎么办理,什么材料")]

    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_nothing_in_common_is_no_candidate() -> None:
    """Without a shared feature there is nothing to propose."""
    assert ranked("你好") == ()


def test_an_entry_and_its_polarity_are_told() -> None:
    """A candidate names the entry that claims the phrasing, and its yes or no."""
    found = next(one for one in ranked("材料可以少吗") if one.entry)

    assert (found.entry, found.why) == ("town/fewer", "no: 材料可以少吗")


def test_context_speaks_for_a_phrasing_only() -> None:
    """What else was told raises a candidate that knows it, and lowers none."""
    asked, told = frozenset({"cue:materials"}), frozenset({"ask:what"})
    alone = candidates(SMALL, asked)[0]
    within = candidates(SMALL, asked, told | {"cue:limit"})[0]

    assert within.topic == alone.topic == "materials"
    assert within.score >= alone.score


def test_a_rare_feature_weighs_more() -> None:
    """What few topics use says more, and a cue says more than a question word."""
    assert weigh("cue:limit", 20) > weigh("cue:limit", 2)
    assert weigh("cue:limit", 5) > weigh("ask:what", 5)


def test_words_without_explanation_are_counted() -> None:
    """A word that no phrasing has is alien to every candidate."""
    bag = frozenset({"cue:limit", "word:飞船"})

    assert candidates(SMALL, bag)[0].alien > 0
    assert candidates(SMALL, bag - {"word:飞船"})[0].alien == 0


def test_every_phrasing_of_a_topic_finds_its_topic(engine: Engine) -> None:
    """No phrasing of a topic is nearer to another topic than to its own."""
    lost = []
    for row in engine.index.rows:
        if row.phrasing.entry is None and (found := candidates(engine.index, row.bag, limit=99)):
            own = max((c.score for c in found if c.topic == row.phrasing.topic), default=0.0)
            if own < found[0].score:
                lost.append(f"{row.phrasing.topic}: {row.phrasing.text} → {found[0].topic}")

    assert not lost, "\n".join(lost)


def test_every_phrasing_of_a_topic_can_be_found(engine: Engine) -> None:
    """By its features, or word for word where it has nothing but question words (教我怎么弄)."""
    own = [row for row in engine.index.rows if row.phrasing.entry is None]
    lost = [row.phrasing.text for row in own if not candidates(engine.index, row.bag)]

    assert [text for text in lost if plain_text(text) not in engine.verbatim] == []


def test_the_limit_bounds_the_candidates(engine: Engine) -> None:
    """No more than twice the limit are returned."""
    bag = engine.index.rows[0].bag

    assert len(candidates(engine.index, bag, limit=2)) <= 4


def test_a_candidate_cannot_be_changed() -> None:
    """Candidates are frozen; a changed one is a copy."""
    first = ranked("限额")[0]

    assert structs.replace(first, score=0.0).score == 0.0
    with pytest.raises(AttributeError):
        first.score = 0.0  # type: ignore[misc]
