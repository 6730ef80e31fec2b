"""Everything that can be pressed can be reached and seen from a keyboard."""

import ast
from pathlib import Path

import flet as ft
import pytest

from app.theme import DARK, LIGHT, Palette, focus_ring, theme
from views.components import Tappable

VIEWS = Path(__file__).parent.parent.parent / "views"
BARE = {"Container", "GestureDetector"}


def _bare_presses(source: str) -> list[int]:
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        call.lineno
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in BARE
        and any(word.arg in ("on_click", "on_tap") for word in call.keywords)
    ]


@pytest.mark.parametrize("path", sorted(VIEWS.rglob("*.py")), ids=lambda path: path.name)
def test_nothing_to_press_is_a_bare_box(path: Path) -> None:
    """A container that takes clicks shows no focus ring, so a keyboard's reader is lost on it."""
    assert _bare_presses(path.read_text("utf-8")) == []


def test_a_bare_box_would_be_noticed() -> None:
    """The rule above finds what it looks for."""
    assert _bare_presses("ft.Container(x, on_click=go)") == [1]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_the_focused_control_wears_the_guides_ring(palette: Palette) -> None:
    """Three pixels in the text's colour, three pixels outside: the guide, section 4."""
    drawn = Tappable(ft.Text("Thẻ"), lambda: None, palette)
    assert isinstance(drawn, ft.TextButton)
    assert drawn.style is not None
    assert isinstance(drawn.style.side, dict)
    ring = drawn.style.side[ft.ControlState.FOCUSED]
    assert (ring.width, ring.color) == (3, palette.on_surface)
    assert (ring.stroke_inset, ring.stroke_outset) == (-3, 6)
    assert focus_ring(palette, inside=True).stroke_outset == 0


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_the_bars_labels_follow_the_theme_and_stay_on_one_line(palette: Palette) -> None:
    """Black labels cannot be read in the dark, and a label of two lines is cut."""
    selected, resting = _bar_labels(palette, 412)
    assert (selected.color, resting.color) == (palette.on_surface, palette.on_surface_variant)
    assert 14 <= (selected.size or 0) <= 14 * 1.3
    assert _bar_labels(palette, 590)[0].size == pytest.approx(14 * 1.3)


def _bar_labels(palette: Palette, width: float) -> tuple[ft.TextStyle, ft.TextStyle]:
    bar = theme(palette, 2.0, width).navigation_bar_theme
    assert bar is not None
    styles = bar.label_text_style
    assert isinstance(styles, dict)
    return styles[ft.ControlState.SELECTED], styles[ft.ControlState.DEFAULT]
