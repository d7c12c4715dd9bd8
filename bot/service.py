"""`reply: Message → Answer`: understanding, the conversation, and composing, put together."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache, partial

from msgspec import Struct, structs

from bot.chatter import CONTENT, is_foreign, talk_kind
from bot.compose import composed
from bot.compose.decline import other_place, unknown
from bot.compose.figures import month
from bot.compose.part import Context, Part
from bot.compose.settling import distinct, overview, settled
from bot.compose.talk import talk
from bot.compose.wording import say
from bot.days import aged
from bot.messages import Answer, Block, Cited, Option, Text
from bot.options import meant, offered
from bot.redact import Redacted, notice, only, redacted
from bot.redacting.public import Public, nothing, public_of
from intents.asking import ELLIPSIS
from intents.building import Engine, engine
from intents.choosing import region_of
from intents.claims import settled as settled_by
from intents.clauses import asks as is_question
from intents.context import USUALLY, Before
from intents.dialogue import State, advance
from intents.engine import understand
from intents.gone import Known, known, without_gone
from intents.normalise import HAN
from intents.persons import relatives
from intents.understanding import Ask, Slot, Understanding
from knowledge.pack import GENERAL, Library

LONGEST = 2000  # characters of one message that are read
_DAYS = 8  # days of which the rules are kept at hand
# Topics in which an entry of the general pack speaks of a place without a pack.
_PLACED = frozenset({"hotline", "region_difference", "online_pharmacy"})
# Topics that compare what the packs hold; with a place that they do not hold there is nothing to.
_COMPARISONS = frozenset({"compare", "scheme_difference", "ranking"})
_ALIKE = frozenset({"compare", "same"})
_ANEW = frozenset({"reset", "forget"})  # small talk that a conversation begins anew with
_ASKING_END = re.compile("[吗么呢吧嘛伐][ ,。!]*$")
_AGAIN = frozenset({"repeat", "confused"})  # small talk that wants the last answer


class Service(Struct, frozen=True):
    """What serves every conversation: the library, the engine, the deployment's own region.

    `valid` is what the library says on a day, `known` what a conversation may name of it, `public`
    the numbers and addresses that it publishes.
    """

    library: Library
    engine: Engine
    valid: Callable[[date], Library]
    region: str | None = None
    confirm_after: int = 365
    known: Known = {}
    public: Callable[[], Public] = nothing

    @property
    def packs(self) -> str:
        """The state of the knowledge, in twelve letters."""
        return self.library.fingerprint[:12]

    def redacted(self, text: str) -> Redacted:
        """A text without numbers and names of persons; what the packs publish stays."""
        return redacted(text, self.public)


class Turn(Struct, frozen=True):
    """One turn: the answer, the state after it, and what was understood on the way.

    `asked` is the message without numbers and names of persons.
    """

    answer: Answer
    state: State
    understanding: Understanding | None = None
    asks: tuple[Ask, ...] = ()
    asked: str = ""


def service(
    library: Library,
    *,
    region: str | None = None,
    confirm_after: int = 365,
    compiled: Engine | None = None,
) -> Service:
    """A service over a library. Raises UnknownRegion for a region without a pack."""
    if region is not None:
        library.pack(region)
    valid = lru_cache(maxsize=_DAYS)(library.at)
    public = cache(lambda: public_of(library))  # wanted rarely, and takes a while
    made = compiled or engine(library)
    return Service(library, made, valid, region, confirm_after, known(library), public)


def turn(served: Service, state: State, text: str, *, day: date, region: str | None = None) -> Turn:
    """Answer one message in a conversation; a region given here goes before the deployment's.

    Nothing of a person's own is read: the message is redacted before anything else.
    """
    bare = served.redacted(text)
    done = _turn(served, without_gone(state, served.known), bare.text, day=day, region=region)
    if bare.kinds and done.answer.kind != "error":
        done = _noted(state, done, bare)
    answer = structs.replace(done.answer, packs=served.packs)
    return structs.replace(done, answer=answer, asked=bare.text)


def _noted(state: State, done: Turn, bare: Redacted) -> Turn:
    """A turn whose answer says at its end that what was marked out was not wanted."""
    answer = done.answer
    if _holds_only_marks(done):
        said = Answer("smalltalk", (Text(only(bare.kinds)),), confidence=1.0, as_of=answer.as_of)
        return Turn(said, state, done.understanding)
    blocks = (*answer.blocks, Text(notice(bare.kinds)))
    return structs.replace(done, answer=structs.replace(answer, blocks=blocks))


def _holds_only_marks(done: Turn) -> bool:
    """Whether nothing was said beside numbers and names of persons."""
    read = done.understanding.normalised.text if done.understanding else "…"
    return not any(char.isalnum() for char in read)


def _turn(
    served: Service, state: State, text: str, *, day: date, region: str | None = None
) -> Turn:
    home = region or served.region
    if len(text) > LONGEST:
        answer = Answer("error", (Text(say("too_long", longest=LONGEST)),), as_of=day.isoformat())
        return Turn(answer, state)
    said = meant(state, text)
    before = Before(_region(served, state.slots) or home, state.slots, state.cues, state.topic)
    understanding = understand(served.engine, said, before)
    context = context_of(served, None, day)
    if is_foreign(understanding):
        part = Part("declined_unknown", (Text(say("declined_language")),))
        answer = Answer(part.status, part.blocks, as_of=day.isoformat())
        return Turn(answer, state, understanding)
    if kind := talk_kind(understanding):
        there = structs.replace(context, region=_region(served, state.slots) or home)
        again = _told_again(served, there, state, understanding, kind) if kind in _AGAIN else None
        return again or _talked(there, state, understanding, kind)
    asks = tuple(aged(ask, day) for ask in understanding.asks)
    understanding = structs.replace(understanding, asks=asks)
    moved, asks = advance(state, understanding)
    strange = any(token.kind == "word" for token in understanding.tokens)
    words = strange and not _only_tells(understanding)
    asks = tuple(settled(overview(ask, words=words)) for ask in asks)
    asks = distinct(tuple(map(_alone, asks)))
    asks = tuple(ask for ask in asks if not _set_against(ask)) or asks
    parts = [
        _part(served, context, ask, home, understanding) for ask in asks if not _set_against(ask)
    ]
    parts += [other_place(ask) for ask in asks[:1] if _jointly(ask)]
    parts = _without_clarifying(asks, parts)
    if not parts:
        parts = [_lost(structs.replace(context, region=home), understanding)]
    answer = _answer(served, asks, parts, understanding, day)
    moved = structs.replace(moved, slots=_placed(served, asks, moved.slots))
    if any(_is_general(ask) for ask in asks):
        moved = structs.replace(moved, slots=_generally(moved.slots))
    asking = parts[-1].asking
    moved = structs.replace(
        moved,
        asking=asking,
        pending=asks[-1:] if asking else (),
        topic=asks[-1].topic if asks and asks[-1].topic != "outside" else moved.topic,
        options=offered(asks, answer, understanding.normalised.text)
        or (state.options if said != text else ()),
    )
    return Turn(answer, moved, understanding, asks)


def _without_clarifying(asks: tuple[Ask, ...], parts: list[Part]) -> list[Part]:
    """Without what would be asked back beside a matter that is declined: 透析袋截留选多少."""
    outside = any(ask.topic == "outside" for ask in asks)
    kept = [part for part in parts if not part.status.startswith("clarify")]
    return kept if outside and kept else parts


def context_of(served: Service, region: str | None, day: date) -> Context:
    """What composing needs, for a region on a day."""
    silent = {t.id: t.silent for t in served.engine.rules.topics.values() if t.silent}
    engine = served.engine
    return Context(
        served.valid(day),
        region,
        day,
        served.confirm_after,
        engine.rules.outside,
        silent,
        partial(settled_by, engine.claims, engine.index.weights),
    )


def _placed(served: Service, asks: tuple[Ask, ...], slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """What is remembered, with the region that an account or a paper implied."""
    implied = next((region for ask in asks if (region := _region(served, ask.slots))), None)
    away = any(slot.name in {"other-place", "place"} for slot in slots)
    if implied is None or away or any(slot.name == "region" for slot in slots):
        return slots
    return (*slots, Slot("region", implied, "", (0, 0), "inferred"))


def _generally(slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """What is remembered once general advice was taken for a place without a pack."""
    kept = tuple(slot for slot in slots if slot.name not in {"other-place", "region", "district"})
    return (*kept, Slot("region", GENERAL, "", (0, 0), "inferred"))


def _shorter(part: Part) -> Part:
    """An answer with its first sentence alone, which says it; steps and lists stay whole."""
    first = part.blocks[0]
    plain = isinstance(first, Text) and not first.text.endswith("：")
    return structs.replace(part, blocks=(first,)) if plain else part


def _told_again(
    served: Service, context: Context, state: State, understanding: Understanding, kind: str
) -> Turn | None:
    """The last answer for who did not catch it, shorter for who did not understand it.

    None where there was none.
    """
    if not state.topic:
        return None
    ask = Ask(state.topic, state.slots, state.cues, ranked=state.ranked)
    part = _part(served, context, ask, context.region, understanding)
    if not part.status.startswith("answered"):
        return None
    part = part if kind == "repeat" else _shorter(part)
    answer = _answer(served, (ask,), [part], understanding, context.day)
    return Turn(answer, structs.replace(state, turns=state.turns + 1), understanding, (ask,))


def _only_tells(understanding: Understanding) -> bool:
    """Whether a message tells of somebody and asks nothing at all: 我妈糖尿病天天打针."""
    text = understanding.normalised.text
    asked = "?" in text or _ASKING_END.search(text) or any(map(is_question, understanding.tokens))
    return bool(relatives(text)) and not asked


def _talked(context: Context, state: State, understanding: Understanding, kind: str) -> Turn:
    part = talk(context, kind)
    after = State() if kind in _ANEW else structs.replace(state, turns=state.turns + 1)
    as_of = context.day.isoformat()
    answer = Answer(part.status, part.blocks, topic=kind, confidence=1.0, as_of=as_of)
    return Turn(answer, after, understanding)


def _region(served: Service, slots: tuple[Slot, ...]) -> str | None:
    """The region that slots name or imply; general where they name a place only it speaks of."""
    return region_of(served.engine.rules, slots)


def _part(
    served: Service, context: Context, ask: Ask, home: str | None, understanding: Understanding
) -> Part:
    fresh = tuple(slot for slot in ask.slots if slot.how != "carried")
    region = _region(served, fresh) or _region(served, ask.slots)
    away = ask.topic != "outside" and not _jointly(ask) and _elsewhere(served, ask)
    if away and USUALLY not in ask.cues:
        return other_place(ask)
    there = structs.replace(context, region=region or home)
    # 没有成都的?那讲讲一般流程
    if ask.values("place") or away or (_is_general(ask) and not _placed_now(ask)):
        there = structs.replace(context, region=GENERAL)
    if ask.topic == ELLIPSIS:
        return _lost(there, understanding)
    if there.region is None and USUALLY in ask.cues:  # 一般要几张照片
        part = composed(structs.replace(there, region=GENERAL), ask)
        if part.status == "answered":
            return part
    return composed(there, ask)


def _is_general(ask: Ask) -> bool:
    """Whether general advice is wanted in so many words, or for a place without a pack."""
    return "anywhere" in ask.cues or (USUALLY in ask.cues and bool(ask.values("other-place")))


def _placed_now(ask: Ask) -> bool:
    return any(s.name in {"region", "district"} and s.how != "carried" for s in ask.slots)


def _jointly(ask: Ask) -> bool:
    """Whether a covered place and another are asked about at once: 南京和苏州."""
    fresh = {slot.name for slot in ask.slots if slot.how != "carried"}
    return "other-place" in fresh and bool(fresh & {"region", "district"})


def _alone(ask: Ask) -> Ask:
    """What is asked of a covered place that is compared with another: what holds in that place.

    Whether the two are alike nobody can say; the figure somebody holds against it is the other's.
    """
    alike = ask.cues & _ALIKE or ask.topic == "compare"
    if not (_jointly(ask) and alike and ask.values("disease")):
        return ask
    slots = tuple(slot for slot in ask.slots if slot.name not in {"yuan", "percent"})
    topic = "benefit" if ask.topic in _COMPARISONS else ask.topic
    cues = ask.cues - _ALIKE - {"yn", "or"}
    return structs.replace(ask, topic=topic, form="open", cues=cues, slots=slots, ranked=())


def _set_against(ask: Ask) -> bool:
    """Whether the rules of a place without a pack are compared as a whole: 跟无锡一样吗."""
    compared = ask.topic in _COMPARISONS or ask.cues & {*_ALIKE, "definition"}
    return _jointly(ask) and bool(compared) and not ask.values("disease")


def _elsewhere(served: Service, ask: Ask) -> bool:
    """Whether the ask is about a place without a pack."""
    names = {slot.name for slot in ask.slots if slot.how != "carried"}
    own = _placed_now(ask)
    away = bool(names & {"other-place", "place"}) or (not own and bool(ask.values("other-place")))
    if not away:
        return False
    topic = served.engine.rules.topics.get(ask.topic)
    if (topic and topic.anywhere) or ask.values("hotline"):
        return False
    places = set(ask.values("place"))
    told = (when.get("place", ()) for when in served.engine.rules.conditions.values())
    known = ask.topic in _PLACED and places & {place for values in told for place in values}
    return not known


def _lost(context: Context, understanding: Understanding) -> Part:
    """Nothing that is answered here: another language, noise, or a matter the packs leave out."""
    text = understanding.normalised.text
    tokens = understanding.tokens
    if not HAN.search(text) and not any(t.kind in CONTENT for t in tokens):
        name = "declined_language" if re.search(r"[^\W\d_]{3}", text) else "declined_gibberish"
        return Part("declined_unknown", (Text(say(name)),))
    outside = any(t.kind == "word" for t in tokens) or any(a.strange for a in understanding.asks)
    if not outside and any(t.kind in CONTENT for t in tokens):
        return Part("clarify_topic", (Text(say("clarify_topic")),), options=_topics())
    return unknown(context)


def _topics() -> tuple[Option, ...]:
    names = ("limit", "materials", "filing", "address")
    return tuple(Option(say(f"option_{n}"), say(f"option_{n}")) for n in names)


def _answer(
    served: Service,
    asks: tuple[Ask, ...],
    parts: list[Part],
    understanding: Understanding,
    day: date,
) -> Answer:
    # What is answered goes first, whatever else was asked before it.
    told = sorted(parts, key=lambda part: part.status.startswith("declined"))
    once = dict.fromkeys(part.blocks for part in told)
    blocks: list[Block] = [block for said in once for block in said]
    cites = tuple(dict.fromkeys(c for part in parts for c in part.citations))
    status = parts[0].status
    if len({part.status.partition("_")[0] for part in parts}) > 1:
        answered = any(part.status == "answered" for part in parts)
        status = "answered_partly" if answered else parts[0].status
    blocks += confirm(served, cites, day)
    ask = asks[0] if asks else Ask("")
    return Answer(
        status,
        tuple(blocks),
        cites,
        parts[-1].options,
        topic=ask.topic,
        slots=_slots(ask),
        confidence=understanding.confidence,
        as_of=day.isoformat(),
    )


def _slots(ask: Ask) -> dict[str, str]:
    return {slot.name: "+".join(ask.values(slot.name)) for slot in ask.slots if slot.name != "talk"}


def confirm(served: Service, cites: tuple[Cited, ...], day: date) -> list[Block]:
    """A line to confirm where a cited document is older than the deployment allows."""
    told = {cited.source for cited in cites}
    sources = (s for pack in served.library.packs for s in pack.sources if s.id in told)
    ages = {source.id: (day - source.since).days for source in sources}
    old = sorted({c.issued for c in cites if ages.get(c.source, 0) > served.confirm_after})
    return [Text(say("as_of", issued=month(old[0])))] if old else []
