"""What residents read in their inbox about their bundles: that there is news, never what."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Connection, insert

from gateway.service_requests.handling_tables import notices

OPENED, ANSWERED, HANDED_OVER = "support_opened", "support_answer", "support_engineers"


def tell(
    db: Connection, subject: str, code: str, kind: str, description: str, now: datetime
) -> None:
    """Put a line into the resident's inbox."""
    line = {"subject": subject, "support_code": code, "kind": kind, "description": description}
    db.execute(insert(notices).values(notice_id=secrets.token_hex(16), created=now, **line))
