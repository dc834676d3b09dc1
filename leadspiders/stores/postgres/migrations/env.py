"""What Alembic runs around the steps: it uses the connection, and so the transaction and the lock, of the caller."""

from alembic import context

from leadspiders.stores.postgres.schema.whole import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
