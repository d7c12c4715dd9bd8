"""Rules that are no table cell: the entry of the nearest jurisdiction, yes or no first."""

from __future__ import annotations

import re
from typing import get_args

from msgspec import structs

from bot.compose import decline
from bot.compose.part import Context, Part, cited, is_general, joint, schemes
from bot.compose.wording import answered, say
from bot.messages import Block, Items, Text
from intents.claims import worded_of
from intents.echo import Verb
from intents.quantities import days, measures, months
from intents.rivals import MORE
from intents.slots import SCHEMES
from intents.stance import Stance
from intents.understanding import Ask, Candidate
from knowledge.pack import GENERAL, Pack
from knowledge.schema import Faq, Rank

# A slot of an entry's `when` and the cues that stand for its values.
_CHANNELS = {
    "mail": "mail", "window": "window", "at-hospital": "hospital",
    "community": "community", "web": "web", "online": "app",
}  # fmt: skip
_NAMED = frozenset({"place", "care"})  # conditions that hold only where they are said to hold
# Topics whose entries are parts of one rule: each is told with the others.
_WHOLE = frozenset({"relapse"})
_SOME = 0.5  # of several entries without conditions the one that comes this near
_ABOUT = 0.9  # and explains more than that something is filed
_BEHIND = 0.12  # an entry this much behind the topic itself is not what was asked
_CLEAR = 0.85  # a phrasing this close says what is asked, whatever else is said
_LEVEL = 0.02  # how far apart two phrasings are that come as near
_OF_TERM = "deadline"
_OF_OUTCOME = "result"
_OF_WHERE = frozenset({"two_diseases"})  # where it is filed: 找社区就成,对吧
_OF_TIME = frozenset({"review_time"})
_PERCENT = re.compile(r"(\d+)%")
_LONG_SINCE = 60  # days after which somebody may have come late
_PLAIN = 0.55  # a phrasing this close asks for just what its entry says
_OF_SOME = re.compile("的(?=[要应须需可])")  # 异地就医的要先办异地备案 says nothing of others
_CLAUSE = re.compile("[，；。]")
# What an entry says outright against and for what is asked.
_SAYS: dict[Verb, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "needs": (re.compile("无需|不需要?|不用|不必|免于?"), re.compile("应当?|须|需要?|要(?!求)")),
    "can": (
        re.compile("不能|不得|不予|不可|无法|不支持"),
        re.compile("可以|均可|可[凭从到向由通]|支持"),
    ),
}


def fits(entry: Faq, ask: Ask) -> bool:
    """Whether nothing in the ask contradicts the entry's `when`: another value excludes it."""
    for name, values in entry.when.items():
        said = _said(ask, name)
        if said and not said & set(values):
            return False
        if name in _NAMED and not said:
            return False
    return True


def _said(ask: Ask, name: str) -> set[str]:
    if name == "care":
        return {"local"} if "locally" in ask.cues else set()
    if name == "channel":
        return {_CHANNELS[cue] for cue in ask.cues if cue in _CHANNELS}
    if name == "scheme":
        return schemes(ask)  # a population settles its scheme
    return set(ask.values(name))


def entry_for(pack: Pack, ask: Ask) -> tuple[Faq, Candidate | None] | None:
    """The pack's entry that answers an ask best, with the phrasing that came nearest."""
    fitting = {
        f"{pack.region.id}/{faq.id}": faq
        for faq in pack.faqs
        if faq.topic == ask.topic and fits(faq, ask)
    }
    met = {id_: faq for id_, faq in fitting.items() if not _NAMED.isdisjoint(faq.when)}
    fitting = met or fitting
    best = ask.ranked[0].score if ask.ranked else 0.0
    near = [c for c in ask.ranked if c.entry in fitting and c.score >= best - _BEHIND]
    if ask.form == "open":  # of a platform that was named its own entry, and not that of all
        own = {i for i, faq in fitting.items() if "platform" in faq.when and _met(faq, ask) > 0}
        near = [c for c in near if not own or c.entry in own]
    if ask.values("title"):  # nor what holds for a rank where a disease has a rule of its own
        ill = set(ask.values("disease"))
        own = {i for i, faq in fitting.items() if ill and ill <= set(faq.when.get("disease", ()))}
        near = [c for c in near if c.entry in own] or near
    if near:
        first = _as_claimed(near, ask)
        return fitting[first.entry or ""], _telling(first, ask)
    if not fitting:
        return None
    scored = [
        c for c in ask.ranked if c.entry in fitting and c.score >= _SOME and c.common > _ABOUT
    ]
    if scored and ask.form == "yes_no" and _met(fitting[scored[0].entry or ""], ask) >= 0:
        return fitting[scored[0].entry or ""], _telling(scored[0], ask)
    best_met = max(fitting.values(), key=lambda faq: _met(faq, ask))
    # What a term means is not told by the entry of a disease that nobody named.
    if ask.topic == "definition" and _met(best_met, ask) < 0:
        return None
    return best_met, None


def _met(entry: Faq, ask: Ask) -> int:
    """Without a near phrasing the most conditions met is best, one unmet is worst."""
    return sum(1 if _said(ask, name) else -9 for name in entry.when)


def _as_claimed(near: list[Candidate], ask: Ask) -> Candidate:
    """Of candidates that come as near, for what can be done the one that says whether it can."""
    put = ask.stance
    if put is None or put.kind != "can":
        return near[0]
    level = (c for c in near if c.score >= near[0].score - _LEVEL)
    return next((c for c in level if c.why.startswith(("yes: ", "no: "))), near[0])


def _telling(nearest: Candidate, ask: Ask) -> Candidate:
    """Of the phrasings of the best entry, for a yes-or-no question the nearest with a yes or no."""
    worded = worded_of(nearest.entry or "", ask) if ask.form == "yes_no" else ()
    return worded[0] if worded else nearest


def rule(context: Context, ask: Ask) -> Part:
    """The answer to a rule question, from the region's own document before the general one."""
    if context.pack is None:
        return _anywhere(context, ask)
    for pack in context.library.lineage(context.pack.region.id):
        if found := entry_for(pack, ask):
            return told(context, pack, ask, found)
    return decline.silent(context, context.silent.get(ask.topic, ""))


def rules(context: Context, ask: Ask) -> Part:
    """The filing of chronic diseases; of several diseases named, what is asked of each."""
    named = [slot for slot in ask.slots if slot.name == "other-disease"]
    if len({slot.value for slot in named}) < 2:
        return rule(context, ask)
    rest = tuple(slot for slot in ask.slots if slot.name != "other-disease")
    asks = [structs.replace(ask, slots=(*rest, one), ranked=()) for one in named]
    return joint([rule(context, one) for one in asks])


def effective(context: Context, ask: Ask) -> Part:
    """When the benefit begins; who is late is also told within which time one must apply."""
    part = rule(context, ask)
    # 确诊八个月才报,从哪天算
    passed = any(int(one.partition("-")[0]) >= _LONG_SINCE for one in ask.values("days"))
    late = ask.cues & {"before", "deadline"} or passed
    if not late or not part.citations or not is_general(part):
        return part
    term = rule(context, structs.replace(ask, topic="deadline", ranked=()))
    return Part(
        part.status,
        term.blocks + part.blocks,
        term.citations + part.citations,
        part.options,
        part.asking,
    )


def told(
    context: Context, pack: Pack, ask: Ask, found: tuple[Faq, Candidate | None], label: str = ""
) -> Part:
    """An entry as an answer; `label` says whose rule it is, where that was not asked."""
    faq, candidate = found
    entry = f"{pack.region.id}/{faq.id}"
    word = _word(faq, ask) or _claimed(context, entry, ask, candidate) or _affirmed(faq, ask)
    word = word or _undone(faq.says, ask)
    if not (word or _is_foreign(pack)):  # what holds in some cities is no 可以 for this one
        word = _stated(faq.says, candidate, ask)
    says = say("general_said", says=faq.says) if _is_foreign(pack) else label + faq.says
    lines: list[Block] = [Text(word + says)]
    points = [point.says for point in faq.points if _of_scheme(point.says, ask)]
    if faq.topic in _WHOLE:
        rest = (one for one in pack.faqs if one.topic == faq.topic and one is not faq)
        points += [one.says for one in rest if fits(one, ask)]
    if points:
        lines.append(Items(tuple(dict.fromkeys(points))))
    return Part("answered", tuple(lines), cited(context.library, pack.region.id, [faq.cite]))


def _of_scheme(text: str, ask: Ask) -> bool:
    """Whether a point holds under the scheme asked about: no other one opens it."""
    named = schemes(ask)
    others = set(SCHEMES.values()) - named
    return len(named) != 1 or not text.startswith(tuple(say(one) for one in others))


def _is_foreign(pack: Pack) -> bool:
    return pack.region.id == GENERAL


def _word(faq: Faq, ask: Ask) -> str:
    """The yes or no that a rank, a scheme, a figure or a month deserves that was named."""
    if ask.form != "yes_no" or ask.verb == "will":
        return ""
    if faq.least and _asks_of_rank(ask) and (said := ask.values("title")):
        word = _of_rank(faq.least, said, ask)
        # 副主任开的就够交了吗, 主任签好了,章还没敲,好交伐: something else may be lacking
        alone = {"enough", "submit"} <= ask.cues or "stamp" in ask.cues
        return "" if alone and word == answered(ask.verb, yes=True) else word
    rate = _has_rate(faq, ask)
    if rate is not None or (_agrees(faq, ask) is False and not ask.negated):
        return answered("is", yes=bool(rate))
    if faq.topic in _OF_TIME and (said := ask.values("days")):
        return _in_time(said, days(faq.says), ask.verb)
    if faq.topic == _OF_TERM and (said := ask.values("days")):
        return _overdue(said, days(faq.says), ask)
    return ""


def _has_rate(faq: Faq, ask: Ask) -> bool | None:
    """Whether a rate that was named is the one that is written: 超过35万报100%吧.

    None without one, and where two are written, of which nobody knows which is meant.
    """
    stated, written = set(ask.values("percent")), set(_PERCENT.findall(faq.says))
    clear = len(written) == 1 or stated.isdisjoint(written)
    return stated <= written if stated and written and clear else None


def more_of(ask: Ask) -> str:
    """Who is said to have more of what is compared; empty where nobody is."""
    return next((cue.removeprefix(MORE) for cue in ask.cues if cue.startswith(MORE)), "")


def _agrees(faq: Faq, ask: Ask) -> bool | None:
    """Whether what was named is what is written of scheme, month or measure; None for none of them.

    居民报得比职工多吧, 是2024年6月起的吧, 得是两寸的吧.
    """
    text = faq.says
    if faq.more and (claimed := more_of(ask)):
        return claimed == faq.more
    if (since := months(text)) and (years := ask.values("year")):
        return all(any(one.startswith(year) for one in since) for year in years)
    written, said = measures(text), measures("".join(ask.values("measure")))
    units = [unit for unit, _ in written]
    if any(units.count(unit) > 1 for unit, _ in said):
        return None  # 一寸照一张就够了吧, where two are written, and one in some places
    named = {one for one in said if units.count(one[0]) == 1}
    return named <= written if named else None


def _affirmed(faq: Faq, ask: Ask) -> str:
    """The yes that what was named deserves where it is what is written, and nothing is denied."""
    agrees = ask.form == "yes_no" and not ask.negated and _agrees(faq, ask)
    return answered("is", yes=True) if agrees else ""


def _claimed(context: Context, entry: str, ask: Ask, nearest: Candidate | None) -> str:
    """The yes or no that the entry's nearest claim comes to, put as the question was."""
    put = ask.stance
    # 期满后自动再续一轮,是吧: nobody has said yes to what is not understood, and
    # 批没批下来 asks for no yes of a rule.
    clear = nearest is not None and nearest.score >= _CLEAR
    unknown = ask.strange and "claimed" in ask.cues and not clear
    # What is claimed is that it can still be done, and not that it is late.
    unknown |= ask.verb == "late"
    if put is None or ask.form != "yes_no" or unknown or _is_outcome(ask, put):
        return ""
    general, asked = entry.startswith(f"{GENERAL}/"), context.region in {None, GENERAL}
    if general and nearest is None and not ask.values("days"):
        return ""  # what holds in some cities is no 需要 for what was not asked in so many words
    yes = context.settles(entry, ask, nearest)
    # Nor is it a 可以 for this one; that it can be done does not say that nothing else is needed.
    enough = "enough" in ask.cues and put.kind != "needs" and ask.topic not in _OF_WHERE
    more = enough or bool(ask.values("percent")) or (general and not asked)
    if yes is None or (yes and more):
        return ""
    if put.feared or put.only:
        return answered("will" if put.feared else "is", yes=yes)
    if put.kind == "is" and not put.tagged:
        return answered("is" if ask.verb == "needs" else ask.verb, yes=yes)
    return answered("is" if put.tagged else put.kind, yes=yes)


def _is_outcome(ask: Ask, put: Stance) -> bool:
    return ask.topic == _OF_OUTCOME and put.kind == "is" and not put.tagged


def _in_time(said: tuple[str, ...], written: tuple[tuple[int, int], ...], verb: Verb) -> str:
    """Whether what takes so many days takes as long as was said: 要审一个月吧, 一周内能好吗."""
    least, most = (int(part) for part in said[0].split("-"))
    if len(said) > 1 or len(written) != 1:
        return ""
    low, high = written[0]
    within = verb == "can" or least == 0
    if within and low <= most < high:
        return ""  # it may be, and need not
    held = high <= most if within else low <= least and most <= high
    return answered(verb if within else "is", yes=held)


def _overdue(said: tuple[str, ...], written: tuple[tuple[int, int], ...], ask: Ask) -> str:
    """The word to whether a term is over that is not: 刚满三个月,算过期了没, 两个月来得及吗."""
    longest = max(int(one.partition("-")[2]) for one in said)
    if longest >= max((high for _, high in written), default=0):
        return ""
    if ask.verb == "timely":
        return answered("timely", yes=True)
    if ask.verb == "late":
        return answered("late", yes=False)
    return answered("has", yes=False) if "expiry" in ask.cues else ""


def _stated(text: str, candidate: Candidate | None, ask: Ask) -> str:
    """The first word that an entry says itself of what is needed: 参保人员无需前往医院."""
    if candidate is None or candidate.score < _PLAIN:
        return ""
    plain = ask.form == "yes_no" and "all" not in ask.cues
    if ask.verb == "can":  # what may be done beside what is asked for is no 可以
        plain = plain and not candidate.why.startswith(("yes: ", "no: "))
    narrowed = ask.negated or "must" in ask.cues or ask.values("title")
    if not plain or narrowed or ask.verb not in _SAYS:
        return ""
    text = _CLAUSE.split(text, maxsplit=1)[0]  # what an entry adds is not what it says outright
    if _OF_SOME.search(text):
        return ""
    no, yes = _SAYS[ask.verb]
    free, bound = bool(no.search(text)), bool(yes.search(no.sub("", text)))
    return "" if free == bound else answered(ask.verb, yes=bound)


def _undone(text: str, ask: Ask) -> str:
    """The no to whether something can be left undone that an entry says must be done."""
    put = ask.stance
    if put is None or not put.without or put.kind != "can" or "enough" not in ask.cues:
        return ""
    no, yes = _SAYS["needs"]
    bound = yes.search(no.sub("", text)) and not no.search(text)
    return answered("can", yes=put.answer(holds=True)) if bound else ""


def is_put_negatively(ask: Ask) -> bool:
    """Whether what is asked is put with a negation: 是不是就不给报了 as well as 不用去吧."""
    return ask.negated or "cannot" in ask.cues


def _asks_of_rank(ask: Ask) -> bool:
    """Whether the rank named decides: neither 对级别有要求没有 nor 随便哪家的主任都能填."""
    demand = ask.verb == "has" and "covered" not in ask.cues  # 有资格吗 asks of the rank
    return not demand and "all" not in ask.cues


def _of_rank(least: Rank, said: tuple[str, ...], ask: Ask) -> str:
    """Whether a doctor of the rank that was named will do, or is needed."""
    ranks = get_args(Rank)
    bar, lowest = ranks.index(least), min(map(ranks.index, said))
    put = ask.stance
    if ask.verb == "needs" and put is not None and put.denied and lowest < bar:
        return answered("needs", yes=True)  # 住院医师写了,就不用再找别的大夫了吧
    if ask.verb == "needs" and (lowest > bar or ask.negated):
        return ""  # 要主任填吗: a lower one will do, which the rule itself says
    denied = put is not None and put.denied and ask.verb == "is"  # 副主任的难道不作数
    return answered(ask.verb, yes=(lowest >= bar) != denied)


def _anywhere(context: Context, ask: Ask) -> Part:
    """Without a region: general advice, labelled, and the question where the person is insured."""
    found = {
        pack.region.id: entry
        for pack in context.library.packs
        if (entry := entry_for(pack, ask)) is not None
    }
    if GENERAL in found:
        part = told(context, context.library.pack(GENERAL), ask, found[GENERAL])
        return decline.offering(context, part)
    if len(found) == 1:
        region, entry = next(iter(found.items()))
        pack = context.library.pack(region)
        return told(context, pack, ask, entry, say("region_label", region=pack.region.name))
    if found:
        return decline.clarify_region(context)
    return decline.silent(context, context.silent.get(ask.topic, ""))
