"""Which reports wait for the resident: the number on the navigation and on the tab."""

import flet as ft

from app.hooks import Ready, Resource
from app.state import Session
from services.service_requests import ServiceRequest


def needing(requests: list[ServiceRequest]) -> list[ServiceRequest]:
    """Those that cannot go on without the resident."""
    return [one for one in requests if one.status_code == "needs_resident"]


def count_for_badge(session: Session, mine: Resource[list[ServiceRequest]]) -> None:
    """Keep the navigation's number as a screen that read the reports knows it; a hook."""
    known = len(needing(mine.value)) if isinstance(mine, Ready) else None

    def count() -> None:
        if known is not None and session.needs_you != known:
            session.needs_you = known

    ft.use_effect(count, [known])
