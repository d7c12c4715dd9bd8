"""The rules by which an ask's topic changes once it meets the ask's slots and cues.

The words of 透析花了5万能报多少 are those of a question about a benefit; the amount makes it a
calculation. Each rule names the topics it is about, the topic they become, and when.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from bot.compose.part import schemes
from bot.compose.settling import filing, lists, meaning, money, offices, papers, told
from bot.compose.settling.filing import of_others
from bot.compose.settling.money import above
from bot.compose.settling.offices import ONLINE, places
from bot.compose.settling.told import said
from intents.asking import ELLIPSIS
from intents.understanding import Ask


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

RULES: tuple[Rule, ...] = (
    _rule("filing address in_person", "own_window", offices.in_other_district),
    _rule("filing in_person hospital proxy scope", "address", offices.at_place),
    _rule(_LATER, "benefit", lambda a: money.figures(a) and not meaning.of_another_disease(a)),
    Rule(
        frozenset({"scope", "filing", "exemption", "effective", ELLIPSIS}),
        "needed",
        filing.is_needed,
        fresh=True,
    ),
    _rule("definition", "benefit", lambda a: "howmuch" in a.cues and said(a, "disease")),
    _rule("benefit coverage", "relapse", filing.is_wanted_again, fresh=True),
    _rule("benefit", "coverage", told.plain_question),
    _rule("benefit", "definition", meaning.of_another_disease, fresh=True),
    _rule("benefit", "filing", filing.is_way, fresh=True),
    _rule("period", "benefit", money.is_paid),
    _rule("filing review_time result", "refusal", filing.was_refused, fresh=True),
    _rule("in_person", "refusal", filing.was_sent_back, fresh=True),
    _rule("benefit compare", "region_difference", lists.of_regions, fresh=True),
    _rule("filing in_person platforms hospital", "change", filing.was_moved, fresh=True),
    _rule("filing in_person", "change", filing.goes_elsewhere_now, fresh=True),
    _rule("coverage", "offsite", filing.is_paid_abroad, fresh=True),
    _rule("coverage benefit", "change", filing.moves_outright, fresh=True),
    _rule("coverage benefit", "designated", filing.is_anywhere, fresh=True),
    _rule("effective", "review_time", filing.is_result_awaited, fresh=True),
    _rule("result", "review_time", filing.is_awaited, fresh=True),
    _rule("coverage", "effective", money.of_former_costs, fresh=True),
    _rule("compare", "deadline", lambda a: said(a, "days") and "apply" in a.cues, fresh=True),
    _rule("refusal", "calculate", lambda a: said(a, "disease") and money.is_expense(a)),
    _rule("hospital", "definition", meaning.of_diagnoses, fresh=True),
    _rule(
        "form file_format source limit_meaning",
        "benefit",
        lambda a: said(a, "disease") and said(a, "percent"),
        fresh=True,
    ),
    _rule("compare", "change", filing.of_other_kind, fresh=True),
    _rule(
        "relapse",
        "benefit",
        lambda a: "both" in a.cues and "again" not in a.cues and said(a, "disease"),
        fresh=True,
    ),
    _rule("scope", "hospital", filing.of_diagnosing, fresh=True),
    _rule("compare", "benefit", money.is_of_figure),
    _rule("employee_chronic", "diseases", lists.of_chronic_list, fresh=True),
    _rule("coverage scope", "employee_chronic", lists.of_employees_chronic, fresh=True),
    _rule("expiry", "deadline", filing.is_late, fresh=True),
    _rule("deadline", "coverage", filing.is_of_age, fresh=True),
    _rule("change", "relapse", filing.is_ill_again, fresh=True),
    _rule("relapse", "change", filing.of_no_cancer, fresh=True),
    _rule(
        "filing proxy address in_person hospital designated", "benefit", money.is_told, fresh=True
    ),
    _rule("counted_total", "ceiling", money.only_tells, fresh=True),
    _rule("region_difference", "offsite", filing.goes_elsewhere, fresh=True),
    _rule("expiry", "definition", lambda a: meaning.of_phase(a) and "or" in a.cues, fresh=True),
    _rule("fields", "definition", meaning.of_phase, fresh=True),
    _rule("definition", "expiry", meaning.is_past, fresh=True),
    _rule("in_person", "change", filing.is_changing, fresh=True),
    _rule("validity", "period", money.of_home_bed, fresh=True),
    _rule("doctor photos", "form", papers.of_sheets, fresh=True),
    _rule("in_person", "materials", papers.wants_papers, fresh=True),
    Rule(
        frozenset({"filing", "address", "local_hall", "hospital", "in_person", ELLIPSIS}),
        "two_diseases",
        filing.of_two_diseases,
        fresh=True,
    ),
    Rule(frozenset({ELLIPSIS}), "coverage", meaning.of_covering),
    Rule(frozenset({ELLIPSIS}), "benefit", money.of_age_alone),
    _rule("filing materials", "proxy", filing.may_send, fresh=True),
    Rule(frozenset({ELLIPSIS}), "hospital", papers.of_any_hospital, fresh=True),
    _rule("in_person filing", "platforms", offices.which_online, fresh=True),
    _rule("ceiling", "deadline", filing.is_too_late, fresh=True),
    _rule("filing scope coverage", "deadline", filing.is_past_term, fresh=True),
    _rule(
        "effective filing in_person coverage",
        "circle15",
        lambda a: "circle15" in a.cues,
        fresh=True,
    ),
    _rule("form definition", "materials", papers.of_kind, fresh=True),
    _rule("scope", "offsite", lambda a: "offsite" in a.cues, fresh=True),
    _rule("ceiling", "counted_total", money.of_lower, fresh=True),
    _rule("doctor hospital", "form", lambda a: bool(a.cues & {"of form", "of stamp"}), fresh=True),
    _rule("hospital", "form", papers.of_stamp, fresh=True),
    _rule("doctor", "form", papers.lacks_stamp, fresh=True),
    _rule("doctor", "hospital", filing.of_level, fresh=True),
    _rule("form effective", "hospital", filing.of_paper_from, fresh=True),
    _rule("scope", "hospital", filing.of_diagnosis_at, fresh=True),
    _rule("designated", "change", filing.of_other_kind, fresh=True),
    _rule("form", "doctor", lambda a: "of doctor" in a.cues, fresh=True),
    _rule(
        "benefit coverage calculate refusal effective change filing result review_time compare",
        "designated",
        filing.was_elsewhere,
        fresh=True,
    ),
    _rule("definition", "coverage", lambda a: said(a, "disease") and said(a, "age")),
    _rule("filing", "address", offices.where_to_file),
    _rule("filing", "in_person", offices.must_come, fresh=True),
    _rule("benefit coverage", "definition", meaning.of_members, fresh=True),
    _rule("definition", "diseases", lists.of_list, fresh=True),
    _rule("definition", "period", lambda a: "period" in a.cues and not said(a, "disease")),
    _rule("diseases", "ranking", lists.of_each, fresh=True),
    _rule("ranking diseases", "compare", lists.of_schemes, fresh=True),
    _rule("diseases scope coverage", "materials", papers.of_papers_only, fresh=True),
    _rule(
        "counted_total compare diseases scope",
        "region_difference",
        lambda a: said(a, "place") and len(schemes(a)) > 1,
        fresh=True,
    ),
    _rule("filing scope coverage", "diseases", lists.is_listing, fresh=True),
    _rule("coverage benefit", "materials", papers.wants_more_papers, fresh=True),
    _rule("filing materials definition", "chronic_filing", papers.of_own_papers, fresh=True),
    _rule("account filing", "address", offices.in_place),
    _rule("platforms account entrance", "online_pharmacy", offices.of_shop_there, fresh=True),
    _rule("filing platforms", "shared_account", offices.of_users, fresh=True),
    _rule("benefit", "definition", meaning.of_part, fresh=True),
    _rule("benefit", "expiry", meaning.of_length, fresh=True),
    _rule("compare", "diseases", lists.of_kinds, fresh=True),
    _rule("coverage definition", "benefit", lambda a: "limit" in a.cues and a.verb == "has"),
    _rule("coverage", "scope", lists.of_scheme, fresh=True),
    _rule("filing", "materials", papers.is_paper, fresh=True),
    _rule("filing in_person", "materials", papers.lacks_paper, fresh=True),
    _rule("filing", "materials", papers.is_all_there_is, fresh=True),
    _rule("scope", "filing", lambda a: a.form == "open" and {"how", "apply"} <= a.cues, fresh=True),
    Rule(frozenset({*_OF_LISTS.split(), ELLIPSIS}), "ranking", lists.of_figure, fresh=True),
    _rule(_OF_LISTS, "diseases", lists.of_missing, fresh=True),
    Rule(
        frozenset({*_OF_LISTS.split(), ELLIPSIS}), "diseases", lists.of_some_only, fresh=True
    ),
    _rule("entrance account", "online_pharmacy", offices.of_shop, fresh=True),
    _rule("effective", "online_pharmacy", offices.of_shop_there, fresh=True),
    _rule("address account offsite", "hotline", offices.of_number_there, fresh=True),
    _rule("compare", "ceiling", lambda a: "beyond" in a.cues and not said(a, "disease")),
    _rule("change", "refusal", filing.is_refiled, fresh=True),
    _rule("pharmacy_card", "online_pharmacy", lambda a: bool(a.cues & (ONLINE | {"net-buy"}))),
    _rule("hospital", "designated", filing.of_designated, fresh=True),
    _rule("designated", "change", filing.is_registered_again, fresh=True),
    _rule("filing", "platforms", offices.on_any_platform, fresh=True),
    _rule("platforms", "filing", offices.how_on_platform, fresh=True),
    _rule("address", "in_person", offices.must_go_there, fresh=True),
    _rule("benefit coverage definition", "change", filing.of_other_kind, fresh=True),
    _rule("address", "filing", lambda a: said(a, "platform") and not said(a, "district")),
    _rule("compare definition platforms", "filing", offices.of_platforms, fresh=True),
    _rule("compare", "filing", filing.of_ways, fresh=True),
    _rule("ranking", "benefit", lists.of_one, fresh=True),
    _rule("source", "materials", lambda a: bool(a.cues & {"materials", "apply"}), fresh=True),
    _rule("form diseases", "coverage", lists.is_listed, fresh=True),
    _rule(
        "form refusal result employee_chronic",
        "doctor",
        lambda a: said(a, "title") and a.form == "yes_no",
        fresh=True,
    ),
    _rule(
        "coverage definition hospital filing",
        "doctor",
        lambda a: papers.of_rank(a) and not meaning.of_membership(a),
        fresh=True,
    ),
    _rule("doctor form", "definition", meaning.of_membership, fresh=True),
    _rule("benefit coverage", "definition", meaning.is_mild, fresh=True),
    _rule("definition", "coverage", filing.may_file, fresh=True),
    _rule("form materials", "photos", papers.of_photos, fresh=True),
    _rule("form", "materials", papers.is_needed, fresh=True),
    _rule("change", "benefit", money.other_column, fresh=True),
    _rule("form doctor", "benefit", money.is_dictated, fresh=True),
    _rule(
        "filing hospital designated scope in_person",
        "benefit",
        money.is_stated_figure,
        fresh=True,
    ),
    _rule("change", "benefit", money.is_insisted, fresh=True),
    _rule("change", "coverage", lambda a: money.other_group(a) and "covered" in a.cues, fresh=True),
    _rule("file_format", "materials", papers.which_papers, fresh=True),
    _rule("filing", "materials", papers.at_counter, fresh=True),
    _rule("coverage benefit definition", "doctor", papers.of_writer, fresh=True),
    _rule("account", "address", offices.of_place),
    _rule("form materials", "address", offices.of_counter, fresh=True),
    _rule("compare", "calculate", money.of_two_levels, fresh=True),
    _rule("account shared_account", "filing", offices.on_account, fresh=True),
    _rule("scope", "in_person", lambda a: said(a, "district") and "must" in a.cues, fresh=True),
    _rule("proxy", "in_person", filing.of_self, fresh=True),
    _rule("local_hall", "filing", offices.of_no_hall, fresh=True),
    _rule("local_hall", "address", lambda a: places(a) and "local" not in a.cues, fresh=True),
    _rule("shared_account", "account", offices.of_one_place, fresh=True),
    _rule("account", "shared_account", offices.of_account),
    _rule("account", "shared_account", offices.which_place),
    _rule("filing coverage platforms entrance", "offsite", filing.is_local, fresh=True),
    _rule("effective coverage filing proxy diseases", "offsite", offices.goes_first, fresh=True),
    _rule("compare", "benefit", lambda a: "compare" not in a.cues and not told.plural(a)),
    _rule("benefit", "compare", lambda a: not said(a, "disease") and len(schemes(a)) > 1),
    _rule("benefit", "compare", lambda a: {"compare", "limit"} <= a.cues and said(a, "disease")),
    _rule(_FIGURE_TOPICS, "calculate", money.is_expense),
    _rule("two_diseases", "calculate", lambda a: said(a, "yuan", "spent")),
    _rule("counted_total", "calculate", money.is_further_expense),
    _rule("definition coverage benefit", "calculate", money.is_alleged),
    _rule("two_diseases", "benefit", money.pays_only),
    _rule("two_diseases", "benefit", filing.is_treated),
    _rule("two_diseases", "change", lambda a: of_others(a) and "again" in a.cues, fresh=True),
    _rule("two_diseases", "filing", of_others, fresh=True),
    _rule("calculate", "benefit", money.is_bound),
    _rule("calculate", "coverage", money.wants_no_sum),
    _rule("calculate benefit", "exceeding", money.is_left),
    _rule("ceiling", "benefit", money.of_limit),
    _rule("counted_total", "ceiling", money.is_over, fresh=True),
    _rule("counted_total", "ceiling", lambda a: above(a) and "counted" not in a.cues, fresh=True),
    _rule("address", "in_person", offices.must_go, fresh=True),
    _rule("address", "hotline", offices.wants_number, fresh=True),
    _rule("hospital form doctor", "materials", papers.of_papers, fresh=True),
    _rule("benefit coverage calculate ceiling", "exceeding", money.over),
    _rule("calculate", "benefit", money.is_claimed_limit),
    _rule("doctor", "form", papers.is_signature, fresh=True),
    _rule("doctor hospital", "two_diseases", filing.filed_in_community, fresh=True),
    _rule(
        "coverage",
        "definition",
        lambda a: "covered" in a.cues and (said(a, "member") or "what" in a.cues),
        fresh=True,
    ),
    _rule(
        "filing benefit coverage calculate ceiling effective result change scope",
        "ceiling",
        above,
        fresh=True,
    ),
    _rule("calculate", "period", lambda a: "deductible" in a.cues and a.form == "yes_no"),
    _rule("platforms", "account", lambda a: said(a, "district") and not said(a, "platform")),
    _rule(
        "filing",
        "coverage",
        filing.is_any_way,
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
