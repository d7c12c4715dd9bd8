"""A conversation: what is remembered from turn to turn, and how a new message builds on it.

`advance` is a pure function; nothing here builds a sentence or looks a fact up.
"""

from __future__ import annotations

import re

from msgspec import Struct, structs

from intents.amounts import COSTS, MONEY, expensed
from intents.asking import ELLIPSIS
from intents.belonging import FIGURES
from intents.family import Family, grown, person_of, recalled, told_of
from intents.going_on import continued, led_on
from intents.household import of_all
from intents.naming import Named, compared, named_after, pointed
from intents.places import home_of
from intents.slots import PAIR, SCHEMES, united
from intents.spending import TOGETHER, Costs, costs_in, is_summed, reckoned_on, stays, summed
from intents.understanding import Ask, Candidate, Form, Slot, Understanding
from intents.whereabouts import is_away

# What a person does not say again: it holds until another value is said.
_CARRIED = (
    "disease",
    "scheme",
    "population",
    "hospital",
    "region",
    "district",
    "age",
    "exempt",
    "platform",
    "other-place",
    "place",
    "days",
)
_AT_HOME = "home-bed"  # what somebody is ill with changes nothing of it
_OF_DAYS = frozenset({"effective", "deadline"})  # 确诊八个月了, then 从哪天开始算
# Said with one disease in mind, and forgotten with it.
_OF_DISEASE = frozenset({"age", "yuan", "spent", "paid", "member", "hospital"})
_OF_AGE = 18
_THEIR_BENEFIT = re.compile("(?:的|那)[个种份档]?[^,。;!?]{0,8}(?:额度|限额|待遇|比例|标准|项目)")
# Topics in which a district changes nothing: another one, after one was named, is a new place.
_ANYWHERE_ALIKE = frozenset({"benefit", "calculate", "coverage", "age", "ranking", "ceiling"})
# Topics after which a bare sum is what was spent: 今年40万.
_FIGURES = frozenset({"benefit", "coverage", "calculate"})
# Topics that after a bound was exceeded ask what holds above it: 后面按几个点给.
_OF_MONEY = _FIGURES | {"compare", "scheme_difference", "counted_total"}
# Cues of who asks what all the costs that were told come to: 这几个月一共报多少.
_OF_TOTAL = frozenset({"pay", "howmuch", "money", "calculate", "both", "counted", "covered"})
_OF_SUMS = frozenset({"ranking", "exceeding", "ceiling", "age", "diseases", "two_diseases"})
# Topics in which a platform named earlier still matters.
_OF_PLATFORM = frozenset(
    {"filing", "platforms", "entrance", "result", "offsite", "file_format", "materials"}
)
_PLACED = frozenset({"region", "district", "landmark", "other-place"})
_BARE = 2  # characters beside a place that is all a message says
_ASKING = re.compile("[呢吗么?]|怎么|哪|多少|几|换|改")
# Topics after which a bare 去哪 asks for the office.
_FILED = frozenset({"materials", "filing", "form", "proxy", "photos"})
# Topics that away from home are about what is paid there.
_OF_PLACE = frozenset({"benefit", "coverage", "hospital", ELLIPSIS})
_THERE = re.compile("那边|那里|那儿|那头|[在到]当地|在外面")


_PAIRED = tuple(Slot("disease", one, "", (0, 0), "carried") for one in sorted(PAIR))


class State(Struct, frozen=True):
    """What a conversation has established: topic, slots, what was asked back, what was offered.

    `family` is what was told of each relative, `person` the one who is spoken of; `costs` are the
    expenses of one reckoning, told message by message; `named` is what was spoken of, in order,
    and `home` where somebody said to be insured.
    """

    topic: str = ""
    cues: frozenset[str] = frozenset()
    form: Form = "open"
    ranked: tuple[Candidate, ...] = ()
    slots: tuple[Slot, ...] = ()
    asking: str | None = None
    pending: tuple[Ask, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    turns: int = 0
    family: Family = ()
    person: str = ""
    costs: Costs = ()
    named: Named = ()
    home: Slot | None = None

    def slot(self, name: str) -> str | None:
        """The first value of a slot, or None."""
        return next((slot.value for slot in self.slots if slot.name == name), None)


def advance(state: State, understanding: Understanding) -> tuple[State, tuple[Ask, ...]]:
    """The state after a message, and its asks with everything filled in that was said before."""
    text = understanding.normalised.text
    person = person_of(text, state.family, state.person)
    slots = recalled(state.slots, state.family, person, state.person)
    state = structs.replace(state, slots=slots)
    home = home_of(text, understanding.tokens)
    known = state.home if home is None else None
    asked = led_on(state.topic, text) or understanding.asks
    asks = tuple(_insured(known, ask, text) for ask in asked)
    asks = tuple(_of_child(state, ask, text) for ask in asks)
    asks = tuple(_resumed(state, _of_grade(state, ask)) for ask in asks)
    asks = tuple(continued(state.topic, ask) for ask in asks)
    there = bool(_THERE.search(text))
    asks = tuple(_at_home(state, _stayed(state, ask, there=there)) for ask in asks)
    own = costs_in(understanding.asks)
    filled = tuple(_carried(state, ask, text) for ask in asks)
    if is_summed(text, state.costs, own, asks):
        filled = tuple(summed((*state.costs, *own), ask) for ask in filled)
    last = filled[-1] if filled else None
    slots = _remembered(state, filled)
    family = told_of(state.family, understanding, person, slots)
    filled = tuple(of_all(grown(ask, person, text), family, understanding) for ask in filled)
    moved = State(
        topic=last.topic if last and last.topic != "outside" else state.topic,
        cues=last.cues if last else state.cues | _lasting(understanding),
        form=last.form if last else state.form,
        ranked=last.ranked if last else state.ranked,
        slots=slots,
        turns=state.turns + 1,
        family=family,
        person=person,
        costs=reckoned_on(
            state.costs, own, filled, slots, told=_only_told(understanding, state, person, filled)
        ),
        named=named_after(state.named, asks),
        home=home or state.home,
    )
    return moved, filled


def _only_told(
    understanding: Understanding, state: State, person: str, asks: tuple[Ask, ...]
) -> bool:
    """Whether a message tells of more that the same person has spent for the same disease."""
    asked = _ASKING.search(understanding.normalised.text)
    fixed = any(token.kind == "fix" for token in understanding.tokens)
    had = {slot.value for slot in state.slots if slot.name == "disease"}
    same = bool(asks) and had.issuperset(asks[-1].values("disease"))
    return same and person == state.person and not asked and not fixed


def _insured(home: Slot | None, ask: Ask, text: str) -> Ask:
    """Without the places where somebody only lives who is insured at `home`: 在苏州住了两年."""
    if home is None:
        return ask
    bare = any(len(text) <= len(slot.said) + _BARE for slot in ask.slots)  # 那北京
    asks = bare or bool(ask.cues - {"compare"} or _ASKING.search(text))
    away = {
        slot.span
        for slot in ask.slots
        if slot.name in _PLACED and slot.value != home.value and (not asks or is_away(text, slot))
    }
    return structs.replace(ask, slots=tuple(s for s in ask.slots if s.span not in away))


def _lasting(understanding: Understanding) -> frozenset[str]:
    """What a message that asks nothing tells for the questions after it: 我们就在本市看病."""
    told = {token.value for token in understanding.tokens if token.kind == "cue"}
    return frozenset(told & {"locally"})


def _of_grade(state: State, ask: Ask) -> Ask:
    """A grade alone is that of another soldier (七级的呢) or of another hospital (二级呢).

    It goes on with what was spoken of; without that it is nobody's, for diseases have grades, too.
    """
    graded = {"graded-exempt", "graded-hospital"} & {slot.name for slot in ask.slots}
    if not graded:
        return ask
    spoken = next((name for name in ("exempt", "hospital") if state.slot(name)), "")
    kept = (s for s in ask.slots if s.name not in graded or s.name == f"graded-{spoken}")
    slots = (structs.replace(slot, name=slot.name.removeprefix("graded-")) for slot in kept)
    return structs.replace(ask, slots=tuple(slots))


def _resumed(state: State, ask: Ask) -> Ask:
    """An ask that names only slots goes on with the question before it (退休的呢, 常熟)."""
    if ask.topic == ELLIPSIS and state.topic and _is_of_figure(state, ask):
        return structs.replace(ask, topic="benefit", ranked=())
    bill = _is_bill(state, ask)
    if bill and ask.topic == state.topic and not ask.cues:  # 备案 was spoken of before
        return structs.replace(ask, topic="calculate", ranked=())
    strange = ask.strange and not bill  # 1月配药350
    if ask.topic != ELLIPSIS or not (ask.slots or ask.cues) or not state.topic or strange:
        return ask
    pending = state.pending[0] if state.pending else None
    # 又花一万 is not said again by what goes on with it.
    cues = (pending.cues if pending else state.cues - {"more"}) | ask.cues
    own = bool(ask.slots) or "yn" in ask.cues  # what was said before says no yes to this
    ranked = pending.ranked if pending else () if own else state.ranked
    slots = ask.slots
    said = {slot.name for slot in slots}
    if pending:
        slots = (*slots, *(slot for slot in pending.slots if slot.name not in said))
    elif not said & {"disease", "other-disease"}:
        # An expense goes on only with a question that goes on: 换成居民.
        money = (slot for slot in state.slots if slot.name in MONEY and not said & MONEY)
        slots = (*slots, *money)
    moved_on = said == {"district"} and (
        "how" in ask.cues or any(slot.name == "district" for slot in state.slots)
    )
    bare = said <= {"talk"} and ask.cues == {"where"} and state.topic in _FILED  # 好的,那去哪
    of_filing = said == {"district"} and state.topic == "filing" and state.asking is None
    if (moved_on and not pending and state.topic in _ANYWHERE_ALIKE) or of_filing or bare:
        return structs.replace(ask, topic="address")
    if (
        expensed(ask.slots)
        and (bill or state.topic in _FIGURES)
        and not ask.cues & {"claimed", "yn", "beyond", "stated"}
    ):
        return structs.replace(ask, topic="calculate", cues=cues, slots=slots)
    form = ask.form if "yn" in ask.cues or ask.form == "yes_no" else state.form
    return structs.replace(ask, topic=state.topic, cues=cues, form=form, ranked=ranked, slots=slots)


def _is_bill(state: State, ask: Ask) -> bool:
    """Whether an ask names nothing but what a disease cost that was spoken of before."""
    said = {slot.name for slot in ask.slots}
    ill = bool(state.slot("disease")) and ask.form == "open"
    return ill and expensed(ask.slots) and said <= MONEY | {"yearly", "again", "hospital"}


def _of_child(state: State, ask: Ask, text: str) -> Ask:
    """Without the children of whose benefit a grown person speaks: 儿童那个8000的额度我还有吗."""
    ages = [float(slot.value) for slot in state.slots if slot.name == "age"]
    theirs = {
        slot
        for slot in ask.slots
        if slot.value == "student" and _THEIR_BENEFIT.match(text, slot.span[1])
    }
    if not theirs or not ages or min(ages) < _OF_AGE or "age" in {s.name for s in ask.slots}:
        return ask
    return structs.replace(ask, slots=tuple(slot for slot in ask.slots if slot not in theirs))


def _is_of_figure(state: State, ask: Ask) -> bool:
    """Whether an ask wants a figure of a disease after what was no question of figures.

    乳腺癌现在康复,一年多少, after where one files.
    """
    wanted = bool(ask.values("disease")) and not ask.cues.isdisjoint(FIGURES)
    return wanted and state.asking is None and state.topic not in _OF_MONEY | _OF_SUMS


def _stayed(state: State, ask: Ask, *, there: bool) -> Ask:
    """Whether one is treated at home, told a message before, decides on the filing elsewhere.

    Of who stays elsewhere for a time 那边透析能报吗 asks what is paid there.
    """
    if there and "abroad" in state.cues and ask.topic in _OF_PLACE:
        return structs.replace(ask, topic="offsite", cues=ask.cues | {"abroad"}, ranked=())
    if ask.topic != "offsite" or "locally" not in state.cues:
        return ask
    return structs.replace(ask, cues=ask.cues | {"locally"})


def _at_home(state: State, ask: Ask) -> Ask:
    """Without what somebody is ill with who is asked about for a bed at home: 脑梗瘫了,够条件吗."""
    if state.slot("disease") != _AT_HOME or ask.values("disease"):
        return ask
    return structs.replace(ask, slots=tuple(s for s in ask.slots if s.name != "other-disease"))


def _carried(state: State, ask: Ask, text: str) -> Ask:
    said = {slot.name for slot in ask.slots}
    dropped = _dropped(state, ask, said)
    carried = tuple(
        structs.replace(slot, how="carried")
        for slot in state.slots
        if slot.name in _CARRIED
        and slot.name not in said
        and slot.name not in dropped
        and (slot.name != "days" or ask.topic in _OF_DAYS)
    )
    carried = compared(state.named, ask, pointed(state.named, ask, carried), text)
    if {"compare", "beside"} <= ask.cues and len(ask.values("disease")) == 1:
        had = tuple(slot for slot in state.slots if slot.name == "disease")
        if len(had) == 1 and had[0].value not in ask.values("disease"):
            return structs.replace(ask, slots=(*had, *ask.slots, *carried))
    if "both" in ask.cues and "disease" in said:  # 加上高血压呢: with the one named before
        had = tuple(slot for slot in state.slots if slot.name == "disease" and slot.value in PAIR)
        if not had:
            return structs.replace(ask, slots=(*ask.slots, *carried))
        return structs.replace(ask, slots=(*united((*had, *ask.slots)), *carried))
    if "both" in ask.cues and PAIR & {slot.value for slot in carried if slot.name == "disease"}:
        return structs.replace(ask, slots=united((*ask.slots, *carried, *_PAIRED)))
    total = bool(TOGETHER.search(text)) and "pay" in ask.cues and ask.cues <= _OF_TOTAL
    if expensed(state.slots) and state.topic in _FIGURES and (total or _wants_sum(ask, said)):
        ask = structs.replace(ask, topic="calculate")
    return _with_money(state, ask, carried, dropped)


def _with_money(state: State, ask: Ask, carried: tuple[Slot, ...], dropped: set[str]) -> Ask:
    """An ask with what else was carried on, and with the money it goes on with."""
    said = {slot.name for slot in ask.slots}
    if "later" in ask.cues and _is_over(state) and ask.topic in _OF_MONEY:
        money = tuple(structs.replace(s, how="carried") for s in state.slots if s.name in MONEY)
        beyond = structs.replace(ask, topic="ceiling", cues=ask.cues | {"beyond"}, ranked=())
        return structs.replace(beyond, slots=(*ask.slots, *carried, *money))
    if ask.topic in {"calculate", "exceeding"} and "yuan" not in said:
        # 今年住院已经花了3万 comes on top of the cost that was told.
        carried += tuple(s for s in state.slots if s.name in MONEY and s.name not in said)
    elif ask.topic == "calculate" and "inpatient" not in said:
        carried += stays(state.slots)
    if "yuan" in said and not dropped & MONEY:
        carried += _spent_before(state, ask)
    return structs.replace(ask, slots=(*ask.slots, *carried))


def _spent_before(state: State, ask: Ask) -> tuple[Slot, ...]:
    """What was spent before the cost that an ask names, by what was told until then.

    又花一万 and 接下来还要两万 come on top of it; 这两万 is the cost itself, told once more.
    """
    had = [slot for slot in state.slots if slot.name in COSTS and not slot.said]
    costs = [slot.value for slot in had if slot.name == "yuan"]
    sums = [slot for slot in ask.slots if slot.name == "yuan"]
    if costs and costs == [slot.value for slot in sums] and "more" not in ask.cues:
        had = [slot for slot in had if slot.name == "spent"]
    elif ask.cues.isdisjoint({"more", "later"}) or any(slot.said for slot in sums):
        return ()
    return tuple(structs.replace(slot, name="spent", how="carried") for slot in had)


def _is_over(state: State) -> bool:
    """Whether it was told that a bound is exceeded: 今年已经过35万了."""
    money = [slot for slot in state.slots if slot.name in MONEY]
    return bool(money) and ("beyond" in state.cues or any(slot.said for slot in money))


def _wants_sum(ask: Ask, said: set[str]) -> bool:
    """Whether, after an expense was told, a question is what comes back of it: 能报多少."""
    much = ask.cues & {"howmuch", "money", "calculate"} or ask.cues <= {"pay", "both", "counted"}
    wish = ("pay" in ask.cues and bool(much)) or "selfpay" in ask.cues
    wish = wish and not ask.cues & {"limit", "rate", "deductible"}
    return ask.topic == "benefit" and wish and not said & {"disease", "other-disease", "tumour"}


def _dropped(state: State, ask: Ask, said: set[str]) -> set[str]:
    """What the new message puts out of force: the scheme by another population, and so on."""
    dropped: set[str] = set()
    had = {slot.value for slot in state.slots if slot.name == "disease"}
    if "disease" in said and not (had and had.issuperset(ask.values("disease"))):
        dropped |= _OF_DISEASE
    if said & {"other-disease", "tumour"} and state.slot("disease") != _AT_HOME:
        dropped |= {"disease", *_OF_DISEASE}
    population, scheme = ask.slot("population"), ask.slot("scheme")
    if population and SCHEMES[population] != state.slot("scheme"):
        dropped.add("scheme")
    if scheme and SCHEMES.get(state.slot("population") or "") != scheme:
        dropped.add("population")
    if "age" in said and "population" not in said and _is_grown(ask, state):
        dropped.add("population")  # 她表哥今年三十, after a child
    dropped |= _left(state, ask, said)
    if said & {"scheme", "population", "age"}:  # 那普通职工呢
        dropped.add("exempt")
    if ask.topic not in _OF_PLATFORM:
        dropped.add("platform")
    return dropped


def _is_grown(ask: Ask, state: State) -> bool:
    """Whether somebody is of age who was spoken of as a child."""
    ages = [float(value) for value in ask.values("age")]
    return state.slot("population") == "student" and bool(ages) and min(ages) >= _OF_AGE


def _left(state: State, ask: Ask, said: set[str]) -> set[str]:
    """The places that the new message leaves for another one."""
    left: set[str] = set()
    if said & {"region", "other-place", "place"}:
        left = {"region", "district", "platform", "other-place", "place"}
        again = "region" in said and ask.slot("region") == state.slot("region")
        if again and not state.ranked:
            left.discard("district")  # 园区的, and only then: 门特去哪个楼办,苏州
    if "district" in said:
        left |= {"region", "other-place", "place"}
    if "every" in ask.cues:  # 十个区的地址都给我, after one of them
        left.add("district")
    return left


def _remembered(state: State, asks: tuple[Ask, ...]) -> tuple[Slot, ...]:
    """The slots that the conversation goes on with."""
    slots = {slot.name: slot for slot in state.slots}
    kept: list[Slot] = list(state.slots)
    for ask in (_unplaced(ask) if state.slot("district") else ask for ask in asks):
        names = {slot.name for slot in ask.slots}
        dropped = _dropped(state, ask, {s.name for s in ask.slots if s.how != "carried"})
        dropped |= MONEY if names & MONEY else set()  # an ask has all the money it goes on with
        kept = [slot for slot in kept if slot.name not in names | dropped]
        # 一年8000对吗 tells of no money that was spent.
        money = frozenset() if ask.topic == "benefit" and ask.form == "yes_no" else MONEY
        kept += [slot for slot in ask.slots if slot.name in _CARRIED or slot.name in money]
    return tuple(kept) if asks else tuple(slots.values())


def _unplaced(ask: Ask) -> Ask:
    """Without the places that others speak of: 隔壁阿姨讲统统去姑苏."""
    if "hearsay" not in ask.cues:
        return ask
    places = {"district", "landmark", "region"}
    return structs.replace(ask, slots=tuple(s for s in ask.slots if s.name not in places))
