"""The identity provider's attempts, grants, codes, refresh tokens and passcode failures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "identity_0001"
down_revision = None
branch_labels = ("identity",)
depends_on = None


def upgrade() -> None:
    """Create the provider's tables."""
    op.create_table(
        "identity_attempts",
        sa.Column("attempt_id", sa.String(64), primary_key=True),
        sa.Column("browser_hash", sa.String(64), nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("subject", sa.String(255)),
        sa.Column("auth_time", sa.BigInteger),
        sa.Column("grant_id", sa.String(64)),
        sa.Column("ends_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "identity_grants",
        sa.Column("grant_id", sa.String(64), primary_key=True),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("client_id", sa.String(255), nullable=False),
        sa.Column("scope", sa.String(255), nullable=False),
        sa.Column("acr", sa.String(16), nullable=False),
        sa.Column("auth_time", sa.BigInteger, nullable=False),
        sa.Column("ends_at", sa.BigInteger, nullable=False),
        sa.Column("revoked_at", sa.BigInteger),
    )
    _create_codes()
    _create_refresh_tokens()
    op.create_table(
        "identity_passcode_failures",
        sa.Column("subject", sa.String(255), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("wait_until", sa.BigInteger, nullable=False),
    )


def _create_codes() -> None:
    op.create_table(
        "identity_codes",
        sa.Column("code_hash", sa.String(64), primary_key=True),
        sa.Column("grant_id", sa.String(64), nullable=False),
        sa.Column("redirect_uri", sa.Text, nullable=False),
        sa.Column("code_challenge", sa.String(64), nullable=False),
        sa.Column("nonce", sa.Text),
        sa.Column("ends_at", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.BigInteger),
        sa.ForeignKeyConstraint(["grant_id"], ["identity_grants.grant_id"], ondelete="CASCADE"),
    )
    op.create_index("ix_identity_codes_grant_id", "identity_codes", ["grant_id"])


def _create_refresh_tokens() -> None:
    op.create_table(
        "identity_refresh_tokens",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("grant_id", sa.String(64), nullable=False),
        sa.Column("ends_at", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.BigInteger),
        sa.ForeignKeyConstraint(["grant_id"], ["identity_grants.grant_id"], ondelete="CASCADE"),
    )
    op.create_index("ix_identity_refresh_tokens_grant_id", "identity_refresh_tokens", ["grant_id"])


def downgrade() -> None:
    """Drop them; everybody has to sign in again."""
    for name in ("passcode_failures", "refresh_tokens", "codes", "grants", "attempts"):
        op.drop_table(f"identity_{name}")
