"""Alembic's environment: runs on a connection that the program hands over. Nothing is configured by an ini file."""

from __future__ import annotations

from alembic import context

from bot.store.compatibility import note_oldest_program
from bot.store.record import put_triggers
from bot.store.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
    # SQLite forgets the triggers of a table that a migration makes anew.
    put_triggers(connection)
    note_oldest_program(connection, context.script, context.get_context().get_current_revision())
