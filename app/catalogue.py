"""Messages in the session's language, from gettext catalogues.

They are written in English in the code and translated in `assets/locale/<language>/`; `make locale`
builds the file that ships.
"""

import gettext as _gettext
from functools import lru_cache
from pathlib import Path

import flet as ft

LOCALE_FOLDER = Path(__file__).parent.parent / "assets" / "locale"


def language() -> str:
    """The language of the session whose event or render is running: `vi` or `en`."""
    try:
        configuration = ft.context.page.locale_configuration
    except (AttributeError, RuntimeError):
        return "vi"
    locale = configuration.current_locale if configuration else None
    return locale.language_code if locale else "vi"


def _(message: str) -> str:
    """The message in the session's language."""
    return _catalogue(language()).gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The form for `n`, with `{n}` filled in."""
    return _catalogue(language()).ngettext(singular, plural, n).format(n=n)


@lru_cache(maxsize=4)
def _catalogue(code: str) -> _gettext.NullTranslations:
    return _gettext.translation("ihanoi", LOCALE_FOLDER, [code], fallback=code == "en")
