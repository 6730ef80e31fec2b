"""Design tokens: the type and spacing of the design guide, and the Material theme of its colours.

A view takes the extra roles lake, lotus and hero from `Look.palette`; every other is an `ft.Colors` name.
"""

from dataclasses import dataclass

import flet as ft

from app.palettes import DARK, HIGH_DARK, HIGH_LIGHT, LIGHT, QR_DARK, QR_LIGHT, Palette

__all__ = [
    "DARK",
    "HIGH_DARK",
    "HIGH_LIGHT",
    "LIGHT",
    "QR_DARK",
    "QR_LIGHT",
    "Look",
    "Palette",
    "focus_ring",
    "style",
    "theme",
]

FONT = "Be Vietnam Pro"

MARGIN = 16
WIDE_MARGIN = 32
TARGET = 48
BUTTON_HEIGHT = 52
COMPACT_BELOW = 600
EXPANDED_FROM = 1240
LABEL_SCALE = 1.3
WIDEST_LABEL = 72
"""The width in dp of the longest label of the navigation at 100 %, with air beside it."""


_EXTRA = ("lake", "lotus", "hero")

_STYLES = {
    "display_large": (48, 55, 600),
    "headline_large": (28, 36, 600),
    "headline_small": (24, 32, 600),
    "title_large": (20, 28, 600),
    "title_medium": (17, 24, 600),
    "body_large": (16, 24, 400),
    "body_medium": (15, 22, 400),
    "body_small": (14, 20, 400),
    "label_large": (16, 22, 600),
    "label_medium": (14, 20, 500),
    "label_small": (14, 20, 500),
}


@dataclass(frozen=True, slots=True)
class Look:
    """How this session draws: colours, text scale (1.0-2.0) and the window's width in dp."""

    palette: Palette
    scale: float
    width: float
    still: bool = False
    """Whether what moves for its own sake stands still."""

    @property
    def compact(self) -> bool:
        """A phone's width: navigation bar, one pane."""
        return self.width < COMPACT_BELOW

    @property
    def expanded(self) -> bool:
        """A desktop's width: rail and two panes."""
        return self.width >= EXPANDED_FROM

    @property
    def large_text(self) -> bool:
        """Text so large that rows become columns."""
        return self.scale >= 1.5

    @property
    def margin(self) -> int:
        """The page's margin at the left and right, in dp."""
        return MARGIN if self.compact else WIDE_MARGIN

    def icon(self, size: float = 24) -> float:
        """An icon's size beside text: it grows by half at most."""
        return size * min(self.scale, 1.5)


def theme(palette: Palette, scale: float, width: float = 412) -> ft.Theme:
    """The Material theme of a palette, with every text style multiplied by `scale`.

    `width` in dp says how large the navigation bar's labels may grow without wrapping.
    """
    bar_scale = min(LABEL_SCALE, max(1.0, width / 5 / WIDEST_LABEL))
    return ft.Theme(
        font_family=FONT,
        color_scheme=_color_scheme(palette),
        text_theme=ft.TextTheme(**{name: style(name, scale) for name in _STYLES}),
        scaffold_bgcolor=palette.surface,
        use_material3=True,
        visual_density=ft.VisualDensity.STANDARD,
        page_transitions=_no_transitions(),
        focus_color=ft.Colors.with_opacity(0.24, palette.on_surface),
        filled_button_theme=ft.FilledButtonTheme(_ringed(palette)),
        outlined_button_theme=ft.OutlinedButtonTheme(
            _ringed(palette, ft.BorderSide(1, palette.outline))
        ),
        text_button_theme=ft.TextButtonTheme(_ringed(palette)),
        icon_button_theme=ft.IconButtonTheme(_ringed(palette)),
        navigation_bar_theme=_bar_theme(palette, min(scale, bar_scale)),
        navigation_rail_theme=ft.NavigationRailTheme(
            selected_label_text_style=style(
                "label_medium", min(scale, LABEL_SCALE), palette.on_surface
            ),
            unselected_label_text_style=style(
                "label_medium", min(scale, LABEL_SCALE), palette.on_surface_variant
            ),
        ),
    )


def style(name: str, scale: float = 1.0, color: str | None = None) -> ft.TextStyle:
    """A text style of the guide's table (section 3) at a scale."""
    size, line, weight = _STYLES[name]
    return ft.TextStyle(
        size=size * scale,
        height=line / size,
        weight=ft.FontWeight(f"w{weight}"),
        font_family=FONT,
        letter_spacing=0,
        color=color,
    )


def _color_scheme(palette: Palette) -> ft.ColorScheme:
    roles = {
        name: getattr(palette, name)
        for name in palette.__slots__
        if not any(extra in name for extra in _EXTRA)
    }
    return ft.ColorScheme(**roles, surface_container_lowest=palette.surface_container_low)


def focus_ring(palette: Palette, *, inside: bool = False) -> ft.BorderSide:
    """3 px in `on_surface`, 3 px outside the control, or along the inside of its edge."""
    # A stroke of width w at alignment a reaches from w(a-1)/2 to w(a+1)/2 outside the edge.
    return ft.BorderSide(3, palette.on_surface, stroke_align=-1 if inside else 3)


def _ringed(palette: Palette, rest: ft.BorderSide | None = None) -> ft.ButtonStyle:
    nothing = ft.BorderSide(0, ft.Colors.TRANSPARENT, style=ft.BorderStyle.NONE)
    return ft.ButtonStyle(
        side={
            ft.ControlState.FOCUSED: focus_ring(palette),
            ft.ControlState.DEFAULT: rest or nothing,
        }
    )


def _bar_theme(palette: Palette, scale: float) -> ft.NavigationBarTheme:
    return ft.NavigationBarTheme(
        bgcolor=palette.surface_container,
        indicator_color=palette.secondary_container,
        label_text_style={
            ft.ControlState.SELECTED: style("label_medium", scale, palette.on_surface),
            ft.ControlState.DEFAULT: style("label_medium", scale, palette.on_surface_variant),
        },
    )


def _no_transitions() -> ft.PageTransitionsTheme:
    none = ft.PageTransitionTheme.NONE
    return ft.PageTransitionsTheme(android=none, ios=none, linux=none, macos=none, windows=none)
