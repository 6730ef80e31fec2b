"""What a resident may think of a result, in words and faces."""

import flet as ft

from app.text import _


def ratings() -> tuple[tuple[str, str, ft.IconData, ft.IconData], ...]:
    """(code, word, icon at rest, icon when chosen)."""
    icons = ft.Icons
    return (
        (
            "satisfied",
            _("Satisfied"),
            icons.SENTIMENT_SATISFIED_OUTLINED,
            icons.SENTIMENT_SATISFIED_ROUNDED,
        ),
        (
            "acceptable",
            _("Acceptable"),
            icons.SENTIMENT_NEUTRAL_OUTLINED,
            icons.SENTIMENT_NEUTRAL_ROUNDED,
        ),
        (
            "unsatisfied",
            _("Not good"),
            icons.SENTIMENT_DISSATISFIED_OUTLINED,
            icons.SENTIMENT_DISSATISFIED_ROUNDED,
        ),
    )


def rating_word(code: str) -> str:
    """`Hài lòng`; an unknown code as it came."""
    return next((word for known, word, *_icons in ratings() if known == code), code)
