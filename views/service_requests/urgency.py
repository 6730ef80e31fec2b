"""How urgent a report is: the resident may say so, else the city decides by the kind of problem."""

import flet as ft

from app.hooks import component
from app.text import _
from views.components import ChoiceChips, Heading, Note
from views.service_requests.drafting import Drafting


def urgencies() -> dict[str, str]:
    """The codes of the gateway, from the mildest to the gravest, in words."""
    return {"normal": _("Normal"), "complex": _("Complex"), "urgent": _("Urgent")}


@component
def UrgencyChoice(drafting: Drafting) -> ft.Control:
    """None is chosen at first; the chosen one tapped again is taken back."""
    urgency = drafting.draft.urgency

    def select(value: str) -> None:
        drafting.change(urgency="" if value == urgency else value)

    parts = [
        Heading(_("Urgency (you may leave it out)"), 2, "title_small"),
        ChoiceChips(tuple(urgencies().items()), urgency, select),
    ]
    if urgency == "urgent":
        words = _("Police 113, fire 114, ambulance 115.")
        parts.append(Note(_("Is somebody in danger? Call now:"), words, "error", live=True))
    return ft.Column(parts, spacing=8, tight=True)
