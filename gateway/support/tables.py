"""The tables of support: bundles with their threads, and who of the staff opened them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from gateway.columns import Instant
from gateway.database import metadata

cases = Table(
    "support_cases",
    metadata,
    Column("case_id", String(32), primary_key=True),
    Column("subject", String(255), nullable=False),
    Column("code", String(12), nullable=False, unique=True),
    Column("state", String(8), nullable=False),
    Column("bundle", String(8), nullable=False),
    Column("size", Integer, nullable=False),
    Column("manifest", Text, nullable=False),
    Column("error_reference", String(64), nullable=False, server_default=""),
    Column("created", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
    Column("answer_by", Instant, nullable=False),
    Column("updated", Instant, nullable=False),
    Column("handed_over", Instant),
    Index("ix_support_cases_subject", "subject", "created"),
    Index("ix_support_cases_updated", "updated"),
)
"""One bundle a resident sent, and the thread about it. `state` is open or closed; `bundle` says
whether the file is kept, was deleted by the resident, or expired; `manifest` is the JSON of what the
file says of itself, empty once the file is gone. The file lies in the media store.
"""

messages = Table(
    "support_messages",
    metadata,
    Column("message_id", String(32), primary_key=True),
    Column("case_id", ForeignKey("support_cases.case_id", ondelete="CASCADE"), nullable=False),
    Column("author", String(10), nullable=False),
    Column("name", String(200), nullable=False, server_default=""),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_support_messages_case_id", "case_id", "at"),
)
"""The thread, oldest first: `author` is resident or support; of support its `name` is kept."""

openings = Table(
    "support_openings",
    metadata,
    Column("entry_id", Integer, primary_key=True, autoincrement=True),
    Column("opening_id", String(32), nullable=False),
    Column("act", String(12), nullable=False),
    Column("case_id", String(32), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("code", String(12), nullable=False),
    Column("actor_subject", String(255), nullable=False),
    Column("actor_name", String(200), nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("faults", Text, nullable=False, server_default=""),
    Column("at", Instant, nullable=False),
    Index("ix_support_openings_subject", "subject", "at"),
    Index("ix_support_openings_case_id", "case_id"),
    Index("ix_support_openings_opening_id", "opening_id"),
    Index("ix_support_openings_at", "at"),
)
"""The log of the staff's acts on what residents sent, kept longer than that: `subject` is the resident's, empty
for a code that opened nothing. An opening has a line of its own, and one for each act inside it. The line of a
persona belongs to no case; `faults` is the JSON of those it began with.
"""
