"""The words of requests about one's data, for who asks and who answers."""

from app.text import _


def area_word(code: str) -> str:
    """What a part of the city's data is called; an unknown one as it came."""
    table = {
        "reports": _("Reports, photos, inbox"),
        "health": _("Health record and shares"),
        "certificates": _("Criminal record certificates"),
        "cards": _("Card, trips, parking"),
        "consents": _("What you agreed to"),
        "support": _("Support bundles and messages"),
        "sign_in": _("Sign-ins and devices"),
        "rights": _("Requests about your data"),
    }
    return table.get(code, code)


def wishes() -> tuple[tuple[str, str], ...]:
    """What may be asked: the codes and their words."""
    return (
        ("correct", _("Correct something")),
        ("restrict", _("Use it less")),
        ("object", _("Do not use it")),
    )


def wish_word(code: str) -> str:
    """What is asked; an unknown one as it came."""
    return dict(wishes()).get(code, code)
