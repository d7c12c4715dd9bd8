"""The peer of an evaluation: plain retrieval over the rows of the knowledge."""

from __future__ import annotations

from bot.evaluation import Case, tallies
from bot.retrieval import index, nearest, retrieved, rows_of
from knowledge.pack import Library


def test_every_cell_and_office_is_a_row(library: Library) -> None:
    """A pack's cells, offices and entries are all there to be found."""
    pack = library.pack("suzhou")
    rows = list(rows_of(pack))

    assert len(rows) >= len(pack.benefits) + len(pack.offices) + len(pack.faqs)
    assert any("香山北路" in row for row in rows)


def test_the_nearest_row_shares_most(library: Library) -> None:
    """What was said almost as it is written finds its row."""
    rows = index(rows_of(library.pack("suzhou")))

    assert "十八港路" in nearest(rows, "太仓市医疗保障基金管理中心在哪里")
    assert nearest(rows, "zzz") == ""


def test_it_falls_for_a_twin(library: Library) -> None:
    """It is judged like the real thing, and shows why nearness alone is not enough."""
    case = Case(id="twin", turns=("肾衰没透析限额多少",), expect="answered", region="suzhou",
                must=("8000",))  # fmt: skip
    declined = Case(id="far", turns=("qqq www",), expect="declined", region="suzhou")
    judged = list(retrieved(library, [case, declined]))

    assert [verdict.kind for verdict in judged] == ["answered", "declined"]
    assert tallies(judged)["all"]["all"].cases == 2
