"""The words of areas, reasons and kinds of what is kept."""

from app.text import _, ngettext
from services.privacy import Tally


def reason_word(code: str) -> str:
    """Why something stays; an unknown reason says that the law does."""
    table = {
        "public_record": _("Public reports stay, without your name, photos and words to officers."),
        "office_record": _("What officers did is the office's own record."),
        "certificate_register": _(
            "The register of issued certificates, so that each can be checked (Law 107/2025)."
        ),
        "accounting": _("Accounting documents of payments (Law 88/2015)."),
        "population_register": _("What the population register says; this is only its copy."),
        "card_safety": _("Hours your card was signed for, so that gates refuse it. No name."),
        "ended_sign_ins": _("Your ended sign-ins, so that they are refused. No name."),
        "erasure_receipt": _("That the erasure was done. No name."),
    }
    return table.get(code, _("The law asks for it to be kept."))


def kept_words(tally: Tally) -> str:
    """Why, and for how long."""
    reason = reason_word(tally.reason)
    if not tally.days:
        return reason
    years = round(tally.days / 365.25)
    time = (
        ngettext("Kept for {n} year.", "Kept for {n} years.", years)
        if years
        else ngettext("Kept for {n} day.", "Kept for {n} days.", tally.days)
    )
    return f"{reason} {time}"


def items_word(number: int) -> str:
    """How many things."""
    return ngettext("{n} item", "{n} items", number)


def kind_word(kind: str) -> str:
    """What a kind of what lies on the device is called."""
    table = {
        "unsent": _("Report photos, drafts, not sent yet"),
        "saved": _("Saved records, encrypted"),
        "recorded": _("Log for support"),
        "tied": _("Card and keys of this device"),
    }
    return table[kind]


def kind_effect(kind: str) -> str:
    """What follows from erasing it here."""
    table = {
        "unsent": _("Nobody else has these. They are gone for good."),
        "saved": _("Loaded again when you open them with a network."),
        "recorded": _("A support bundle then has nothing to say of today."),
        "tied": _("Add the card here again; links you made show no code any more."),
    }
    return table[kind]
