"""Handling of reports: agencies, revisions, questions, proof, followers, notices and the desk.

Three tables get new checks and columns, which SQLite cannot alter in place: their rows wait in
copies while the tables are made anew, the same way on both databases. Dropping a parent that
still has children would empty them, so the children go first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "service_requests_0002"
down_revision = "service_requests_0001"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_OLD_CODES = (
    "'waiting', 'in_progress', 'needs_resident', 'transferred', 'done', 'rejected', 'reopened',"
    " 'withdrawn'"
)
_CODES = f"{_OLD_CODES}, 'merged'"

_REQUESTS = (
    "service_request_id, subject, service_code, description, status_code, status_notes, urgency,"
    " agency_responsible, service_notice, requested_datetime, updated_datetime, expected_datetime,"
    " working_days, address, ward_code, lat, long, hide_name"
)
_UPDATES = "update_id, service_request_id, status_code, datetime, description, agency, actor"
_MEDIA = "media_id, subject, service_request_id, position, stage, description, created"
_COPIED = ("media", "service_request_updates", "service_requests")
"""Children first."""


def upgrade() -> None:
    """Make the three tables anew with their rows, and the new ones."""
    _set_aside()
    _create_service_requests(new=True)
    _create_updates(new=True)
    _create_media(new=True)
    closed = (
        "CASE WHEN status_code IN ('done', 'rejected', 'withdrawn') THEN updated_datetime END,"
        " CASE WHEN status_code = 'needs_resident' THEN updated_datetime END,"
        " CASE WHEN status_code = 'needs_resident' THEN status_notes ELSE '' END"
    )
    _bring_back(
        "service_requests",
        _REQUESTS,
        "agency_code, closed_datetime, paused_since, question",
        f"'ward-' || ward_code, {closed}",
    )
    _bring_back("service_request_updates", _UPDATES)
    _bring_back("media", _MEDIA)
    _create_new_tables()


def _set_aside() -> None:
    for table in _COPIED:
        op.execute(f"CREATE TABLE old_{table} AS SELECT * FROM {table}")  # noqa: S608
        op.drop_table(table)


def _bring_back(table: str, columns: str, more: str = "", values: str = "") -> None:
    into = f"{columns}, {more}" if more else columns
    chosen = f"{columns}, {values}" if more else columns
    op.execute(f"INSERT INTO {table} ({into}) SELECT {chosen} FROM old_{table}")  # noqa: S608
    op.drop_table(f"old_{table}")


def _create_service_requests(*, new: bool) -> None:
    op.create_table(
        "service_requests",
        sa.Column("service_request_id", sa.String(20), primary_key=True),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("service_code", sa.String(40), nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("status_code", sa.String(20), nullable=False),
        sa.Column("status_notes", sa.Text, nullable=False),
        sa.Column("urgency", sa.String(20), nullable=False),
        sa.Column("agency_responsible", sa.String(200), nullable=False),
        sa.Column("service_notice", sa.Text, nullable=False),
        sa.Column("requested_datetime", _MOMENT, nullable=False),
        sa.Column("updated_datetime", _MOMENT, nullable=False),
        sa.Column("expected_datetime", _MOMENT, nullable=False),
        sa.Column("working_days", sa.JSON, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("ward_code", sa.String(5), nullable=False),
        sa.Column("lat", sa.Float),
        sa.Column("long", sa.Float),
        sa.Column("hide_name", sa.Boolean, nullable=False),
        *(_handling() if new else ()),
        sa.CheckConstraint(f"status_code IN ({_CODES if new else _OLD_CODES})", name="status_code"),
    )
    indexes = {"mine": ["subject", "requested_datetime"]}
    if new:
        indexes |= {
            "newest": ["requested_datetime", "service_request_id"],
            "by_service": ["service_code", "requested_datetime"],
            "by_status": ["status_code", "requested_datetime"],
            "due": ["status_code", "expected_datetime"],
            "queue": ["agency_code", "status_code", "expected_datetime"],
            "nearby": ["lat", "long"],
            "split_from": ["split_from"],
            "merged_into": ["merged_into"],
        }
    for name, columns in indexes.items():
        op.create_index(f"ix_service_requests_{name}", "service_requests", columns)


def _handling() -> tuple[sa.Column[object] | sa.UniqueConstraint, ...]:
    return (
        sa.Column("agency_code", sa.String(40), nullable=False, server_default=""),
        sa.Column("assigned_subject", sa.String(255)),
        sa.Column("assigned_name", sa.String(200), nullable=False, server_default=""),
        sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
        sa.Column("paused_since", _MOMENT),
        sa.Column("closed_datetime", _MOMENT),
        sa.Column("merged_into", sa.String(20)),
        sa.Column("split_from", sa.String(20)),
        sa.Column("reason_code", sa.String(40), nullable=False, server_default=""),
        sa.Column("overdue_reason", sa.Text, nullable=False, server_default=""),
        sa.Column("escalation", sa.Integer, nullable=False, server_default="0"),
        sa.Column("rating", sa.String(20)),
        sa.Column("rating_comment", sa.Text, nullable=False, server_default=""),
        sa.Column("hoax", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("attributes", sa.JSON, nullable=False, server_default="{}"),
        sa.Column("token", sa.String(64)),
        sa.Column("submitter", sa.String(100), nullable=False, server_default="resident"),
        sa.Column("question", sa.Text, nullable=False, server_default=""),
        sa.UniqueConstraint("token", name="uq_service_requests_token"),
    )


def _create_updates(*, new: bool) -> None:
    op.create_table(
        "service_request_updates",
        sa.Column("update_id", sa.String(32), primary_key=True),
        _of_service_request(),
        sa.Column("status_code", sa.String(20), nullable=False),
        sa.Column("datetime", _MOMENT, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("agency", sa.String(200), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        *(
            (
                sa.Column("act", sa.String(20), nullable=False, server_default=""),
                sa.Column("reason_code", sa.String(40), nullable=False, server_default=""),
                sa.Column("actor_subject", sa.String(255)),
                sa.Column("actor_role", sa.String(20), nullable=False, server_default=""),
                sa.Column("agency_code", sa.String(40), nullable=False, server_default=""),
            )
            if new
            else ()
        ),
        sa.CheckConstraint(f"status_code IN ({_CODES if new else _OLD_CODES})", name="status_code"),
    )


def _create_media(*, new: bool) -> None:
    op.create_table(
        "media",
        sa.Column("media_id", sa.String(32), primary_key=True),
        sa.Column("subject", sa.String(255), nullable=False),
        _of_service_request(nullable=new),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("stage", sa.String(10), nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        *(
            (
                sa.Column("kind", sa.String(10), nullable=False, server_default="photo"),
                sa.Column("update_id", sa.String(32)),
                sa.Column("cleared", sa.Boolean, nullable=False, server_default=sa.false()),
                sa.Column("boxes", sa.JSON, nullable=False, server_default="[]"),
                sa.Column(
                    "content_type", sa.String(100), nullable=False, server_default="image/jpeg"
                ),
            )
            if new
            else ()
        ),
    )
    if new:
        op.create_index("ix_media_created", "media", ["created"])


def _create_new_tables() -> None:
    op.create_table(
        "follows",
        sa.Column("subject", sa.String(255), primary_key=True),
        _of_service_request(primary_key=True),
        sa.Column("created", _MOMENT, nullable=False),
    )
    op.create_table(
        "notices",
        sa.Column("notice_id", sa.String(32), primary_key=True),
        sa.Column("subject", sa.String(255), nullable=False),
        _of_service_request(),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("read_datetime", _MOMENT),
    )
    op.create_index("ix_notices_inbox", "notices", ["subject", "created"])
    op.create_index("ix_notices_unread", "notices", ["subject", "read_datetime"])
    op.create_table(
        "changes",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("service_request_id", sa.String(20), nullable=False),
        sa.Column("agency_code", sa.String(40), nullable=False),
        sa.Column("moment", _MOMENT, nullable=False, index=True),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "desk_log",
        sa.Column("entry_id", sa.Integer, primary_key=True, autoincrement=True),
        _of_service_request(),
        sa.Column("moment", _MOMENT, nullable=False),
        sa.Column("actor_subject", sa.String(255), nullable=False),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.Column("agency_code", sa.String(40), nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("before_code", sa.String(20), nullable=False),
        sa.Column("after_code", sa.String(20), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )
    op.create_table(
        "presence",
        _of_service_request(primary_key=True),
        sa.Column("subject", sa.String(255), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("seen", _MOMENT, nullable=False),
    )


def _of_service_request(*, nullable: bool = False, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(
        "service_request_id",
        sa.String(20),
        sa.ForeignKey("service_requests.service_request_id", ondelete="CASCADE"),
        nullable=nullable,
        primary_key=primary_key,
        index=True,
    )


def downgrade() -> None:
    """Back to reports without handling: what only the new tables and columns hold is lost."""
    for table in ("presence", "desk_log", "changes", "notices", "follows"):
        op.drop_table(table)
    op.execute("DELETE FROM media WHERE service_request_id IS NULL OR kind <> 'photo'")
    op.execute("UPDATE service_requests SET status_code='rejected' WHERE status_code='merged'")
    updates = "UPDATE service_request_updates SET status_code='rejected'"
    op.execute(f"{updates} WHERE status_code='merged'")
    _set_aside()
    _create_service_requests(new=False)
    _create_updates(new=False)
    _create_media(new=False)
    _bring_back("service_requests", _REQUESTS)
    _bring_back("service_request_updates", _UPDATES)
    _bring_back("media", _MEDIA)
