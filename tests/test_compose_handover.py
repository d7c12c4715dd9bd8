"""Who wants a person is told the numbers of their region, and what is not written of them."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec import structs

from bot.answers import plain
from bot.compose.handover import handover
from bot.compose.part import Context, Part
from bot.messages import Answer
from bot.service import Service, context_of
from knowledge.schema import Citation, Hotline

DAY = date(2026, 11, 22)


def told(part: Part) -> str:
    """The text of a part, without its sources."""
    return plain(Answer(part.status, part.blocks))


@pytest.fixture
def context(served: Service) -> Context:
    """Where no region is known."""
    return context_of(served, None, DAY)


def with_number(context: Context, hours: str | None) -> Context:
    """苏州 with a number of its own."""
    suzhou = context.library.pack("suzhou")
    cite = Citation(source=suzhou.region.default_source, place=suzhou.sources[0].places[0].id)
    number = Hotline(
        id="own", region="suzhou", number="0512", name="热线", use="咨询", hours=hours, cite=cite
    )
    packs = tuple(
        structs.replace(pack, hotlines=(number,)) if pack is suzhou else pack
        for pack in context.library.packs
    )
    return structs.replace(
        context, library=structs.replace(context.library, packs=packs), region="suzhou"
    )


def test_a_region_without_a_number_says_so(context: Context) -> None:
    """With where to go in it, the number that holds anywhere, and no number of another place."""
    text = told(handover(structs.replace(context, region="suzhou")))

    assert "苏州的资料没有写咨询电话" in text
    assert "窗口" in text
    assert "12333" in text
    assert "通用说法" in text
    assert "接听时间" in text
    assert "12393" not in text


def test_a_number_is_told_with_its_hours(context: Context) -> None:
    """As the pack has them."""
    text = told(handover(with_number(context, "工作日9:00-17:00")))

    assert "0512：热线，咨询，接听时间：工作日9:00-17:00" in text


def test_a_number_without_hours_says_so(context: Context) -> None:
    """Nobody is let believe that it is answered at any time."""
    text = told(handover(with_number(context, None)))

    assert "0512：热线，咨询\n" in text
    assert "资料没有写这些电话的接听时间" in text


def test_without_a_region_each_is_told_by_its_name(context: Context) -> None:
    """Those of the regions, the one that holds anywhere, and those of places it speaks of."""
    part = handover(context)
    text = told(part)

    for named in ("北京：", "苏州：", "12333", "12393：陕西", "洛川"):
        assert named in text
    assert {one.authority for one in part.citations} == {"media", "teaser"}


@pytest.mark.parametrize("region", [None, "suzhou", "beijing", "general"])
def test_every_number_has_its_source(context: Context, region: str | None) -> None:
    """No citation, no answer: each document that a number stands in is cited."""
    part = handover(structs.replace(context, region=region))
    cited = {one.source for one in part.citations}
    numbers = [one for pack in context.library.packs for one in pack.hotlines]

    assert {one.cite.source for one in numbers if f"{one.number}：" in told(part)} == cited
