"""The asks of one message together: what goes on with another one, what comes to the same."""

from __future__ import annotations

from msgspec import structs

from intents.asking import ELLIPSIS
from intents.belonging import FIGURES, PLACES
from intents.understanding import Ask, Form

_OPEN = frozenset("what how which where who when howmuch howlong why".split())
# Slots that make two questions of one topic two.
_APART = PLACES | frozenset(
    "disease other-disease tumour platform scheme population hospital yuan floor".split()
)


def gone_on(asked: list[Ask]) -> list[Ask]:
    """Within a message an ask of slots only goes on with the question before it (白内障呢)."""
    made: list[Ask] = []
    figures = any(ask.topic == "benefit" for ask in asked)  # 一年多少,报几成
    for ask in asked:
        last = made[-1] if made else None
        if figures and ask.topic == ELLIPSIS and _is_figure(ask, last or ask):
            made.append(structs.replace(ask, topic="benefit"))
        elif last is not None and last.topic == "diseases" and _is_of_each(ask):
            made[-1] = structs.replace(last, cues=last.cues | ask.cues | {"every"})
        elif last is None or ask.topic != ELLIPSIS or last.topic in {ELLIPSIS, "outside"}:
            made.append(ask)
        elif _is_figure(ask, last):
            made.append(structs.replace(ask, topic="benefit"))
        elif _confirms(ask, last):
            made[-1] = structs.replace(
                last, form="yes_no", verb=ask.verb, stance=ask.stance, cues=last.cues | ask.cues
            )
        elif ask.trailing:
            cues = last.cues | ask.cues
            made.append(structs.replace(ask, topic=last.topic, cues=cues, form=last.form))
        else:
            made.append(ask)
    return made


def _is_of_each(ask: Ask) -> bool:
    """Whether a figure is asked for, and of no disease: 有哪几个病,限额几块."""
    return ask.topic == "benefit" and "limit" in ask.cues and not ask.values("disease")


def _confirms(ask: Ask, last: Ask) -> bool:
    """Whether a bare yes-or-no is asked of what was told before it: 复发了,还能按那档来吗."""
    return ask.form == "yes_no" and last.form == "open" and last.cues.isdisjoint(_OPEN)


def _is_figure(ask: Ask, last: Ask) -> bool:
    """Whether an ask without a topic wants a figure of the disease at hand: 算不算?职工一年几多."""
    ill = any(slot.name == "disease" for slot in (*ask.slots, *last.slots))
    return ill and bool(ask.cues & FIGURES)


def _united(one: Ask, other: Ask) -> Ask:
    """Two asks of the same as one: a yes or no where either wants it, the nearer phrasings."""
    form: Form = "yes_no" if "yes_no" in {one.form, other.form} else "open"
    polar = other if other.form == "yes_no" else one  # 自己填完就行了吧,用不用大夫签名
    nearer = max(one, other, key=lambda ask: ask.ranked[0].score if ask.ranked else 0.0)
    cues = one.cues | other.cues
    return structs.replace(
        one, cues=cues, form=form, verb=polar.verb, stance=polar.stance, ranked=nearer.ranked
    )


def _timed(ask: Ask) -> Ask:
    """几天有信儿, beside where it is seen: how long it takes."""
    long = not ask.cues.isdisjoint({"howlong", "days"}) and "where" not in ask.cues
    if not (long and ask.topic == "result"):
        return ask
    return structs.replace(ask, topic="review_time", ranked=())


def merged(asked: list[Ask]) -> tuple[Ask, ...]:
    """Asks of one topic about the same things become one; empty ones go where others stay."""
    kept: dict[tuple[object, ...], Ask] = {}
    for ask in map(_timed, asked):
        about = tuple(s.value for s in ask.slots if s.name in _APART)
        before = kept.get((ask.topic, about))
        kept[ask.topic, about] = _united(before, ask) if before else ask
    full = [ask for ask in kept.values() if ask.topic]
    if any(ask.topic == "compare" for ask in full):
        wanted = frozenset(cue for ask in full if ask.topic == "benefit" for cue in ask.cues)
        full = [
            structs.replace(ask, cues=ask.cues | wanted) if ask.topic == "compare" else ask
            for ask in full
            if ask.topic != "benefit"
        ]
    return tuple(full or kept.values())
