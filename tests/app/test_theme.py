"""The colour roles: every pair that carries text can be read."""

import pytest

from app.theme import DARK, HIGH_DARK, HIGH_LIGHT, LIGHT, QR_DARK, QR_LIGHT, Palette, style, theme

TEXT_PAIRS = [
    *[
        (role, f"on_{role}")
        for role in (
            "primary",
            "primary_container",
            "secondary",
            "secondary_container",
            "tertiary",
            "tertiary_container",
            "error",
            "error_container",
            "lake",
            "lake_container",
            "lotus",
            "lotus_container",
            "hero",
            "surface",
            "inverse_surface",
        )
    ],
    ("hero", "on_hero_variant"),
    *[
        (surface, ink)
        for surface in (
            "surface",
            "surface_container_low",
            "surface_container",
            "surface_container_high",
            "surface_container_highest",
        )
        for ink in ("on_surface", "on_surface_variant")
    ],
    ("surface", "primary"),
    ("surface_container_low", "primary"),
    ("surface_container_low", "error"),
    ("surface_container_low", "tertiary"),
    ("inverse_surface", "inverse_primary"),
]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("pair", TEXT_PAIRS, ids="/".join)
def test_text_has_enough_contrast(palette: Palette, pair: tuple[str, str]) -> None:
    """A resident aged 78 reads it in the sun: 4.5:1 or more (WCAG 1.4.3)."""
    assert contrast(getattr(palette, pair[0]), getattr(palette, pair[1])) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("surface", ["surface", "surface_container_low"])
def test_the_edge_of_a_control_can_be_seen(palette: Palette, surface: str) -> None:
    """A field whose border cannot be seen is not found: 3:1 or more (WCAG 1.4.11)."""
    assert contrast(getattr(palette, surface), palette.outline) >= 3


@pytest.mark.parametrize("palette", [HIGH_LIGHT, HIGH_DARK], ids=["light", "dark"])
@pytest.mark.parametrize("pair", TEXT_PAIRS, ids="/".join)
def test_high_contrast_text_has_seven_to_one(palette: Palette, pair: tuple[str, str]) -> None:
    """Who turned it on sees too little at 4.5:1 (WCAG 1.4.6)."""
    assert contrast(getattr(palette, pair[0]), getattr(palette, pair[1])) >= 7


@pytest.mark.parametrize("palette", [HIGH_LIGHT, HIGH_DARK], ids=["light", "dark"])
def test_with_high_contrast_every_edge_is_as_strong_as_text(palette: Palette) -> None:
    """Cards and dividers too: what is parted by a faint line is one blur."""
    for ground in ("surface", "surface_container_low"):
        for edge in (palette.outline, palette.outline_variant):
            assert contrast(getattr(palette, ground), edge) >= 7


def test_the_qr_code_is_dark_on_white_in_every_theme() -> None:
    """Cheap scanners read nothing else."""
    assert contrast(QR_DARK, QR_LIGHT) >= 16


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0])
def test_text_grows_with_the_setting_and_is_never_small(scale: float) -> None:
    """Flet has no text scale: the theme's styles carry it, and 14 is the least."""
    styles = theme(LIGHT, scale).text_theme
    assert styles is not None
    for name in ("body_large", "body_medium", "label_medium", "title_large"):
        size = getattr(styles, name).size
        assert size == style(name).size * scale  # type: ignore[operator]
        assert size >= 14


def contrast(one: str, other: str) -> float:
    """The WCAG 2 contrast ratio of two `#RRGGBB` colours."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
