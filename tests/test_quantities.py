"""Money, rates, ages and years in a text, in digits or in Chinese numerals."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intents.normalise import normalise
from intents.quantities import chinese_number, days, quantities


def found(text: str) -> list[tuple[str, float]]:
    """The units and values of the quantities of a text."""
    return [(one.unit, one.value) for one in quantities(normalise(text).text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("十", 10),
        ("二十", 20),
        ("十五", 15),
        ("一百零五", 105),
        ("三千六", 3600),
        ("四万五", 45_000),
        ("两万零五十", 20_050),
        ("一万零五", 10_005),
        ("十二万三千", 123_000),
        ("三百五十万", 3_500_000),
        ("二〇二五", 2025),
        ("陆仟伍佰", 6500),
        ("伍万", 50_000),
        ("12.5", 12.5),
        ("350000", 350_000),
    ],
)
def test_a_numeral_has_a_value(text: str, expected: float) -> None:
    """Chinese numerals are read as they are spoken: 四万五 is 45 000."""
    assert chinese_number(text) == expected


@pytest.mark.parametrize("text", ["苹果", "三百元", "", "万事", "1.2.3"])
def test_what_is_no_numeral_has_none(text: str) -> None:
    """Words, and the empty text, have no value."""
    assert chinese_number(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("花了5万", 50_000),
        ("4.5w", 45_000),
        ("3k", 3000),
        ("六千块", 6000),
        ("1,234元", 1234),
        ("一万二", 12_000),
        ("3万2", 32_000),
        ("5万3千", 53_000),
        ("陆仟伍佰元", 6500),
        ("两万块钱", 20_000),
        ("二十万", 200_000),
        ("8000", 8000),
        ("35万以上", 350_000),
        ("￥6000", 6000),
        ("6000 rmb", 6000),
        ("1.5万元", 15_000),
        ("十万块", 100_000),
        ("三百五十元", 350),
        ("12345.67元", 12_345.67),
    ],
)
def test_money_is_recognised(text: str, expected: float) -> None:
    """Money in digits, numerals and with a scale comes to yuan."""
    assert found(text) == [("yuan", expected)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90%", 90),
        ("百分之九十", 90),
        ("五成", 50),
        ("九成五", 95),
        ("八成半", 85),
        ("3成", 30),
        ("95个点", 95),
        ("百分之五十五", 55),
        ("100%", 100),
        ("９５％", 95),
    ],
)
def test_a_rate_is_recognised(text: str, expected: float) -> None:
    """Percent, tenths (成) and points are rates."""
    assert found(text) == [("percent", expected)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18岁", 18),
        ("十八周岁", 18),
        ("65多岁", 65),
        ("我妈70了", 70),
        ("年满60", 60),
        ("六个月大", 0),
    ],
)
def test_an_age_is_recognised(text: str, expected: float) -> None:
    """Ages in years; a child of months is not yet one."""
    assert found(text) == [("age", expected)]


@pytest.mark.parametrize(
    ("text", "year", "month"),
    [
        ("2024年", 2024, None),
        ("2024年3月", 2024, 3),
        ("二〇二五年", 2025, None),
        ("2023-10", 2023, 10),
    ],
)
def test_a_year_is_recognised(text: str, year: int, month: int | None) -> None:
    """A year with or without a month, in digits or numerals."""
    one = quantities(text)[0]

    assert (one.unit, one.value, one.month) == ("year", year, month)


@pytest.mark.parametrize(
    "text",
    [
        "12333",
        "12393",
        "13812345678",
        "苏州市平泷路251号",
        "2楼",
        "二楼",
        "3月5日",
        "第3步",
        "1-6级",
        "80",
        "三甲医院",
        "15分钟",
        "两种病",
        "一次",
        "三天",
        "1寸照片",
        "1型糖尿病",
        "十个工作日",
        "5步",
        "三个月",
    ],
)
def test_other_numbers_are_no_quantity(text: str) -> None:
    """Telephone numbers, houses, floors, days, steps and types are not money."""
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("五千五千三", [5000.0, 5300.0]),
        ("三百五三百六", [350.0, 360.0]),
        ("二十万二十五万", [200_000.0, 250_000.0]),
        ("三万三万五", [30_000.0, 35_000.0]),
        ("十二万三千五", [123_500.0]),
    ],
)
def test_a_number_said_again_is_another_one(text: str, expected: list[float]) -> None:
    """Speech repeats and corrects itself without a mark; no sum is made of it."""
    assert found(text) == [("yuan", value) for value in expected]


def test_quantities_stand_from_left_to_right_without_overlap() -> None:
    """Each stretch of a text is one quantity at most, with the place where it stood."""
    text = "2024年我妈72岁花了3万2,报90%"
    spans = [(one.start, one.end) for one in quantities(text)]

    assert found(text) == [("year", 2024), ("age", 72), ("yuan", 32_000), ("percent", 90)]
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


def test_a_fraction_of_a_scale_is_never_taken_for_a_whole() -> None:
    """零点五万 is 5000 or nothing, not 50 000."""
    assert ("yuan", 50_000) not in found("零点五万")


@pytest.mark.parametrize("text", ["1亿元", "一亿元", "三亿五千万元", "九万八千亿元"])
def test_hundreds_of_millions_are_never_taken_for_less(text: str) -> None:
    """An amount in 亿 is that amount or none, never the rest of it."""
    assert all(value >= 100_000_000 for _, value in found(text))


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.text(alphabet="0123456789.,零一二两五十百千万亿%成岁年月元块wk -+个多", max_size=25))
def test_no_text_breaks_the_reading_of_numbers(text: str) -> None:
    """Whatever the digits, quantities are finite and lie within the text."""
    for one in quantities(text):
        assert 0 <= one.start < one.end <= len(text)
        assert one.value == one.value


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.integers(min_value=100, max_value=4_999_999))
def test_an_amount_with_its_unit_is_that_amount(yuan: int) -> None:
    """Any whole amount followed by 元 is read as it is."""
    assert found(f"{yuan}元") == [("yuan", yuan)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("十一月才去备案", ()),
        ("9月查出来，11月才办", ()),
        ("确诊八个多月了", ((240, 240),)),
        ("拖了六月才去", ((180, 180),)),
        ("3月内要申请", ((0, 90),)),
        ("1到3个月", ((30, 90),)),
    ],
)
def test_a_month_of_the_year_is_no_stretch_of_time(
    text: str, expected: tuple[tuple[int, int], ...]
) -> None:
    """Unless something says that it lasts."""
    assert days(text) == expected
