"""The frame of the four steps: the prefilled form, the draft they share, what stands in the way."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

import flet as ft

from app import paths
from app.hooks import (
    Action,
    Failed,
    Ready,
    component,
    use_action,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    use_state,
)
from app.text import _, explain, show_time
from app.theme import style
from services import Services
from services.certificates import CertificateDraft, CertificateForm, Obstacle
from services.errors import NotFound, SignInRequired
from views.certificates.step_up import StepUp
from views.certificates.words import obstacle_words
from views.components import (
    Loaded,
    MainButton,
    Note,
    OutlineButton,
    Screen,
    StepProgress,
    stacked,
)
from views.components.certificate_card import certificate_title
from views.components.drafting import FROM_REVIEW, Change, Slate, use_drafting

STEPS = 4
HARMLESS = "register_down"
"""The one obstacle that does not keep anybody from applying."""


@dataclass(frozen=True, slots=True)
class Applying:
    """A draft being worked on beside its form; `change(name=value, …)` changes and keeps it."""

    form: CertificateForm
    draft: CertificateDraft
    slate: Slate[CertificateDraft]
    change: Change
    keeping: Action
    keep: Callable[[], Awaitable[None]]
    as_of: datetime | None = None

    @property
    def register_down(self) -> bool:
        """Whether the register is known not to answer at present."""
        return any(one.code == HARMLESS for one in self.form.blocked_by)

    async def go(self, path: str, step: int = 1) -> None:
        """Keep the draft, with the step now reached, then leave for an address."""
        if step > self.slate.latest.step:
            self.change(step=step)
        await self.keep()
        await ft.context.page.push_route(path)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a step begins with: the form, and the draft that was kept or a new one.

    `as_of` is set when the form is a saved copy; `reload` reads both again.
    """

    form: CertificateForm
    draft: CertificateDraft
    waiting: bool = False
    as_of: datetime | None = None
    reload: Callable[[], None] = lambda: None


def use_applying(opened: Opened) -> Applying:
    """Work on an opened draft; what was typed last is written even when the screen is left."""
    services = use_services()
    kept = use_drafting(opened.draft, services.certificates.save_draft)
    return Applying(
        opened.form,
        kept.draft,
        kept.slate,
        kept.change,
        kept.keeping,
        kept.keep,
        opened.as_of,
    )


async def open_form(services: Services) -> Opened:
    """The draft, or a new one, and the form of whom it is about."""
    draft = await services.certificates.draft() or CertificateDraft()
    found = await services.certificates.form(draft.child_id)
    drafts = [
        (item, services.certificates.draft_of(item))
        for item in await services.certificates.waiting()
    ]
    waiting = any(one.child_id == draft.child_id for item, one in drafts if item.state != "failed")
    return Opened(found.value, draft, waiting, found.as_of)


@component
def ApplyStep(draw: Callable[[Opened], ft.Control], step: int) -> ft.Control:
    """Fetch the form and open the draft, then draw a step with them, or say why one cannot apply."""
    services, revisions = use_services(), use_revisions()
    turn, set_turn = use_state(0)

    def reload() -> None:
        set_turn(lambda before: before + 1)

    async def fetch() -> Opened:
        return replace(await open_form(services), reload=reload)

    async def to_list() -> None:
        revisions.certificates += 1
        await ft.context.page.push_route(paths.CERTIFICATES)

    async def begin_anew() -> None:
        await services.certificates.delete_draft()
        reload()

    opened = use_resource(fetch, turn)
    anew = use_action(begin_anew)
    if isinstance(opened, Ready):
        found = opened.value
        if found.waiting:
            return WaitsToBeSent()
        obstacles = hard_obstacles(found.form)
        choosing = step == 1 and bool(found.form.children)
        return Blocked(obstacles) if obstacles and not choosing else draw(found)
    waiting: ft.Control = Loaded(opened, lambda found: ft.Container())
    if isinstance(opened, Failed) and isinstance(opened.error, SignInRequired):
        waiting = StepUp(opened.error, address_of_step(step), opened.retry)
    elif isinstance(opened, Failed) and isinstance(opened.error, NotFound):
        # A child that is of age now, or no longer recorded: the draft leads nowhere.
        waiting = OutlineButton(_("Begin anew"), anew, ft.Icons.RESTART_ALT_ROUNDED)
    return Screen(certificate_title(), waiting, back=to_list)


def hard_obstacles(form: CertificateForm) -> list[Obstacle]:
    """What keeps one from applying."""
    return [one for one in form.blocked_by if one.code != HARMLESS]


@component
def Blocked(obstacles: list[Obstacle]) -> ft.Control:
    """Why one cannot apply now, with the way to what has to end first."""
    return Screen(certificate_title(), Obstacles(obstacles), back=paths.CERTIFICATES)


@component
def Obstacles(obstacles: list[Obstacle]) -> ft.Control:
    """What stands in the way, and the way to what has to end first."""
    current = next((one.application_id for one in obstacles if one.application_id), None)
    target = paths.certificate(current) if current else paths.CERTIFICATES

    async def go() -> None:
        await ft.context.page.push_route(target)

    label = _("Open the one in process") if current else _("Back to my certificates")
    notes = [Note(*obstacle_words(one), "tertiary", ft.Icons.INFO_ROUNDED) for one in obstacles]
    return stacked([*notes, MainButton(label, go)])


@component
def WaitsToBeSent() -> ft.Control:
    """An application for the same person waits in the outbox: a second one would be one too many."""

    async def go() -> None:
        await ft.context.page.push_route(paths.OUTBOX)

    sentence = _("It goes by itself when there is a network, once only. Then another can begin.")
    return Screen(
        certificate_title(),
        Note(_("Your application waits to be sent."), sentence, "tertiary"),
        back=paths.CERTIFICATES,
        foot=(MainButton(_("Open what waits"), go),),
    )


@component
def StepScreen(
    step: int,
    applying: Applying,
    content: list[ft.Control],
    foot: tuple[ft.Control, ...],
) -> ft.Control:
    """One step: title, progress, content and the pinned button; back goes one step back."""
    back_to = address_of_step(step - 1) if step > 1 else paths.CERTIFICATES

    revisions = use_revisions()

    async def back() -> None:
        await applying.go(back_to)
        revisions.certificates += 1

    return Screen(
        certificate_title(applying.draft.certificate_type),
        *content,
        subtitle=step_title(step),
        back=back,
        progress=StepProgress(step, STEPS),
        strip=saved_strip(applying.as_of),
        foot=(*foot, KeptLine(applying)),
    )


def address_of_step(step: int) -> str:
    """The address of step 1 to 4."""
    addresses = (
        paths.NEW_CERTIFICATE,
        paths.NEW_CERTIFICATE_DETAILS,
        paths.NEW_CERTIFICATE_DELIVERY,
        paths.NEW_CERTIFICATE_REVIEW,
    )
    return addresses[min(max(step, 1), STEPS) - 1]


def use_next(step: int) -> tuple[str, int]:
    """Where Continue leads and the step that is reached: back to the last one if it sent us."""
    from_review, _set = use_state(ft.context.page.route.endswith(FROM_REVIEW))
    following = STEPS if from_review else step + 1
    return address_of_step(following), following


def step_title(step: int) -> str:
    """`Bước 2/4 · Thông tin của bạn`."""
    names = (_("The form"), _("Your details"), _("How you get it"), _("Check and send"))
    return _("Step {n}/{total}").format(n=step, total=STEPS) + " · " + names[step - 1]


def saved_strip(as_of: datetime | None) -> ft.Control | None:
    """That what is shown is a saved copy; nothing when it is fresh."""
    if as_of is None:
        return None
    words = _("Showing the copy saved at {time}.").format(time=show_time(as_of))
    return Note(_("No network."), words, "tertiary", live=True, strip=True)


@component
def KeptLine(applying: Applying) -> ft.Control:
    """That the draft is kept, or why it could not be."""
    look = use_look()
    if applying.keeping.error is not None:
        return Note(_("The draft was not saved."), explain(applying.keeping.error), "error")
    ink = look.palette.on_surface_variant
    words = ft.Text(
        _("Saved by itself, you can go on later"), style=style("body_small", look.scale, ink)
    )
    return ft.Row(
        [ft.Icon(ft.Icons.SAVE_OUTLINED, size=look.icon(18), color=ink), words],
        spacing=8,
        alignment=ft.MainAxisAlignment.CENTER,
        wrap=True,
    )
