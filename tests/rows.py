"""Rows with something in every column, as tests of what is kept need them."""

from __future__ import annotations

from sqlalchemy import Table, insert

from bot.store import Store

MARK = "独一无二的话xq7"
VALUES = {str: MARK, bytes: MARK.encode(), int: 1}


def row(table: Table, **own: object) -> dict[str, object]:
    """A row with something in every column."""
    kinds = {column.name: column.type.python_type for column in table.columns}
    made = {name: VALUES[kind] for name, kind in kinds.items() if name != "id" or kind is str}
    return made | own


def add(store: Store, table: Table, **own: object) -> None:
    """Write such a row."""
    with store.writing() as connection:
        connection.execute(insert(table).values(**row(table, **own)))
