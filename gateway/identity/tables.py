"""What the provider remembers.

Times are Unix seconds; of codes, refresh tokens and cookies only hashes are stored.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from gateway.database import metadata

attempts = Table(
    "identity_attempts",
    metadata,
    Column("attempt_id", String(64), primary_key=True),
    Column("browser_hash", String(64), nullable=False),
    Column("request", Text, nullable=False),
    Column("subject", String(255)),
    Column("auth_time", BigInteger),
    Column("grant_id", String(64)),
    Column("ends_at", BigInteger, nullable=False),
)
"""One sign-in under way in one browser.

`subject` is set only on the row made after the right passcode.
"""

grants = Table(
    "identity_grants",
    metadata,
    Column("grant_id", String(64), primary_key=True),
    Column("subject", String(255), nullable=False),
    Column("client_id", String(255), nullable=False),
    Column("scope", String(255), nullable=False),
    Column("acr", String(16), nullable=False),
    Column("auth_time", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Column("jkt", String(64)),
)
"""What a resident agreed to in one sign-in: the family of every token that came of it.

`jkt` is the thumbprint of the key its tokens are bound to, where the client proved one.
"""

codes = Table(
    "identity_codes",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("grant_id", ForeignKey("identity_grants.grant_id", ondelete="CASCADE"), nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("code_challenge", String(64), nullable=False),
    Column("nonce", Text),
    Column("ends_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("jkt", String(64)),
    Index("ix_identity_codes_grant_id", "grant_id"),
)
"""`jkt` is the key that has to be proved to redeem the code, where the request named one."""

refresh_tokens = Table(
    "identity_refresh_tokens",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("grant_id", ForeignKey("identity_grants.grant_id", ondelete="CASCADE"), nullable=False),
    Column("ends_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Index("ix_identity_refresh_tokens_grant_id", "grant_id"),
)

pushed_requests = Table(
    "identity_pushed_requests",
    metadata,
    Column("request_hash", String(64), primary_key=True),
    Column("client_id", String(255), nullable=False),
    Column("request", Text, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
)
"""What applications asked for directly, until a browser comes with the reference (RFC 9126)."""

passcode_failures = Table(
    "identity_passcode_failures",
    metadata,
    Column("subject", String(255), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("wait_until", BigInteger, nullable=False),
)
"""Wrong passcodes in a row, per account."""
