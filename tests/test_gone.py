"""What a conversation names that the packs have no more is dropped, and nothing else."""

from __future__ import annotations

import pytest
from asking import DAY

from bot.service import Service, turn
from bot.widget.sheet import case_of
from intents.dialogue import State
from intents.gone import known, without_gone
from intents.understanding import Ask, Slot
from knowledge.pack import Library


def named(name: str, value: str) -> Slot:
    return Slot(name, value, "", (0, 0), "exact")


def test_a_state_of_what_there_is_stays_as_it_is(library: Library) -> None:
    """Where every value is still in the packs, the very same state is given back."""
    state = State(slots=(named("disease", "dialysis"), named("yuan", "30000")))

    assert without_gone(state, known(library)) is state


def test_what_is_gone_is_dropped_alone(library: Library) -> None:
    """A place that has no pack any more is dropped, the disease is gone on with."""
    state = State(slots=(named("region", "atlantis"), named("disease", "dialysis")))

    assert without_gone(state, known(library)).slots == (named("disease", "dialysis"),)


def test_a_question_about_what_is_gone_is_not_waited_for(library: Library) -> None:
    """What was asked back about a disease that is gone needs no answer any more."""
    asked = Ask("benefit", (named("disease", "scurvy"),))
    state = State(asking="scheme", pending=(asked,), options=(("职工", "职工"),))

    found = without_gone(state, known(library))

    assert (found.asking, found.pending, found.options) == (None, (), ())


@pytest.mark.parametrize("name", ["region", "district", "disease", "platform", "material"])
@pytest.mark.parametrize("text", ["限额多少", "去哪里办", "要什么材料", "退休的呢", "能报吗", "1"])
def test_a_conversation_goes_on(served: Service, name: str, text: str) -> None:
    """A turn after a reload that took away what was spoken of is a turn like any other."""
    gone = named(name, "gone-since")
    state = State("benefit", slots=(gone,), asking="scheme", pending=(Ask("benefit", (gone,)),))

    done = turn(served, state, text, day=DAY)

    assert done.answer.kind != "error"
    assert gone not in done.state.slots


def test_the_sheet_of_such_a_conversation(served: Service) -> None:
    """The sheet to take along is that of what is left."""
    state = State(slots=(named("district", "atlantis"), named("region", "suzhou")))

    assert case_of(served, state, None).slots == ()
