"""Alembic's entry: migrations run in the transaction that store/migrate.py hands over."""

from alembic import context

from digest.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
