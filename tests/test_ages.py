"""How old somebody is: said without 岁, by the year of birth, two at once, and corrected."""

from __future__ import annotations

import pytest
from asking import Asker, figures, told, understood


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("我爸今年五十六，透析限额多少", "56"),
        ("我妈六十八，透析限额多少", "68"),
        ("今年十二，苯丙酮尿症限额多少", "12"),
        ("女，58，退休职工，家庭病床够条件吗", "58"),
        ("71，苏州退休职工，家庭病床起付多少", "71"),
        ("孩子实足12，苯丙酮尿症限额多少", "12"),
    ],
)
def test_an_age_needs_no_unit(ask: Asker, text: str, age: str) -> None:
    """今年五十六 and 我妈六十八 are ages without 岁."""
    assert understood(ask(text), "age") == {age}


@pytest.mark.parametrize(
    "text", ["我比他大6岁，苯丙酮尿症限额多少", "她比我大三岁，苯丙酮尿症限额多少"]
)
def test_a_difference_is_no_age(ask: Asker, text: str) -> None:
    """比他大6岁 does not say that anybody is six, so every band is told."""
    turn = ask(text)

    assert not understood(turn, "age")
    assert {"22000", "29000", "36000"} <= figures(told(turn))


def test_the_age_beside_a_difference_counts(ask: Asker) -> None:
    """Of 大6岁 and 9岁 the second is the age."""
    assert understood(ask("姐姐比弟弟大6岁，弟弟9岁，苯丙酮尿症限额多少"), "age") == {"9"}


@pytest.mark.parametrize(
    ("born", "age", "limit"),
    [
        ("2014年11月生", "12", "29000"),
        ("2014年12月生", "11", "29000"),
        ("2008年12月生", "17", "36000"),
        ("生于2010年", "16", "36000"),
    ],
)
def test_a_birth_gives_the_age_on_the_day(ask: Asker, born: str, age: str, limit: str) -> None:
    """Who is born in a month that has not come round is a year younger."""
    turn = ask(f"孩子{born}，苯丙酮尿症限额多少")

    assert understood(turn, "age") == {age}
    assert limit in figures(told(turn))


@pytest.mark.parametrize(
    ("text", "age", "word"),
    [
        ("我妈1958年生的，职工家庭病床能报吗", "68", "可以"),
        ("1975年出生的职工，家庭病床能报吗", "51", "不能"),
    ],
)
def test_a_year_of_birth_decides_like_an_age(ask: Asker, text: str, age: str, word: str) -> None:
    """The age counted from the year meets the row's or does not."""
    turn = ask(text)

    assert understood(turn, "age") == {age}
    assert told(turn).startswith(word)


def test_a_year_that_describes_somebody_is_a_birth(ask: Asker) -> None:
    """1951年的 is whoever was born then, not a rule of that year."""
    turn = ask("1951年的，家庭病床能报吗")

    assert understood(turn, "age") == {"75"}
    assert not understood(turn, "year")


@pytest.mark.parametrize(
    "text",
    ["5岁和10岁苯丙酮尿症限额差多少", "苯丙酮尿症5岁跟10岁限额一样吗"],
)
def test_two_joined_ages_both_count(ask: Asker, text: str) -> None:
    """Ages joined by 和 belong to the same question."""
    turn = ask(text)

    assert understood(turn, "age") == {"5", "10"}
    assert {"22000", "29000"} <= figures(told(turn))


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("我爸五十八不对五十九，家庭病床能报吗", "59"),
        ("孩子5岁，说错了，8岁，苯丙酮尿症限额多少", "8"),
    ],
)
def test_a_corrected_age_replaces_the_first(ask: Asker, text: str, age: str) -> None:
    """What was taken back is not the age."""
    assert understood(ask(text), "age") == {age}


@pytest.mark.parametrize(
    "text",
    [
        "56岁 家庭病床能报吗",
        "59岁职工家庭病床能报吗",
        "20岁学生苯丙酮尿症能报吗",
    ],
)
def test_who_misses_the_age_of_a_row_is_told_no(ask: Asker, text: str) -> None:
    """家庭病床 starts at 60 and PKU ends at 18: outside it the first word is 不能."""
    answer = told(ask(text))

    assert answer.startswith("不能")
    assert "60周岁" in answer or "18周岁" in answer


@pytest.mark.parametrize("age", ["60岁", "65岁"])
def test_who_meets_the_age_of_a_row_is_told_yes(ask: Asker, age: str) -> None:
    """Sixty itself is old enough."""
    assert told(ask(f"{age}职工家庭病床能报吗")).startswith("可以")


@pytest.mark.parametrize(
    "text",
    [
        "18岁学生苯丙酮尿症能报吗",
        "孩子2008年11月生，学生苯丙酮尿症能报吗",
    ],
)
def test_pku_at_eighteen_is_neither_yes_nor_no(ask: Asker, text: str) -> None:
    """The row ends before 18 and its limit at 18: the answer begins by saying so."""
    assert told(ask(text)).startswith("文件没有写清")


def test_who_is_too_young_for_a_bed_at_home_is_told_so(ask: Asker) -> None:
    """58 is no 60, also where nobody says 岁."""
    assert not told(ask("女，58，退休职工，家庭病床够条件吗")).startswith("可以")
