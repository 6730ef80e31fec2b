"""The requests beside a step: how each ended, how long it took, and everything known of the one chosen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import flet as ft

from app.hooks import component, use_look, use_state
from app.replay.exchanges import Exchange
from app.text import _, ngettext, show_second
from app.theme import Look, style
from services.diagnostics.har import GIVEN_UP
from views.components import Heading, LinkButton, Tappable, Text, keyed
from views.components.stand_in import StandInBox, stand_in_word

Choose = Callable[[int], None]
MONO = "monospace"
NOTHING: int | None = None


@component
def RequestList(exchanges: Sequence[Exchange], step: int, scroll: bool) -> ft.Control:
    """The requests up to a step, its own marked; below them the one chosen, at first the last that failed."""
    chosen, set_chosen = use_state(NOTHING)
    everything, set_everything = use_state(False)
    begun = [one for one in exchanges if one.step <= step]
    shown = [one for one in begun if everything or not one.secondary]
    at_first = next((one for one in reversed(shown) if one.failed), next(reversed(shown), None))
    open_ = next((one for one in shown if one.number == chosen), at_first)

    async def turn() -> None:
        set_everything(not everything)

    rows = [
        keyed(one.number, RequestRow, one, one is open_, one.step == step, set_chosen)
        for one in shown
    ]
    look = use_look()
    wraps = look.large_text or look.compact
    hidden = len(begun) - len(shown)
    parts: list[ft.Control] = [_head(len(begun), hidden, everything, turn, wraps)]
    parts.append(_card(rows) if rows else Text(_("No request up to this step."), "supporting"))
    if open_ is not None:
        parts.append(keyed(open_.number, RequestDetails, open_, _again(open_, exchanges)))
    return ft.Column(
        parts,
        spacing=12,
        scroll=ft.ScrollMode.AUTO if scroll else None,
        expand=scroll,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@component
def RequestRow(one: Exchange, chosen: bool, of_step: bool, choose: Choose) -> ft.Control:
    """Method, path, status and time; brick where it failed."""
    look = use_look()
    palette = look.palette

    async def show() -> None:
        choose(one.number)

    fill = palette.error_container if one.failed else palette.surface_container_low
    ink = palette.on_error_container if one.failed else palette.on_surface
    return ft.Semantics(
        selected=chosen,
        content=Tappable(
            _row(one, of_step, ink, look), show, palette, row=True, padding=14, bgcolor=fill
        ),
    )


@component
def RequestDetails(one: Exchange, again: Exchange | None) -> ft.Control:
    """How it ended in words, when it was tried again, whose stand-ins it carries, its reference."""
    look = use_look()
    title = _("{method} {path} at {time}").format(
        method=one.method, path=one.path.partition("?")[0], time=show_second(one.moment)
    )
    facts = [(_("Result"), _result(one)), (_("Tried again"), _tried(one, again))]
    facts.append((_("Step"), str(one.step)))
    if reference := one.reference:
        facts.append((_("Request reference"), reference))
    named = [StandInBox(stand_in_word(name)) for name in one.stand_ins]
    rows: list[ft.Control] = [Heading(title, 3, "title_small")]
    rows += [_fact(name, Text(value), look) for name, value in facts if value]
    if named:
        rows.append(_fact(_("Stand-ins"), ft.Row(named, wrap=True, spacing=8), look))
    return _card([ft.Container(ft.Column(rows, spacing=10, tight=True), padding=16)])


def _head(
    count: int, hidden: int, everything: bool, turn: Callable[..., Awaitable[None]], wraps: bool
) -> ft.Control:
    said = ngettext("{n} request", "{n} requests", count)
    aside = ngettext("{n} side request hidden", "{n} side requests hidden", hidden)
    label = _("Hide side requests") if everything else aside
    switch = [LinkButton(label, turn, ft.Icons.FILTER_LIST_ROUNDED)] if hidden or everything else []
    if wraps:
        return ft.Row([Heading(said), *switch], wrap=True)
    return ft.Row([ft.Container(Heading(said), expand=True), *switch])


def _row(one: Exchange, of_step: bool, ink: str, look: Look) -> ft.Control:
    palette = look.palette
    icon = ft.Icons.ERROR_ROUNDED if one.failed else ft.Icons.CHECK_CIRCLE_ROUNDED
    color = palette.error if one.failed else palette.primary
    weight = ft.FontWeight.W_700 if of_step else ft.FontWeight.W_400
    mono = style("body_medium", look.scale, ink)
    mono.font_family, mono.weight = MONO, weight
    status = str(one.status) if one.status else _("none")
    took = _("{n} s").format(n=f"{one.seconds:.1f}".replace(".", ","))
    parts: list[ft.Control] = [
        ft.Icon(icon, color=color, size=look.icon(20)),
        ft.Text(one.method, style=mono, width=None if look.large_text else 64),
        ft.Text(one.path, style=mono, expand=not look.large_text, max_lines=2),
        Text(status, "label", ink),
        Text(took, "supporting", ink),
    ]
    return ft.Row(parts, spacing=10, wrap=look.large_text)


def _result(one: Exchange) -> str:
    if not one.status:
        if one.error == GIVEN_UP:
            return _("not finished")
        return _("no answer: {error}").format(error=one.error)
    kind = str(one.problem.get("type") or "").rstrip("/").rpartition("/")[2]
    return f"{one.status}, {kind}" if kind else str(one.status)


def _tried(one: Exchange, again: Exchange | None) -> str:
    if again is None:
        return _("not again") if one.failed else ""
    how = _("in vain") if again.failed else _("with success")
    return _("at {time}, {how}").format(time=show_second(again.moment), how=how)


def _again(one: Exchange, exchanges: Sequence[Exchange]) -> Exchange | None:
    return next((other for other in exchanges if other.number == one.again), None)


def _fact(name: str, value: ft.Control, look: Look) -> ft.Control:
    if look.large_text or look.compact:
        return ft.Column([Text(name, "supporting"), value], spacing=2, tight=True)
    return ft.Row(
        [ft.Container(Text(name, "supporting"), width=140), ft.Container(value, expand=True)],
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _card(rows: Sequence[ft.Control]) -> ft.Control:
    lined: list[ft.Control] = []
    for row in rows:
        lined += [row, ft.Divider(height=1)]
    return ft.Container(
        ft.Column(
            lined[:-1], spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
        ),
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=16,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )
