"""A verdict in words: what it is, and what an inspector does then."""

from app.text import _
from services.card_inspection import Inspected


def verdict_words(found: Inspected) -> tuple[str, str]:
    """The phrase and the sentence of a gate's verdict or of a card's state."""
    words = {
        "accepted": (_("Good."), _("The code is genuine and of this moment.")),
        "active": (_("Good."), _("The card is valid today. Compare the holder on the screen.")),
        "malformed": (_("Not a card code."), _("Take the picture again, or type the number.")),
        "unknown_key": (
            _("Not good: unknown issuer."),
            _("The code was not made for this city's cards."),
        ),
        "too_old": (
            _("Not good: too old."),
            _("It may be a photograph. Ask for the code on the screen."),
        ),
        "too_new": (
            _("Not good: from the future."),
            _("Check the clock of this device, then try again."),
        ),
        "expired": (_("Not good: expired."), _("The card's last day has passed.")),
        "revoked": (
            _("Not good: blocked or moved."),
            _("The card is blocked, or it is on another device now."),
        ),
        "wrong_product": (_("Not good: another product."), _("It does not cover this ride.")),
        "forged": (_("Not good: forged."), _("The city did not sign this code.")),
        "not_yet_valid": (_("Not good: not yet valid."), _("The card begins on a later day.")),
        "blocked": (_("Not good: blocked."), _("Its holder or the hotline had it blocked.")),
    }
    return words.get(found.word, (_("Not good."), found.word))


def reason_name(reason: str) -> str:
    """Why the hotline blocks a card."""
    names = {"lost": _("Lost"), "stolen": _("Stolen"), "misused": _("Misused")}
    return names.get(reason, reason)
