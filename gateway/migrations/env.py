"""Run by Alembic: migrates on the connection, and in the transaction, that `Database.migrate`
gives.
"""

from alembic import context

from gateway.database import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
