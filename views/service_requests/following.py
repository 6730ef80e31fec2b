"""Following a report of somebody else, with a way back."""

import flet as ft

from app.hooks import Action, component, use_action, use_revisions, use_services, use_state
from app.text import _, ngettext
from services.service_requests import ServiceRequest
from views.components import ErrorPanel, LinkButton, Note, Text, stacked, use_asking


@component
def FollowLine(request: ServiceRequest) -> ft.Control:
    """Whether news of the report comes, and the button to change that.

    A change shows at once and can be undone; one's own report always sends its news.
    """
    services, revisions = use_services(), use_revisions()
    following, set_following = use_state(request.following)
    changed, set_changed = use_state(False)
    asking = use_asking("follow_notices")

    def known() -> None:
        set_following(request.following)

    ft.use_effect(known, [request.following])

    async def change(follow: bool) -> None:
        act = services.service_requests.follow if follow else services.service_requests.unfollow
        await act(request.service_request_id)
        set_following(follow)
        revisions.service_requests += 1
        revisions.outbox += 1

    async def turn() -> None:
        await change(not following)
        set_changed(True)

    async def toggle() -> None:
        if following:
            await turn()
        else:
            await asking.first(turn)

    async def take_back() -> None:
        await change(not following)
        set_changed(False)

    toggling, undoing = use_action(toggle), use_action(take_back)
    failed = toggling.error or undoing.error
    return stacked(
        [
            ft.Row([_button(following, toggling)], wrap=True),
            *asking.panel,
            *([_changed(following, undoing)] if changed else []),
            *([ErrorPanel(failed)] if failed else []),
        ],
        8,
    )


def _button(following: bool, toggle: Action) -> ft.Control:
    if following:
        return LinkButton(_("Following, stop"), toggle, ft.Icons.NOTIFICATIONS_ACTIVE_OUTLINED)
    return LinkButton(_("Follow"), toggle, ft.Icons.NOTIFICATIONS_NONE_ROUNDED)


def _changed(following: bool, undo: Action) -> ft.Control:
    words = _("You get the news of this report.") if following else _("You get no more news.")
    return Note(words, action=LinkButton(_("Undo"), undo), live=True)


@component
def Followers(request: ServiceRequest) -> ft.Control:
    """How many others wait for the same."""
    if not request.followers:
        return ft.Container(height=0)
    words = ngettext("{n} person follows this.", "{n} people follow this.", request.followers)
    return Text(words, "supporting")


def may_follow(request: ServiceRequest, extended: bool, signed_in: bool) -> bool:
    """Whether following makes sense: somebody else's report, in a city that knows following."""
    return extended and signed_in and not request.mine
