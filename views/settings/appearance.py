"""Language, text size, theme, lock and motion; changes apply at once (design picture 18a)."""

from typing import Any

import flet as ft

from app import paths
from app.hooks import component, use_device, use_session, view
from app.state import TEXT_SCALES, Session
from app.text import _
from views.components import (
    Card,
    CardList,
    Heading,
    NavigationRow,
    Screen,
    Segments,
    SwitchRow,
    Text,
    open_path,
    stacked,
)
from views.components.fields import heard
from views.settings.lock import LockRows


@view
def SettingsView() -> ft.Control:
    """No button: what is chosen is kept."""
    session, device = use_session(), use_device()

    async def keep() -> None:
        await device.save_preferences(session.preferences())

    def choose(name: str) -> Any:
        def chosen(value: Any) -> None:
            setattr(session, name, value)
            ft.context.page.run_task(keep)

        return chosen

    return Screen(
        _("Settings"),
        Heading(_("Language"), 2, "title_small"),
        Segments((("vi", "Tiếng Việt"), ("en", "English")), session.language, choose("language")),
        TextSize(session.text_scale, choose("text_scale")),
        Heading(_("Appearance"), 2, "title_small"),
        Segments(
            (("system", _("System")), ("light", _("Light")), ("dark", _("Dark"))),
            session.theme,
            choose("theme"),
        ),
        CardList(
            SwitchRow(
                _("High contrast"),
                _("Black on white, strong edges. On by itself if your device asks for it"),
                session.strong_contrast,
                choose("high_contrast"),
            )
        ),
        *_lock(session),
        Heading(_("Motion"), 2, "title_small"),
        CardList(
            SwitchRow(
                _("Less motion"),
                _("On by itself if your device asks for it"),
                session.still,
                choose("reduced_motion"),
            )
        ),
        *([SignInDoor()] if session.person else []),
        back=paths.ME,
    )


def _lock(session: Session) -> list[ft.Control]:
    """For who is signed in: nobody else has anything here to lock."""
    if session.person is None and not session.has_pin:
        return []
    return [Heading(_("App lock"), 2, "title_small"), LockRows()]


@component
def SignInDoor() -> ft.Control:
    """The way to the list of devices."""
    row = NavigationRow(
        ft.Icons.DEVICES_ROUNDED,
        _("Devices and sign-ins"),
        _("Where you are signed in, and ending it"),
        open_path(paths.SESSIONS),
    )
    return stacked([Heading(_("Sign-in"), 2, "title_small"), CardList(row)])


@component
def TextSize(scale: float, choose: Any) -> ft.Control:
    """A slider in four steps with a sample of real text."""
    index = TEXT_SCALES.index(scale)

    def changed(e: Any) -> None:
        choose(TEXT_SCALES[round(heard(index, e))])

    percent = f"{round(scale * 100)}%"
    slider = ft.Semantics(
        label=_("Text size {percent}").format(percent=percent),
        content=ft.Slider(
            value=index,
            min=0,
            max=len(TEXT_SCALES) - 1,
            divisions=len(TEXT_SCALES) - 1,
            on_change_end=changed,
            expand=True,
        ),
    )
    return ft.Column(
        [
            ft.Row(
                [Heading(_("Text size"), 2, "title_small"), Text(percent, "supporting")],
                alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
                wrap=True,
            ),
            ft.Row([Text("A", "body"), ft.Container(slider, expand=True), Text("A", "headline")]),
            Card(
                Text(_("Pothole in front of 28 Hàng Trống")),
                Text(_("Text will look like this"), "supporting"),
            ),
        ],
        spacing=8,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
