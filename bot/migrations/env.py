"""How Alembic reaches the database: by the connection that `bot.store` opened and locked."""

from __future__ import annotations

from alembic import context

from bot.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
