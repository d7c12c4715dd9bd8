"""The cells of a disease, and what an expense comes to under them, for an assistant."""

from __future__ import annotations

from decimal import Decimal

from msgspec import structs

from bot.calculating import Expense, calculated, cells_under, hold_population
from bot.channels.mcp_asking import region_of
from bot.channels.mcp_records import BenefitAsked, BenefitFound, Cell, ExpenseAsked, Named, Reckoned
from bot.channels.mcp_said import Case, asking, case_of, named_disease, text_of
from bot.compose import benefit, calculation, cells
from bot.compose.figures import ALL, ages, described, who
from bot.compose.part import Part, cited
from bot.messages import Block, Cited
from bot.naming import disease_named
from bot.resources import Resources
from intents.understanding import Ask
from knowledge.benefits import tiers_at
from knowledge.pack import Pack
from knowledge.schema import Benefit, Citation, Disease, Hospital


def lookup_benefit(resources: Resources, asked: BenefitAsked) -> BenefitFound:
    """The cells of a disease. Raises Problem and Refused for what is not known."""
    case = case_of(resources, region_of(resources, asked.region))
    pack, library = case.pack, case.context.library
    id_ = disease_named([pack, *library.packs], asked.disease)
    if asked.scheme:
        hold_population(asked.scheme, asked.population)
    ask = _ask(asked, id_)
    disease = next((one for one in pack.diseases if one.id == id_), None)
    if disease is None or not pack.benefits:
        part = benefit.benefit(case.context, ask)
        known = disease or next(d for p in library.packs for d in p.diseases if d.id == id_)
        return _found(case, known, (), part)
    found = cells.chosen(pack, ask, disease)
    part = benefit.of_disease(case.context, pack, ask, disease)
    return _found(case, disease, tuple(_cell(case, one, asked.hospital) for one in found), part)


def _ask(asked: BenefitAsked | ExpenseAsked, disease: str, **amounts: str | None) -> Ask:
    age = None if asked.age is None else str(int(asked.age))
    return asking(
        "benefit", disease=disease, scheme=asked.scheme, population=asked.population,
        age=age, hospital=asked.hospital, **amounts,
    )  # fmt: skip


def _found(case: Case, disease: Disease, cells: tuple[Cell, ...], part: Part) -> BenefitFound:
    return BenefitFound(
        case.region,
        named_disease(disease),
        _twins(case.pack, disease),
        case.context.day,
        cells,
        text_of(case, part),
        part.citations,
    )


def _twins(pack: Pack, disease: Disease) -> tuple[Named, ...]:
    """The near diseases, whichever of the two records names the other."""
    near = (one for one in pack.diseases if one.id in disease.twins or disease.id in one.twins)
    return tuple(named_disease(one) for one in near)


def _cell(case: Case, cell: Benefit, hospital: Hospital | None) -> Cell:
    cell = _at_hospital(cell, hospital)
    whose = "，".join(part for part in (who(cell), ages(cell)) if part)
    parts = (cell.limit, cell.rate, cell.deductible)
    notes = [part.open for part in (cell.limit, cell.rate) if part and part.open]
    says = "".join([f"{whose}：{described(cell, ALL)}。", *notes])
    return Cell(
        cell.id, cell.scheme, cell.population, cell.ages, cell.offered, cell.limit, cell.rate,
        cell.deductible, cell.certainty, cell.since, says,
        _cited(case, [cell.cite, *(part.cite for part in parts if part)]),
    )  # fmt: skip


def _at_hospital(cell: Benefit, hospital: Hospital | None) -> Benefit:
    if cell.rate is None or hospital is None:
        return cell
    return structs.replace(cell, rate=structs.replace(cell.rate, tiers=tiers_at(cell, hospital)))


def _cited(case: Case, cites: list[Citation]) -> tuple[Cited, ...]:
    return cited(case.context.library, case.pack.region.id, cites)


def calculate_reimbursement(resources: Resources, asked: ExpenseAsked) -> Reckoned:
    """What an expense is reimbursed. Raises Problem and Refused for what cannot be reckoned."""
    case = case_of(resources, region_of(resources, asked.region))
    expense = Expense(
        case.pack.region.id, asked.disease, asked.scheme, asked.cost,
        asked.population, asked.age, asked.hospital, asked.spent_before,
    )  # fmt: skip
    done = calculated(resources, expense)
    part = Part("answered", _blocks(case, asked, expense, done.disease), done.citations)
    return Reckoned(**structs.asdict(done), text=text_of(case, part))


def _blocks(case: Case, asked: ExpenseAsked, expense: Expense, disease: str) -> tuple[Block, ...]:
    """The steps in words, by the cells that were reckoned with."""
    spent = asked.spent_before if Decimal(asked.spent_before) else None
    ask = _ask(asked, disease, yuan=asked.cost, spent=spent)
    listed = next(one for one in case.pack.diseases if one.id == disease)
    found = cells_under(case.pack, expense, disease)
    blocks = [b for cell in found for b in calculation.reckoned(case.pack, ask, listed, cell)]
    return (*blocks, *calculation.assumed(found, spent=spent is not None))
