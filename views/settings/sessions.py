"""Devices and sign-ins: where one is signed in, and ending it there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import flet as ft

from app import paths
from app.hooks import component, use_action, use_look, use_resource, use_services, use_state, view
from app.text import _, ngettext, show_moment
from services.sessions import SignInSession
from views.components import (
    Card,
    EmptyState,
    ErrorPanel,
    Heading,
    LinkButton,
    Loaded,
    Note,
    OutlineButton,
    Screen,
    Text,
    keyed,
    stacked,
)

PLATFORMS = {
    "android": "Android",
    "ios": "iOS",
    "windows": "Windows",
    "macos": "macOS",
    "linux": "Linux",
}
ICONS = {
    "browser": ft.Icons.LANGUAGE_ROUNDED,
    "phone": ft.Icons.SMARTPHONE_ROUNDED,
    "computer": ft.Icons.COMPUTER_ROUNDED,
    "persona": ft.Icons.THEATER_COMEDY_OUTLINED,
}


@view
def SessionsView() -> ft.Control:
    """The device at hand first, then the others; each of those can be ended, or all at once."""
    services = use_services()
    turn, set_turn = use_state(0)
    ended, set_ended = use_state(0)
    found = use_resource(services.sessions.list, turn)

    def after(count: int) -> None:
        set_ended(count)
        set_turn(lambda before: before + 1)

    said = ngettext("{n} sign-in was ended.", "{n} sign-ins were ended.", ended)
    done = Note(said, _("It is signed out at its next step."), "primary", live=True)
    return Screen(
        _("Devices and sign-ins"),
        Text(
            _("These devices are signed in to iHaNoi as you. Sign out any you do not know."),
            "supporting",
        ),
        *([done] if ended else []),
        Loaded(found, lambda sessions: SessionList(sessions, after)),
        back=paths.SETTINGS,
    )


def SessionList(sessions: list[SignInSession], ended: Callable[[int], None]) -> ft.Control:
    """The cards, and the one button for all others."""
    if not sessions:
        words = _("This city's sign-in service does not tell one sign-in from another.")
        return EmptyState(ft.Icons.DEVICES_ROUNDED, _("Nothing to list"), words)
    here = [one for one in sessions if one.current]
    others = [one for one in sessions if not one.current]
    parts: list[ft.Control] = [keyed(one.session_id, SessionCard, one, ended) for one in here]
    parts.append(Heading(_("Other devices"), 2, "title"))
    if not others:
        parts.append(Text(_("You are signed in on this device alone."), "supporting"))
    parts += [keyed(one.session_id, SessionCard, one, ended) for one in others]
    if len(others) > 1:
        parts.append(EndOthers(len(others), ended))
    return stacked(parts)


@component
def SessionCard(session: SignInSession, ended: Callable[[int], None]) -> ft.Control:
    """What kind of device, since when, and when it was used last."""
    services, look = use_services(), use_look()

    async def end() -> None:
        await services.sessions.end(session.session_id)
        ended(1)

    icon = ICONS.get(session.kind, ft.Icons.DEVICES_OTHER_ROUNDED)
    head = ft.Row(
        [
            ft.Icon(icon, size=look.icon(24)),
            ft.Container(Text(device_words(session), "title_small"), expand=True),
        ],
        spacing=12,
    )
    lines = [Text(line, "supporting") for line in when_words(session)]
    if session.current:
        return Card(head, Text(_("This device"), "label", look.palette.primary), *lines)
    question = Question(_("End this sign-in?"), _("Yes, end it"), _("Leave it"), end)
    return Card(head, *lines, Asked(_("End it"), question))


@component
def EndOthers(count: int, ended: Callable[[int], None]) -> ft.Control:
    """Ends every sign-in but this one, after one question."""
    services = use_services()

    async def end() -> None:
        ended(await services.sessions.end_others())

    label = ngettext("End {n} other sign-in", "End all {n} other sign-ins", count)
    question = Question(_("End all others?"), _("Yes, end all"), _("Leave them"), end)
    return Asked(label, question)


@dataclass(frozen=True, slots=True)
class Question:
    """A question before something that cannot be undone: its words and what yes does."""

    ask: str
    yes: str
    no: str
    act: Callable[[], Awaitable[None]]


@component
def Asked(label: str, question: Question) -> ft.Control:
    """A button that asks once, there where it stands."""
    asking, set_asking = use_state(False)
    acting = use_action(question.act)
    if not asking:
        return ft.Row([OutlineButton(label, lambda e: set_asking(True), danger=True)], wrap=True)
    yes = _("Ending…") if acting.running else question.yes
    return stacked(
        [
            ft.Semantics(live_region=True, content=Text(question.ask, "label")),
            *([ErrorPanel(acting.error)] if acting.error else []),
            ft.Row(
                [
                    OutlineButton(yes, acting, danger=True),
                    LinkButton(question.no, lambda e: set_asking(False)),
                ],
                wrap=True,
                spacing=8,
                run_spacing=8,
            ),
        ],
        8,
    )


def device_words(session: SignInSession) -> str:
    """`Điện thoại Android`, `Trình duyệt trên Windows`."""
    if session.kind == "persona":
        return _("Support staff, as you in the sandbox")
    platform = PLATFORMS.get(session.platform, "")
    if not platform:
        bare = {"browser": _("Browser"), "phone": _("Phone"), "computer": _("Computer")}
        return bare.get(session.kind, _("Another program"))
    words = {
        "browser": _("Browser on {platform}"),
        "phone": _("{platform} phone"),
        "computer": _("{platform} computer"),
    }
    return words.get(session.kind, _("Program on {platform}")).format(platform=platform)


def when_words(session: SignInSession) -> list[str]:
    """Since when, and when it was used last."""
    lines = []
    if session.signed_in is not None:
        lines.append(_("Signed in {time}").format(time=show_moment(session.signed_in)))
    if session.last_seen is not None and not session.current:
        lines.append(_("Last used {time}").format(time=show_moment(session.last_seen)))
    return lines
