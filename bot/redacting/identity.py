"""Whether digits can be the number of an identity card (GB 11643) or of a bank card (ISO 7812)."""

from __future__ import annotations

from datetime import date

# The first two digits of the divisions of the country (GB/T 2260), and those of who lives in it
# with a residence permit for Hong Kong, Macao or Taiwan (81 to 83).
_AREAS = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71),
                        (81, 83), (91, 91))
    for code in range(first, last + 1)
)  # fmt: skip
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10x98765432"
_FIRST_BORN = 1890


def is_card_of_person(number: str) -> bool:
    """Whether 18 characters are the number of an identity card, its last one the right check."""
    return is_like_card_of_person(number) and number[17] == check_of(number)


def is_like_card_of_person(number: str) -> bool:
    """Whether 18 characters have the area and the date of birth of one, whatever their check."""
    return number[:2] in _AREAS and number[:17].isdigit() and _is_birthday(number[6:14])


def is_old_card_of_person(number: str) -> bool:
    """Whether 15 digits are such a number as it was until 1999."""
    return number[:2] in _AREAS and _is_birthday("19" + number[6:12])


def check_of(number: str) -> str:
    """The last character of a number of 18, from the 17 before it."""
    return _CHECKS[
        sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True)) % 11
    ]


def is_checked(number: str) -> bool:
    """Whether the last digit of a card is the one that Luhn's sum wants."""
    total = 0
    for at, char in enumerate(reversed(number)):
        value = int(char) * (1 + at % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_day(year: int, month: int, day: int) -> bool:
    """Whether a day stands in the calendar."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _is_birthday(digits: str) -> bool:
    year = int(digits[:4])
    return _FIRST_BORN <= year <= date.max.year and _is_past(year, digits)


def _is_past(year: int, digits: str) -> bool:
    """Whether eight digits are a day of this century or the last; 2099 is nobody's yet."""
    return year < 2100 and is_day(year, int(digits[4:6]), int(digits[6:8]))
