"""Figures as a person reads them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.compose.figures import ALL, ages, described, exact_yuan, joined, limit_text, who, yuan
from knowledge.pack import Pack
from knowledge.schema import Ages, Benefit, Citation


def cell(pack: Pack, name: str) -> Benefit:
    """The cell of this id."""
    return next(one for one in pack.benefits if one.id == name)


def of_ages(since: int, through: int | None) -> Benefit:
    """A cell for an age band."""
    return Benefit(
        id="x",
        region="suzhou",
        disease="pku",
        scheme="resident",
        population=("student",),
        ages=Ages(since=since, through=through),
        cite=Citation(source="s", place="p"),
        since=date(2023, 10, 1),
    )


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (8000, "8000元"),
        (22_000, "2.2万元"),
        (350_000, "35万元"),
        (45_500, "45500元（4.55万元）"),
        (10_000, "1万元"),
        (0, "0元"),
        (Decimal("0.9"), "0.9元"),
        (Decimal("7200.90"), "7200.9元"),
        (Decimal("7999.992"), "7999.99元"),
        (9999.99, "9999.99元"),
    ],
)
def test_an_amount_is_written_as_the_documents_write_it(
    amount: Decimal | float, expected: str
) -> None:
    """Round thousands in 万, others in full, fen where there are any."""
    assert yuan(amount) == expected


@pytest.mark.parametrize(
    ("amount", "expected"), [("45500", "45500元"), ("0.90", "0.9元"), ("36000.0", "3.6万元")]
)
def test_a_line_of_a_calculation_has_the_full_amount(amount: str, expected: str) -> None:
    """Round thousands in 万, nothing is rounded."""
    assert exact_yuan(Decimal(amount)) == expected


@pytest.mark.parametrize(
    ("since", "through", "expected"), [(0, 6, "0-6岁"), (60, None, "60岁以上"), (18, 18, "18岁")]
)
def test_an_age_band_is_told(since: int, through: int | None, expected: str) -> None:
    """Both ends, an open end, or a single year."""
    assert ages(of_ages(since, through)) == expected


def test_a_cell_without_a_band_tells_none(suzhou: Pack) -> None:
    """No age is named where there is none."""
    assert ages(cell(suzhou, "dialysis-employee")) == ""


@pytest.mark.parametrize(
    ("name", "population", "expected"),
    [
        ("dialysis-employee", None, "职工医保"),
        ("dialysis-employee", "retired", "职工医保（退休）"),
        ("cataract-student", None, "居民医保（学生少儿）"),
        ("dialysis-resident", None, "居民医保"),
    ],
)
def test_whom_a_cell_is_for_is_told(
    suzhou: Pack, name: str, population: str | None, expected: str
) -> None:
    """The scheme, and the population where it is not all of the scheme."""
    assert who(cell(suzhou, name), population) == expected


@pytest.mark.parametrize(
    ("name", "facets", "expected"),
    [
        ("dialysis-employee", {"limit"}, "无限额"),
        ("hemophilia-resident", {"limit"}, "限额10万元"),
        ("hemophilia-resident", {"rate"}, "结付比例90%"),
        ("cataract-student", {"limit"}, "无此项目"),
        ("cataract-student", {"rate"}, "无此项目"),
        ("lupus-resident", {"deductible"}, "文件没有写起付标准"),
    ],
)
def test_a_cell_tells_what_is_asked(
    suzhou: Pack, name: str, facets: set[str], expected: str
) -> None:
    """Only the facet that is asked for is told."""
    assert described(cell(suzhou, name), frozenset(facets)) == expected


def test_a_deductible_is_told_with_its_period(suzhou: Pack) -> None:
    """Where there is a deductible it belongs to the whole answer."""
    text = described(cell(suzhou, "home-bed-employee"), ALL)

    assert text == "限额4000元，结付比例90%，每一结算期（180天）起付标准400元"


def test_both_tiers_are_told_with_their_cliff(suzhou: Pack) -> None:
    """The cliff at 40 000 stands between its two rates."""
    text = described(cell(suzhou, "dialysis-employee"), frozenset({"rate"}))

    assert text.index("4万元以内90%") < text.index("4万元以上的部分95%")


def test_a_rate_that_is_left_open_is_not_told_as_a_figure(suzhou: Pack) -> None:
    """No reading of an ambiguous row is given as the rate."""
    assert "%" not in described(cell(suzhou, "hypertension-diabetes-resident"), ALL)


def test_a_total_with_inpatient_costs_says_so(suzhou: Pack) -> None:
    """The 350 000 of residents are a total of the year."""
    text = limit_text(cell(suzhou, "dialysis-resident").limit)

    assert text.startswith("限额35万元以内")
    assert "累计" in text


def test_no_limit_written_is_not_no_limit() -> None:
    """What the document does not say is not called unlimited."""
    assert "无限额" not in limit_text(None)


def test_names_stand_once_in_a_row() -> None:
    """A name that comes twice is said once."""
    assert joined(["甲", "乙", "甲"]) == "甲、乙"
