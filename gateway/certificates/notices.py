"""What residents are told in their inbox about their applications: that there is news, never what."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Connection, insert, select

from gateway.certificates.tables import applications
from gateway.service_requests.handling_tables import notices

OF_STATUS = {
    "ready": "certificate_ready",
    "refused": "certificate_refused",
    "closed": "certificate_closed",
}
"""The states that a resident did not bring about and wants to hear of."""
QUESTION, ANSWER = "certificate_question", "certificate_answer"
LATE, REVOKED = "certificate_late", "certificate_revoked"


def tell(db: Connection, application_id: str, kind: str, at: datetime) -> None:
    """Put a line into the inbox of whoever applied."""
    whose = select(applications.c.subject).where(applications.c.application_id == application_id)
    line = {
        "notice_id": secrets.token_hex(16),
        "subject": db.execute(whose).scalar_one(),
        "application_id": application_id,
        "kind": kind,
        "description": "",
        "created": at,
    }
    db.execute(insert(notices).values(**line))
