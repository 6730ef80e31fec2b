"""Words for six digits just chosen: a PIN, or a certificate's passcode."""

from app.text import _
from services.lock import Flaw


def flaw_words(flaw: Flaw) -> str:
    """What to mend; nothing when nothing is wrong."""
    return {
        "": "",
        "length": _("Type six digits."),
        "easy": _("Too easy to guess. Do not use 111111 or 123456."),
        "different": _("The two are not the same. Type them again."),
    }[flaw]
