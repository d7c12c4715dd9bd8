"""Where to go: addresses, halls, windows and online accounts."""

from __future__ import annotations

import pytest
from asking import Asker, told

from knowledge.pack import Pack
from knowledge.schema import District, Office


def pairs(pack: Pack) -> list[tuple[District, Office]]:
    """Every district with its office."""
    offices = {office.district: office for office in pack.offices}
    return [(district, offices[district.id]) for district in pack.districts]


@pytest.mark.parametrize(
    "phrasing", ["{}在哪里办", "{}经办地址", "在{}办门特去哪里", "{}窗口在几楼"]
)
def test_every_district_has_its_own_address(ask: Asker, suzhou: Pack, phrasing: str) -> None:
    """Each district's address is given, and no other's."""
    for district, office in pairs(suzhou):
        answer = told(ask(phrasing.format(district.name)))
        others = [one.address for one in suzhou.offices if one.address != office.address]
        assert office.address in answer, district.name
        assert not [address for address in others if address in answer], district.name


def test_every_nickname_leads_to_the_address(ask: Asker, suzhou: Pack) -> None:
    """By whatever name a district goes, its address is given."""
    lost = [
        alias
        for district, office in pairs(suzhou)
        for alias in district.aliases
        if office.address not in told(ask(f"{alias}在哪里办门特"))
    ]

    assert not lost


def test_every_district_has_its_online_account(ask: Asker, suzhou: Pack) -> None:
    """The account is named, and whether it is an app."""
    for district, office in pairs(suzhou):
        answer = told(ask(f"{district.name}的公众号叫什么"))
        assert office.account.name in answer, district.name
        assert ("APP" in answer) is (office.account.kind == "app"), district.name


def test_hall_and_window_belong_to_the_address(ask: Asker, suzhou: Pack) -> None:
    """Address, hall and window are one line."""
    for district, office in pairs(suzhou):
        answer = told(ask(f"{district.name}经办地址"))
        assert all(part in answer for part in (office.hall, office.window) if part)


def test_the_towns_of_wujiang_are_mentioned(ask: Asker) -> None:
    """In 吴江 the counter business is done in the towns."""
    assert "为民服务中心" in told(ask("盛泽在哪里办"))


def test_without_a_district_it_is_asked_for(ask: Asker, suzhou: Pack) -> None:
    """All ten are offered, and the general rule is said."""
    turn = ask("经办地址在哪里")

    assert turn.answer.status == "clarify_slot"
    assert len(turn.answer.options) == len(suzhou.offices) == 10


def test_all_addresses_are_listed_when_asked_for(ask: Asker, suzhou: Pack) -> None:
    """列出所有 lists them all."""
    answer = told(ask("所有经办地址都列出来"))

    assert all(office.address in answer for office in suzhou.offices)


def test_two_districts_have_both_addresses(ask: Asker) -> None:
    """昆山和太仓 asks for two."""
    answer = told(ask("昆山和太仓分别在哪里办"))

    assert "前进西路1801号" in answer
    assert "十八港路29号" in answer


@pytest.mark.parametrize(
    ("text", "word"),
    [("昆山是在前进西路吗", "是"), ("常熟是在前进西路办吗", "不是"), ("前进西路是哪里的窗口", "")],
)
def test_a_street_is_confirmed_or_denied(ask: Asker, text: str, word: str) -> None:
    """Whether a building is that of the district is said first."""
    answer = told(ask(text))

    assert answer.startswith(word)
    assert "路" in answer


def test_a_region_without_addresses_gives_none(ask: Asker) -> None:
    """Beijing's document names no office, and Suzhou's are not given for it."""
    turn = ask("经办地址在哪里", region="beijing")

    assert turn.answer.kind == "declined"
    assert "苏州" not in told(turn)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("昆山是不是非得装个专门的APP才能线上办", "不需要。"),
        ("园区线上办是不是用那个园区社保中心的软件", "是。"),
    ],
)
def test_the_kind_of_an_account_is_confirmed_or_not(ask: Asker, text: str, word: str) -> None:
    """An app is no WeChat account."""
    assert told(ask(text)).startswith(word)


@pytest.mark.parametrize(
    "text",
    ["12393在陕西能查报销进度吗", "洛川生育保险打哪个电话", "陕西12393打过去有没有真人"],
)
def test_a_number_is_asked_about_with_what_it_serves(ask: Asker, text: str) -> None:
    """What lies outside for us is what the number is for."""
    turn = ask(text, region=None)

    assert turn.answer.status == "answered"
    assert "12393" in told(turn) or "8388010" in told(turn)


@pytest.mark.parametrize(
    ("text", "word", "whose"),
    [
        ("中新汇金大厦二楼是吴中区的医保窗口吧", "不是", "工业园区"),
        ("人社大厦是昆山的吧", "不是", "吴江区"),
        ("园区在中新汇金大厦二楼对吗", "是", "工业园区"),
    ],
)
def test_a_building_of_another_district_is_told_to_be_that(
    ask: Asker, text: str, word: str, whose: str
) -> None:
    """The floor alone makes no building right."""
    first = told(ask(text)).splitlines()

    assert first[0].startswith(word)
    assert whose in "".join(first[:2])
