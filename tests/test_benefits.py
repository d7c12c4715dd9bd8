"""Cells by their axes, and what an expense is reimbursed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from knowledge.benefits import Calculation, cells, of_age, reimburse, tiers_at
from knowledge.pack import Pack
from knowledge.schema import Benefit, Ceiling


def cell(pack: Pack, name: str) -> Benefit:
    """The cell of this id."""
    return next(one for one in pack.benefits if one.id == name)


def ceiling(pack: Pack, scheme: str) -> Ceiling:
    """The ceiling of a scheme."""
    return next(one for one in pack.ceilings if one.scheme == scheme)


def paid(pack: Pack, name: str, cost: str, before: str = "0") -> Calculation:
    """What a cost is reimbursed under a cell and its scheme's ceiling."""
    found = cell(pack, name)
    return reimburse(found, ceiling(pack, found.scheme), Decimal(cost), before=Decimal(before))


def portions(done: Calculation) -> list[tuple[str, int, str]]:
    """The portions of a calculation, as text."""
    return [(f"{p.cost:f}", p.percent, f"{p.paid.normalize():f}") for p in done.portions]


def test_a_disease_has_its_cells_in_every_scheme(suzhou: Pack) -> None:
    """Without a scheme or population every cell of the disease is found."""
    found = cells(suzhou.benefits, "cataract", scheme=None, population=None)

    assert [one.id for one in found] == [
        "cataract-employee",
        "cataract-unemployed",
        "cataract-student",
    ]


@pytest.mark.parametrize(
    ("scheme", "population", "expected"),
    [
        ("employee", None, ["cataract-employee"]),
        ("employee", "retired", ["cataract-employee"]),
        ("resident", None, ["cataract-unemployed", "cataract-student"]),
        ("resident", "student", ["cataract-student"]),
        (None, "unemployed", ["cataract-unemployed"]),
        ("employee", "student", []),
    ],
)
def test_scheme_and_population_narrow_the_cells(
    suzhou: Pack, scheme: str | None, population: str | None, expected: list[str]
) -> None:
    """A cell is found by its scheme and by each of its populations."""
    found = cells(suzhou.benefits, "cataract", scheme=scheme, population=population)

    assert [one.id for one in found] == expected


def test_twins_have_their_own_cells(suzhou: Pack) -> None:
    """No cell of a twin is found under the other's id."""
    found = cells(suzhou.benefits, "dialysis", scheme=None, population=None)

    assert {one.disease for one in found} == {"dialysis"}


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (0.0, ["pku-student-0-6"]),
        (6.0, ["pku-student-0-6"]),
        (6.9, ["pku-student-0-6"]),
        (7.0, ["pku-student-7-13"]),
        (13.0, ["pku-student-7-13"]),
        (14.0, ["pku-student-14-17"]),
        (17.0, ["pku-student-14-17"]),
        (18.0, ["pku-student-18"]),
        (19.0, []),
    ],
)
def test_an_age_has_its_band(suzhou: Pack, age: float, expected: list[str]) -> None:
    """Both ends of a band are in it, in completed years."""
    found = cells(suzhou.benefits, "pku", scheme="resident", population="student")

    assert [one.id for one in of_age(found, age)] == expected


def test_every_band_holds_where_the_age_is_not_known(suzhou: Pack) -> None:
    """Without an age all bands are possible."""
    found = cells(suzhou.benefits, "pku", scheme="resident", population="student")

    assert of_age(found, None) == found


@pytest.mark.parametrize(("age", "count"), [(59.0, 0), (59.9, 0), (60.0, 1), (101.0, 1)])
def test_an_open_band_has_no_upper_end(suzhou: Pack, age: float, count: int) -> None:
    """家庭病床 is for 60 and over."""
    found = (cell(suzhou, "home-bed-employee"),)

    assert len(of_age(found, age)) == count


def test_a_cell_without_a_band_is_for_every_age(suzhou: Pack) -> None:
    """An age changes nothing where the cell names none."""
    found = cells(suzhou.benefits, "dialysis", scheme=None, population=None)

    assert of_age(found, 3) == of_age(found, 90) == found


def test_a_rate_by_hospital_has_one_tier_a_level(suzhou: Pack) -> None:
    """二级及以下 55 %, 三级 35 %, and both where the level is not known."""
    found = cell(suzhou, "hypertension-unemployed")

    assert [tier.percent for tier in tiers_at(found, "secondary")] == [55]
    assert [tier.percent for tier in tiers_at(found, "tertiary")] == [35]
    assert [tier.percent for tier in tiers_at(found, None)] == [55, 35]


def test_a_cell_without_a_rate_has_no_tiers(suzhou: Pack) -> None:
    """无此项目 has nothing to reckon with."""
    assert tiers_at(cell(suzhou, "cataract-student"), None) == ()


@pytest.mark.parametrize(
    ("cost", "expected"),
    [
        ("0", "0"),
        ("1", "0.9"),
        ("39999.99", "35999.991"),
        ("40000", "36000"),
        ("40001", "36000.95"),
        ("50000", "45500"),
        ("350000", "330500"),
        ("350001", "330500.95"),
        ("400000", "378000"),
    ],
)
def test_the_rate_changes_at_forty_thousand(suzhou: Pack, cost: str, expected: str) -> None:
    """Employees get 90 % up to 40 000 and 95 % above, without an end."""
    done = paid(suzhou, "dialysis-employee", cost)

    assert done.capped_cost == done.capped_payment == Decimal(expected)


def test_the_year_to_date_uses_the_lower_tier_up(suzhou: Pack) -> None:
    """What came before in the year counts towards the 40 000."""
    done = paid(suzhou, "dialysis-employee", "10000", before="35000")

    assert portions(done) == [("5000", 90, "4500"), ("5000", 95, "4750")]
    assert done.capped_payment == Decimal(9250)


def test_above_the_cliff_before_the_expense_only_the_upper_tier_holds(suzhou: Pack) -> None:
    """With 40 000 behind, all of the expense is at 95 %."""
    assert portions(paid(suzhou, "dialysis-employee", "1000", before="40000")) == [
        ("1000", 95, "950")
    ]


@pytest.mark.parametrize(
    ("cost", "before", "expected"),
    [
        ("350000", "0", "315000"),
        ("350001", "0", "315000"),
        ("100000", "300000", "45000"),
        ("100000", "350000", "0"),
        ("1", "349999", "0.9"),
    ],
)
def test_residents_get_nothing_above_the_ceiling(
    suzhou: Pack, cost: str, before: str, expected: str
) -> None:
    """Above 350 000 in the year residents are paid nothing further."""
    done = paid(suzhou, "dialysis-resident", cost, before)

    assert done.capped_cost == done.capped_payment == Decimal(expected)


def test_the_ceiling_is_a_portion_of_its_own(suzhou: Pack) -> None:
    """The part above the ceiling is shown, at nothing."""
    assert portions(paid(suzhou, "dialysis-resident", "100000", "300000")) == [
        ("50000", 90, "45000"),
        ("50000", 0, "0"),
    ]


def test_a_full_rate_falls_above_the_ceiling(suzhou: Pack) -> None:
    """The 100 % of 严重精神障碍 is 95 % where the year has passed 350 000."""
    done = paid(suzhou, "mental-disorder-employee", "1000", before="349500")

    assert portions(done) == [("500", 100, "500"), ("500", 95, "475")]


def test_the_total_of_the_year_is_no_limit_of_its_own(suzhou: Pack) -> None:
    """The 350 000 of residents count inpatient costs, so they are no cap on the expense alone."""
    assert paid(suzhou, "dialysis-resident", "1000").limit is None


def test_the_deductible_is_borne_first(suzhou: Pack) -> None:
    """家庭病床: 400 off the cost, then 90 %."""
    done = paid(suzhou, "home-bed-employee", "1400")

    assert done.deducted == Decimal(400)
    assert portions(done) == [("1000", 90, "900")]


@pytest.mark.parametrize(("cost", "deducted"), [("400", "400"), ("399.99", "399.99"), ("0", "0")])
def test_nothing_is_paid_below_the_deductible(suzhou: Pack, cost: str, deducted: str) -> None:
    """No more is deducted than was spent."""
    done = paid(suzhou, "home-bed-employee", cost)

    assert (done.deducted, done.capped_payment) == (Decimal(deducted), Decimal(0))


def test_within_the_limit_both_readings_agree(suzhou: Pack) -> None:
    """Up to the limit it does not matter what the limit caps."""
    done = paid(suzhou, "lupus-resident", "8000")

    assert done.capped_cost == done.capped_payment == Decimal(7200)


@pytest.mark.parametrize(
    ("cost", "by_cost", "by_payment"),
    [
        ("8001", "7200", "7200.9"),
        ("8888.88", "7200", "7999.992"),
        ("8888.89", "7200", "8000"),
        ("10000", "7200", "8000"),
        ("1000000", "7200", "8000"),
    ],
)
def test_above_the_limit_both_readings_are_given(
    suzhou: Pack, cost: str, by_cost: str, by_payment: str
) -> None:
    """The limit caps the cost, or it caps the payment: the document leaves it open."""
    done = paid(suzhou, "lupus-resident", cost)

    assert (done.capped_cost, done.capped_payment) == (Decimal(by_cost), Decimal(by_payment))
    assert done.limit == 8000


def test_the_deductible_counts_within_the_limit_of_cost(suzhou: Pack) -> None:
    """Of a cost of 5000, 4000 count: 400 borne, 3600 at 90 %; or 4140, cut to 4000."""
    done = paid(suzhou, "home-bed-employee", "5000")

    assert (done.capped_cost, done.capped_payment) == (Decimal(3240), Decimal(4000))


def test_no_yuan_is_lost_in_reckoning(suzhou: Pack) -> None:
    """Figures are decimal: thirds of a yuan are not rounded, a tenth is a tenth."""
    done = paid(suzhou, "dialysis-employee", "0.1")

    assert done.capped_payment == Decimal("0.09")


@pytest.mark.parametrize("before", ["0", "12345.67", "39999.99", "349999.99", "999999"])
@pytest.mark.parametrize("cost", ["0.01", "40000", "123456.78", "400000"])
@pytest.mark.parametrize("name", ["dialysis-employee", "dialysis-resident"])
def test_the_portions_make_up_the_cost(suzhou: Pack, name: str, cost: str, before: str) -> None:
    """Every fen of an expense is in exactly one portion."""
    done = paid(suzhou, name, cost, before)

    assert sum(portion.cost for portion in done.portions) == Decimal(cost)


def test_a_cell_without_a_rate_is_not_reckoned_with(suzhou: Pack) -> None:
    """无此项目 cannot be calculated."""
    with pytest.raises(ValueError, match="cataract-student: no single rate"):
        paid(suzhou, "cataract-student", "100")


def test_an_unsettled_rate_is_not_reckoned_with(suzhou: Pack) -> None:
    """No figure is made from a rate that the document leaves open."""
    with pytest.raises(ValueError, match="parkinson-resident: no single rate"):
        paid(suzhou, "parkinson-resident", "100")


def test_a_rate_by_hospital_needs_the_level(suzhou: Pack) -> None:
    """Without the level of the hospital there is no single rate."""
    found = cell(suzhou, "hypertension-unemployed")

    with pytest.raises(ValueError, match="no single rate"):
        reimburse(found, ceiling(suzhou, "resident"), Decimal(1000))
    done = reimburse(found, ceiling(suzhou, "resident"), Decimal(1000), hospital="tertiary")
    assert done.capped_payment == Decimal(350)


def test_without_a_ceiling_the_last_tier_goes_on(suzhou: Pack) -> None:
    """A region that knows no ceiling has its rate throughout."""
    found = replace(cell(suzhou, "dialysis-resident"), limit=None)

    assert reimburse(found, None, Decimal(400_000)).capped_payment == Decimal(360_000)
