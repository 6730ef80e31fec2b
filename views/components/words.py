"""Text in the guide's styles (design guide, section 3)."""

import flet as ft

STYLES = {
    "display": ft.TextThemeStyle.DISPLAY_LARGE,
    "headline": ft.TextThemeStyle.HEADLINE_LARGE,
    "headline_small": ft.TextThemeStyle.HEADLINE_SMALL,
    "title": ft.TextThemeStyle.TITLE_LARGE,
    "title_small": ft.TextThemeStyle.TITLE_MEDIUM,
    "body": ft.TextThemeStyle.BODY_LARGE,
    "supporting": ft.TextThemeStyle.BODY_MEDIUM,
    "label": ft.TextThemeStyle.LABEL_LARGE,
    "small_label": ft.TextThemeStyle.LABEL_MEDIUM,
}


def Text(
    words: str,
    style: str = "body",
    color: str | None = None,
    *,
    align: ft.TextAlign | None = None,
    max_lines: int | None = None,
    expand: bool | int | None = None,
) -> ft.Text:
    """Words in a style: display, headline, headline_small, title, title_small, body, supporting, label, small_label."""
    if color is None and style == "supporting":
        color = ft.Colors.ON_SURFACE_VARIANT
    return ft.Text(
        words,
        theme_style=STYLES[style],
        color=color or ft.Colors.ON_SURFACE,
        text_align=align or ft.TextAlign.START,
        max_lines=max_lines,
        overflow=ft.TextOverflow.ELLIPSIS if max_lines else ft.TextOverflow.CLIP,
        expand=expand,
    )


def stacked(parts: list[ft.Control], spacing: int = 12) -> ft.Column:
    """Controls below each other, each as wide as there is room; a field in it needs that."""
    return ft.Column(
        parts,
        spacing=spacing,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def Heading(words: str, level: int = 2, style: str = "title") -> ft.Semantics:
    """A heading that a screen reader can jump to."""
    return ft.Semantics(heading_level=level, header=True, content=Text(words, style))
