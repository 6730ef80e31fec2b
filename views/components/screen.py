"""A screen: header, what scrolls, and a foot with the main button."""

from collections.abc import Awaitable, Callable

import flet as ft

from app.hooks import component, use_look
from app.text import _
from app.theme import Look, style
from views.components.buttons import IconAction

Handler = Callable[..., Awaitable[None]] | Callable[..., None]

CONTENT_WIDTH = 800


@component
def Screen(
    title: str,
    *content: ft.Control,
    subtitle: str = "",
    back: str | Handler | None = None,
    close: bool = False,
    actions: tuple[ft.Control, ...] = (),
    strip: ft.Control | None = None,
    progress: ft.Control | None = None,
    foot: tuple[ft.Control, ...] = (),
    floating: ft.Control | None = None,
    wide: bool = False,
) -> ft.Control:
    """`back` is the address of the parent, or how to get there; a root screen has none. The foot is pinned, unless text is large.

    `wide` lets the content use the whole width (two panes); otherwise it is at most 800 dp.
    """
    look = use_look()
    pinned = bool(foot) and not look.large_text
    inside = [*content, *(() if pinned else foot)]
    body: ft.Control
    if wide:
        body = ft.Container(ft.Column(inside, expand=True, spacing=12), expand=True)
    else:
        body = _scrolling(inside, look)
    if floating is not None:
        body = ft.Stack(
            [body, ft.Container(floating, right=look.margin, bottom=16)],
            expand=True,
            fit=ft.StackFit.EXPAND,
        )
    parts: list[ft.Control] = [_header(title, subtitle, back, close, actions, look)]
    parts += [part for part in (progress, strip) if part is not None]
    parts.append(body)
    if pinned:
        parts.append(_foot(foot, look))
    return ft.Column(parts, spacing=0, expand=True)


@component
def StepProgress(step: int, steps: int) -> ft.Control:
    """How far a form has come: one bar a step."""
    look = use_look()
    palette = look.palette
    bars: list[ft.Control] = [
        ft.Container(
            height=6,
            border_radius=3,
            expand=True,
            bgcolor=palette.primary if n < step else palette.surface_container_highest,
        )
        for n in range(steps)
    ]
    spoken = _("Step {n} of {total}").format(n=step, total=steps)
    return ft.Semantics(
        label=spoken,
        exclude_semantics=True,
        content=ft.Container(
            ft.Row(bars, spacing=8),
            padding=ft.Padding.symmetric(horizontal=look.margin, vertical=4),
        ),
    )


@component
def OpenBuildLabel() -> ft.Control:
    """Says that this build is open and not official."""
    look = use_look()
    return ft.Container(
        ft.Text(
            _("Open build · not official"),
            style=style("label_medium", min(look.scale, 1.3), look.palette.on_surface),
        ),
        padding=ft.Padding.symmetric(horizontal=12, vertical=6),
        border_radius=8,
        border=ft.Border.all(1, look.palette.outline),
    )


def _header(
    title: str,
    subtitle: str,
    back: str | Handler | None,
    close: bool,
    actions: tuple[ft.Control, ...],
    look: Look,
) -> ft.Control:
    async def go_to_parent() -> None:
        await ft.context.page.push_route(str(back))

    go_back = go_to_parent if isinstance(back, str) else back

    icon = ft.Icons.CLOSE_ROUNDED if close else ft.Icons.ARROW_BACK_ROUNDED
    name = _("Close") if close else _("Back")
    leading = [IconAction(icon, name, go_back)] if go_back is not None else []
    capped = min(look.scale, 1.35)
    size = "title_large" if back is not None else "headline_small"
    words: list[ft.Control] = [
        ft.Semantics(
            heading_level=1,
            header=True,
            content=ft.Text(title, style=style(size, capped, look.palette.on_surface)),
        )
    ]
    if subtitle:
        words.append(
            ft.Text(subtitle, style=style("body_medium", capped, look.palette.on_surface_variant))
        )
    label = [] if look.compact else [OpenBuildLabel()]
    return ft.Container(
        ft.Row(
            [*leading, ft.Column(words, spacing=0, tight=True, expand=True), *label, *actions],
            spacing=8,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        padding=ft.Padding.only(
            left=look.margin if back is None else max(4, look.margin - 12),
            right=max(8, look.margin - 8),
            top=12,
            bottom=8,
        ),
    )


def _scrolling(inside: list[ft.Control], look: Look) -> ft.Control:
    column = ft.Column(
        inside, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )
    width = min(CONTENT_WIDTH, max(look.width - (0 if look.compact else 105), 240))
    page = ft.Container(
        column,
        width=width,
        padding=ft.Padding.only(left=look.margin, right=look.margin, top=8, bottom=96),
    )
    return ft.Column(
        [page],
        scroll=ft.ScrollMode.AUTO,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.START,
    )


def _foot(foot: tuple[ft.Control, ...], look: Look) -> ft.Control:
    width = min(CONTENT_WIDTH, max(look.width - (0 if look.compact else 105), 240))
    return ft.Container(
        ft.Container(
            ft.Column(
                list(foot),
                spacing=8,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
            width=width,
            padding=ft.Padding.symmetric(horizontal=look.margin, vertical=12),
        ),
        border=ft.Border.only(top=ft.BorderSide(1, look.palette.outline_variant)),
        bgcolor=look.palette.surface,
        alignment=ft.Alignment.CENTER_LEFT,
    )
