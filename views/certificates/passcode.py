"""The passcode of form No. 2: chosen twice, and never shown."""

import flet as ft

from app.hooks import component, use_look
from app.text import _
from services.lock import LENGTH, flaw_of
from views.certificates.steps import Applying
from views.components import Heading, Note, Text, TextBox, stacked
from views.components.six_digits import flaw_words


@component
def PasscodeFields(applying: Applying, repeated: str, repeat: object, error: str) -> ft.Control:
    """Six digits that open the certificate, typed twice; whoever forgets them applies anew."""
    scale = use_look().scale
    write = ft.use_callback(lambda text: applying.change(passcode=text), [])
    first = TextBox(
        _("Passcode, six digits"),
        applying.draft.passcode,
        write,
        max_length=LENGTH,
        error=error,
        scale=scale,
        digits=True,
        secret=True,
    )
    second = TextBox(
        _("The same passcode again"),
        repeated,
        repeat,  # type: ignore[arg-type]
        max_length=LENGTH,
        scale=scale,
        digits=True,
        secret=True,
    )
    keep = Note(
        _("Only you may know it."),
        _(
            "Nobody may ask you for it: no employer, no office, no officer. "
            "It cannot be read back; whoever forgets it applies anew."
        ),
        "tertiary",
        ft.Icons.LOCK_OUTLINE_ROUNDED,
    )
    return stacked(
        [
            Heading(_("A passcode for form No. 2"), 2, "title_small"),
            Text(_("You will need it each time you open the certificate.")),
            first,
            second,
            keep,
        ]
    )


def wrong_passcode(passcode: str, repeated: str) -> str:
    """What to mend in a passcode just chosen; nothing when it is good."""
    return flaw_words(flaw_of(passcode, repeated))
