"""Following a report of somebody else, with a way back."""

import flet as ft

from app.hooks import component, use_action, use_revisions, use_services, use_state
from app.text import _, ngettext
from services.service_requests import ServiceRequest
from views.components import ErrorPanel, LinkButton, Note, Text, stacked


@component
def FollowLine(request: ServiceRequest) -> ft.Control:
    """Whether news of the report comes, and the button to change that.

    A change shows at once and can be undone; one's own report always sends its news.
    """
    services, revisions = use_services(), use_revisions()
    following, set_following = use_state(request.following)
    changed, set_changed = use_state(False)

    def known() -> None:
        set_following(request.following)

    ft.use_effect(known, [request.following])

    async def change(follow: bool) -> None:
        act = services.service_requests.follow if follow else services.service_requests.unfollow
        await act(request.service_request_id)
        set_following(follow)
        revisions.service_requests += 1
        revisions.outbox += 1

    async def toggle() -> None:
        await change(not following)
        set_changed(True)

    async def take_back() -> None:
        await change(not following)
        set_changed(False)

    toggling, undoing = use_action(toggle), use_action(take_back)
    if following:
        button = LinkButton(_("Following, stop"), toggling, ft.Icons.NOTIFICATIONS_ACTIVE_OUTLINED)
    else:
        button = LinkButton(_("Follow"), toggling, ft.Icons.NOTIFICATIONS_NONE_ROUNDED)
    parts: list[ft.Control] = [ft.Row([button], wrap=True)]
    if changed:
        words = _("You get the news of this report.") if following else _("You get no more news.")
        parts.append(Note(words, action=LinkButton(_("Undo"), undoing), live=True))
    failed = toggling.error or undoing.error
    parts += [ErrorPanel(failed)] if failed else []
    return stacked(parts, 8)


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
