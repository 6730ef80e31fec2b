"""The frame of the four steps: the prefilled form, the draft they share, what stands in the way."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from app import paths
from app.hooks import (
    Action,
    Failed,
    Ready,
    component,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    use_state,
)
from app.text import _, explain
from app.theme import style
from services.certificates import CertificateDraft, CertificateForm, Obstacle
from services.errors import SignInRequired
from views.certificates.step_up import StepUp
from views.certificates.words import obstacle_words
from views.components import Loaded, MainButton, Note, Screen, StepProgress
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

    @property
    def register_down(self) -> bool:
        """Whether the register is known not to answer at present."""
        return any(one.code == HARMLESS for one in self.form.blocked_by)

    async def go(self, path: str, step: int = 1) -> None:
        """Keep the draft, with the step now reached, then leave for an address."""
        if step > self.slate.latest.step:
            self.change(step=step)
        await self.keeping.run()
        await ft.context.page.push_route(path)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a step begins with: the form, and the draft that was kept or a new one."""

    form: CertificateForm
    draft: CertificateDraft


def use_applying(opened: Opened) -> Applying:
    """Work on an opened draft; what was typed last is written even when the screen is left."""
    services = use_services()
    kept = use_drafting(opened.draft, services.certificates.save_draft)
    return Applying(opened.form, kept.draft, kept.slate, kept.change, kept.keeping)


@component
def ApplyStep(draw: Callable[[Opened], ft.Control], step: int) -> ft.Control:
    """Fetch the form and open the draft, then draw a step with them, or say why one cannot apply."""
    services, revisions = use_services(), use_revisions()

    async def open_form() -> Opened:
        form, draft = await asyncio.gather(
            services.certificates.form(), services.certificates.draft()
        )
        return Opened(form, draft or CertificateDraft())

    async def to_list() -> None:
        revisions.certificates += 1
        await ft.context.page.push_route(paths.CERTIFICATES)

    opened = use_resource(open_form)
    if isinstance(opened, Ready):
        obstacles = [one for one in opened.value.form.blocked_by if one.code != HARMLESS]
        return Blocked(obstacles) if obstacles else draw(opened.value)
    waiting: ft.Control = Loaded(opened, lambda found: ft.Container())
    if isinstance(opened, Failed) and isinstance(opened.error, SignInRequired):
        waiting = StepUp(opened.error, address_of_step(step), opened.retry)
    return Screen(certificate_title(), waiting, back=to_list)


@component
def Blocked(obstacles: list[Obstacle]) -> ft.Control:
    """Why one cannot apply now, with the way to what has to end first."""
    current = next((one.application_id for one in obstacles if one.application_id), None)
    target = paths.certificate(current) if current else paths.CERTIFICATES

    async def go() -> None:
        await ft.context.page.push_route(target)

    label = _("Open the one in process") if current else _("Back to my certificates")
    notes = [Note(*obstacle_words(one), "tertiary", ft.Icons.INFO_ROUNDED) for one in obstacles]
    return Screen(
        certificate_title(), *notes, back=paths.CERTIFICATES, foot=(MainButton(label, go),)
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
        certificate_title(),
        *content,
        subtitle=step_title(step),
        back=back,
        progress=StepProgress(step, STEPS),
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
