"""A screen behind the lock: out of sight while it is shut, with everything typed on it kept."""

import flet as ft

from app import paths
from app.hooks import component, use_session
from app.state import Session
from views.lock.screen import CoverView, LockView


def is_shut(session: Session, path: str) -> bool:
    """Whether the lock stands before this address; the emergency card stays in reach."""
    return session.locked and path not in paths.BEFORE_THE_LOCK


@component
def Behind(path: str, on_top: bool, screen: ft.Control) -> ft.Control:
    """The screen, or the lock; only the screen `on_top` draws it, those beneath stay out of sight."""
    session = use_session()
    opened = ft.use_ref(False)
    shut = is_shut(session, path)
    covered = session.covered and path not in paths.BEFORE_THE_LOCK
    # What was never opened is not even made: its reading would fail on a locked vault.
    opened.current = opened.current or not shut
    kept = ft.Container(
        screen if opened.current else None, visible=not (shut or covered), expand=True
    )
    before: list[ft.Control] = []
    if covered and on_top:
        before = [CoverView()]
    elif shut and on_top:
        before = [LockView()]
    return ft.Column(
        [kept, *before],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
