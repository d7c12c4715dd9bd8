"""What a question comes down to once its topic meets its slots and cues.

The words of 透析花了5万能报多少 are those of a question about a benefit; the amount makes it a
calculation. Each rule names the topics it is about, the topic they become, and when.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, structs

from bot.compose import conditions
from bot.compose.conditions import ONLINE, above, of_others, other_group, places, said
from bot.compose.part import schemes
from intents.asking import ELLIPSIS
from intents.choosing import LITERAL
from intents.understanding import Ask

_PASSES = 4  # one settled topic may lead to another, never in a circle for long
_OF_OFFICE = frozenset({"apply", "claimed", "office", "gate"})
_FRAME = frozenset(
    {"yn", "what", "how", "howmuch", "which", "where", "who", "when", "switch", "these"}
)


class Rule(Struct, frozen=True):
    """Asks of these topics become asks of `topic` where `when` holds; `fresh` forgets phrasings."""

    topics: frozenset[str]
    topic: str
    when: Callable[[Ask], bool]
    fresh: bool = False


def _rule(topics: str, topic: str, when: Callable[[Ask], bool], *, fresh: bool = False) -> Rule:
    return Rule(frozenset(topics.split()), topic, when, fresh)


_FIGURE_TOPICS = "benefit coverage age ceiling period"
_LATER = "expiry relapse designated two_diseases effective definition deadline"
_OF_LISTS = (
    "ceiling benefit form scope coverage diseases filing definition materials calculate compare "
    "scheme_difference limit_meaning counted_total"
)
_ELSEWHERE = frozenset(
    {"address", "account", "hotline", "hours", "local_hall", "exemption", "outside"}
)

RULES: tuple[Rule, ...] = (
    _rule("filing address in_person", "own_window", conditions.in_other_district),
    _rule("filing in_person hospital proxy scope", "address", conditions.places),
    _rule(_LATER, "benefit", conditions.figures),
    _rule("definition", "benefit", lambda a: "howmuch" in a.cues and said(a, "disease")),
    _rule("benefit", "coverage", conditions.plain_question),
    _rule("period", "benefit", conditions.is_paid),
    _rule("filing review_time result", "refusal", conditions.was_refused, fresh=True),
    _rule("in_person", "refusal", conditions.was_sent_back, fresh=True),
    _rule("benefit", "region_difference", conditions.of_regions, fresh=True),
    _rule("filing in_person platforms hospital", "change", conditions.was_moved, fresh=True),
    _rule("result", "review_time", conditions.is_awaited, fresh=True),
    _rule("coverage", "effective", conditions.of_former_costs, fresh=True),
    _rule("compare", "deadline", lambda a: said(a, "days") and "apply" in a.cues, fresh=True),
    _rule("refusal", "calculate", lambda a: said(a, "disease") and conditions.is_expense(a)),
    _rule("hospital", "definition", conditions.of_diagnoses, fresh=True),
    _rule(
        "form file_format source",
        "benefit",
        lambda a: said(a, "disease") and said(a, "percent"),
        fresh=True,
    ),
    _rule("compare", "change", conditions.of_other_kind, fresh=True),
    _rule("relapse", "benefit", lambda a: "both" in a.cues and said(a, "disease"), fresh=True),
    _rule("scope", "hospital", conditions.of_diagnosing, fresh=True),
    _rule("compare", "benefit", conditions.is_of_figure),
    _rule("employee_chronic", "diseases", conditions.of_chronic_list, fresh=True),
    _rule("coverage scope", "employee_chronic", conditions.of_employees_chronic, fresh=True),
    _rule("expiry", "definition", lambda a: conditions.of_phase(a) and "or" in a.cues, fresh=True),
    _rule("fields", "definition", conditions.of_phase, fresh=True),
    _rule("definition", "expiry", conditions.is_past, fresh=True),
    _rule("in_person", "change", conditions.is_changing, fresh=True),
    _rule("validity", "period", conditions.of_home_bed, fresh=True),
    _rule("doctor photos", "form", conditions.of_sheets, fresh=True),
    _rule("in_person", "materials", conditions.wants_papers, fresh=True),
    Rule(
        frozenset({"filing", "address", "local_hall", "hospital", "in_person", ELLIPSIS}),
        "two_diseases",
        conditions.of_two_diseases,
        fresh=True,
    ),
    Rule(frozenset({ELLIPSIS}), "coverage", conditions.of_covering),
    Rule(frozenset({ELLIPSIS}), "benefit", conditions.of_age_alone),
    _rule("filing", "proxy", conditions.may_send, fresh=True),
    _rule("ceiling", "deadline", conditions.is_too_late, fresh=True),
    _rule("scope", "offsite", lambda a: "offsite" in a.cues, fresh=True),
    _rule("ceiling", "counted_total", conditions.of_lower, fresh=True),
    _rule("doctor hospital", "form", lambda a: bool(a.cues & {"of form", "of stamp"}), fresh=True),
    _rule("hospital", "form", conditions.of_stamp, fresh=True),
    _rule("form", "doctor", lambda a: "of doctor" in a.cues, fresh=True),
    _rule(
        "benefit coverage calculate refusal effective change filing result review_time",
        "designated",
        conditions.was_elsewhere,
        fresh=True,
    ),
    _rule("definition", "coverage", lambda a: said(a, "disease") and said(a, "age")),
    _rule("filing", "address", conditions.where_to_file),
    _rule("filing", "in_person", conditions.must_come, fresh=True),
    _rule("benefit coverage", "definition", conditions.of_members, fresh=True),
    _rule("definition", "diseases", conditions.of_list, fresh=True),
    _rule("definition", "period", lambda a: "period" in a.cues and not said(a, "disease")),
    _rule("diseases", "ranking", conditions.of_each, fresh=True),
    _rule("ranking diseases", "compare", conditions.of_schemes, fresh=True),
    _rule("diseases scope coverage", "materials", conditions.of_papers_only, fresh=True),
    _rule(
        "counted_total compare diseases scope",
        "region_difference",
        lambda a: said(a, "place") and len(schemes(a)) > 1,
        fresh=True,
    ),
    _rule("filing scope coverage", "diseases", conditions.is_listing, fresh=True),
    _rule("coverage benefit", "materials", conditions.wants_more_papers, fresh=True),
    _rule("filing materials", "chronic_filing", conditions.of_own_papers, fresh=True),
    _rule("account filing", "address", conditions.in_place),
    _rule("platforms account entrance", "online_pharmacy", conditions.of_shop_there, fresh=True),
    _rule("filing platforms", "shared_account", conditions.of_users, fresh=True),
    _rule("benefit", "definition", conditions.of_part, fresh=True),
    _rule("compare", "diseases", conditions.of_kinds, fresh=True),
    _rule("coverage definition", "benefit", lambda a: "limit" in a.cues and a.verb == "has"),
    _rule("coverage", "scope", conditions.of_scheme, fresh=True),
    _rule("filing", "materials", conditions.is_paper, fresh=True),
    _rule("scope", "filing", lambda a: a.form == "open" and {"how", "apply"} <= a.cues, fresh=True),
    _rule(_OF_LISTS, "ranking", conditions.of_figure, fresh=True),
    _rule(_OF_LISTS, "diseases", conditions.of_missing, fresh=True),
    Rule(
        frozenset({*_OF_LISTS.split(), ELLIPSIS}), "diseases", conditions.of_some_only, fresh=True
    ),
    _rule("entrance account", "online_pharmacy", conditions.of_shop, fresh=True),
    _rule("compare", "ceiling", lambda a: "beyond" in a.cues and not said(a, "disease")),
    _rule("change", "refusal", conditions.is_refiled, fresh=True),
    _rule("pharmacy_card", "online_pharmacy", lambda a: bool(a.cues & (ONLINE | {"net-buy"}))),
    _rule("hospital", "designated", conditions.of_designated, fresh=True),
    _rule("filing", "platforms", conditions.on_any_platform, fresh=True),
    _rule("platforms", "filing", conditions.how_on_platform, fresh=True),
    _rule("address", "in_person", conditions.must_go_there, fresh=True),
    _rule("benefit coverage definition", "change", conditions.of_other_kind, fresh=True),
    _rule("address", "filing", lambda a: said(a, "platform") and not said(a, "district")),
    _rule("compare definition platforms", "filing", conditions.of_platforms, fresh=True),
    _rule("compare", "filing", conditions.of_ways, fresh=True),
    _rule("ranking", "benefit", conditions.of_one, fresh=True),
    _rule("source", "materials", lambda a: bool(a.cues & {"materials", "apply"}), fresh=True),
    _rule("form", "coverage", conditions.is_listed, fresh=True),
    _rule(
        "form refusal result employee_chronic",
        "doctor",
        lambda a: said(a, "title") and a.form == "yes_no",
        fresh=True,
    ),
    _rule("coverage definition hospital filing", "doctor", conditions.of_rank, fresh=True),
    _rule("doctor form", "definition", conditions.of_membership, fresh=True),
    _rule("benefit coverage", "definition", conditions.is_mild, fresh=True),
    _rule("definition", "coverage", conditions.may_file, fresh=True),
    _rule("form materials", "photos", conditions.of_photos, fresh=True),
    _rule("form", "materials", conditions.is_needed, fresh=True),
    _rule("change", "benefit", conditions.other_column, fresh=True),
    _rule(
        "filing hospital designated scope in_person",
        "benefit",
        conditions.is_stated_figure,
        fresh=True,
    ),
    _rule("change", "benefit", conditions.is_insisted, fresh=True),
    _rule("change", "coverage", lambda a: other_group(a) and "covered" in a.cues, fresh=True),
    _rule("file_format", "materials", conditions.which_papers, fresh=True),
    _rule("account", "address", conditions.of_place),
    _rule("form materials", "address", conditions.of_counter, fresh=True),
    _rule("compare", "calculate", conditions.of_two_levels, fresh=True),
    _rule("account shared_account", "filing", conditions.on_account, fresh=True),
    _rule("scope", "in_person", lambda a: said(a, "district") and "must" in a.cues, fresh=True),
    _rule("proxy", "in_person", conditions.of_self, fresh=True),
    _rule("local_hall", "address", lambda a: places(a) and "local" not in a.cues, fresh=True),
    _rule("account", "shared_account", conditions.of_account),
    _rule("account", "shared_account", conditions.which_place),
    _rule("filing coverage platforms entrance", "offsite", conditions.is_local, fresh=True),
    _rule("effective coverage filing proxy", "offsite", conditions.goes_first, fresh=True),
    _rule("compare", "benefit", lambda a: "compare" not in a.cues and not conditions.plural(a)),
    _rule("benefit", "compare", lambda a: not said(a, "disease") and len(schemes(a)) > 1),
    _rule("benefit", "compare", lambda a: {"compare", "limit"} <= a.cues and said(a, "disease")),
    _rule(_FIGURE_TOPICS, "calculate", conditions.is_expense),
    _rule("two_diseases", "calculate", lambda a: said(a, "yuan", "spent")),
    _rule("two_diseases", "benefit", conditions.pays_only),
    _rule("two_diseases", "benefit", conditions.is_treated),
    _rule("two_diseases", "change", lambda a: of_others(a) and "again" in a.cues, fresh=True),
    _rule("two_diseases", "filing", of_others, fresh=True),
    _rule("calculate", "benefit", conditions.is_bound),
    _rule("calculate benefit", "exceeding", conditions.is_left),
    _rule("ceiling", "benefit", conditions.of_limit),
    _rule("counted_total", "ceiling", conditions.is_over, fresh=True),
    _rule("counted_total", "ceiling", lambda a: above(a) and "counted" not in a.cues, fresh=True),
    _rule("address", "in_person", conditions.must_go, fresh=True),
    _rule("address", "hotline", conditions.wants_number, fresh=True),
    _rule("hospital form doctor", "materials", conditions.of_papers, fresh=True),
    _rule("benefit coverage calculate ceiling", "exceeding", conditions.over),
    _rule("calculate", "benefit", lambda a: a.form == "yes_no" and "limit" in a.cues),
    _rule("doctor", "form", conditions.is_signature, fresh=True),
    _rule("doctor hospital", "two_diseases", conditions.filed_in_community, fresh=True),
    _rule(
        "coverage",
        "definition",
        lambda a: "covered" in a.cues and (said(a, "member") or "what" in a.cues),
        fresh=True,
    ),
    _rule(
        "filing benefit coverage calculate ceiling effective result change",
        "ceiling",
        above,
        fresh=True,
    ),
    _rule("calculate", "period", lambda a: "deductible" in a.cues and a.form == "yes_no"),
    _rule("platforms", "account", lambda a: said(a, "district") and not said(a, "platform")),
    _rule(
        "filing",
        "coverage",
        conditions.is_any_way,
    ),
    _rule("coverage", "benefit", lambda a: a.form == "open" and "apply" not in a.cues),
    _rule(
        "coverage",
        "filing",
        lambda a: a.form == "open" and "apply" in a.cues and not a.cues & {"pay", "covered"},
    ),
    _rule(
        "coverage",
        "definition",
        lambda a: said(a, "disease") and said(a, "other-disease"),
        fresh=True,
    ),
)  # fmt: skip


# What an ask without a topic is about, by the first of these slots that it names.
_OVERVIEWS = {
    "disease": "benefit", "tumour": "benefit", "other-disease": "benefit",
    "member": "definition", "hotline": "hotline", "landmark": "address", "district": "address",
    "platform": "filing", "material": "materials",
}  # fmt: skip


def overview(ask: Ask, *, words: bool) -> Ask:
    """An ask that kinds only slots, with nothing to go on with: the overview of what it kinds.

    `words` is whether the message holds words that nothing known explains.
    """
    if ask.topic != ELLIPSIS:
        return ask
    if topic := _of_mishap(ask) or _of_insured(ask):
        form = "yes_no" if said(ask, "yuan", "percent") else ask.form
        return structs.replace(ask, topic=topic, form=form)
    kinds = {slot.name for slot in ask.slots}
    if "exempt" in kinds and "apply" in ask.cues:
        return structs.replace(ask, topic="exemption")
    if "hotline" in kinds:  # whatever is asked of a number is told with what is known of it
        return structs.replace(ask, topic="hotline")
    placed = "landmark" in kinds and not ask.cues - _FRAME - _OF_OFFICE
    unexplained = words or (ask.form == "yes_no" and ask.strange)
    if (unexplained or ask.cues - _FRAME) and not placed:
        return ask
    topic = next((topic for name, topic in _OVERVIEWS.items() if name in kinds), ELLIPSIS)
    return structs.replace(ask, topic=topic)


def _of_mishap(ask: Ask) -> str:
    """想换家医院,这回怎么弄: what to do about what was told before."""
    if "must" in ask.cues and ask.form == "yes_no" and said(ask, "district", "landmark"):
        return "in_person"  # 非得去开平路吗
    if "address" in ask.cues and said(ask, "district", "landmark"):
        return "address"
    if "how" not in ask.cues:
        return ""
    return "change" if "moved" in ask.cues else "refusal" if "refusal" in ask.cues else ""


def _of_insured(ask: Ask) -> str:
    """What an ask comes to that kinds a disease and who is insured, whatever its other words."""
    kinds = {slot.name for slot in ask.slots}
    fresh = {slot.name for slot in ask.slots if slot.how != "carried"}
    if "disease" in kinds and kinds & {"scheme", "population"} and kinds & {"yuan", "percent"}:
        return "benefit"
    insured = "disease" in fresh and bool(fresh & {"scheme", "population", "age"})
    if insured and ask.cues & {"howmuch", "pay", "limit", "rate", "selfpay"}:
        return "benefit"
    scheme = any(s.name == "scheme" or "医保" in s.said for s in ask.slots if s.how != "carried")
    entitled = not ask.strange and ("gate" in ask.cues or (insured and "percent" not in kinds))
    aged = {"age", "disease"} <= fresh and ask.verb in {"can", "has"}
    told = ("disease" in fresh and (scheme or entitled)) or {"member", "disease"} <= kinds or aged
    return "coverage" if told and ask.form == "yes_no" else ""


# The rules for asks of each topic, in their order.
_OF_TOPIC = {
    topic: tuple(rule for rule in RULES if topic in rule.topics)
    for topic in frozenset().union(*(rule.topics for rule in RULES))
}


def settled(ask: Ask) -> Ask:
    """An ask with the topic that its slots and cues come down to."""
    exempt = said(ask, "exempt") and not conditions.figures(ask)
    if exempt and ask.topic and ask.topic not in _ELSEWHERE:
        return structs.replace(ask, topic="exemption")
    if ask.ranked and ask.ranked[0].score >= LITERAL:
        return ask  # the question stands in the pack just as it was put
    for _ in range(_PASSES):
        rule = next((r for r in _OF_TOPIC.get(ask.topic, ()) if r.when(ask)), None)
        if rule is None or rule.topic == ask.topic:
            break
        near = tuple(one for one in ask.others if one.topic == rule.topic)
        ranked = near if rule.fresh else ask.ranked
        ask = structs.replace(ask, topic=rule.topic, ranked=ranked)
    return ask


def distinct(asks: tuple[Ask, ...]) -> tuple[Ask, ...]:
    """Asks that came to the same question of the same things, once."""
    kept: dict[tuple[object, ...], Ask] = {}
    for ask in asks:
        about = frozenset((s.name, s.value) for s in ask.slots if s.name != "outside")
        key = "benefit" if ask.topic == "coverage" else ask.topic
        first = kept.get((key, about))
        if first is None:
            kept[key, about] = ask
        elif first.topic != "outside":
            form = "yes_no" if "yes_no" in {first.form, ask.form} else "open"
            kept[key, about] = structs.replace(first, cues=first.cues | ask.cues, form=form)
    return tuple(kept.values())
