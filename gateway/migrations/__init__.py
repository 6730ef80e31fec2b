"""Alembic migrations: every feature is a branch of its own, from its own first revision."""
