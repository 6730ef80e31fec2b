"""Whose data a page is about: one's own, or a child's."""

from collections.abc import Callable

import flet as ft

from app.hooks import Ready, component, use_resource, use_services
from app.text import _
from services.consent_ledger import Ledger
from services.saved import Saved
from views.components import ChoiceChips


@component
def WhoseChips(child: str, choose: Callable[[str], None]) -> ft.Control:
    """A choice for those who have children; nothing for everybody else."""
    services = use_services()

    async def fetch() -> Saved[Ledger]:
        return await services.consents.ledger()

    found = use_resource(fetch)
    children = found.value.children if isinstance(found, Ready) else ()
    if not children:
        return ft.Container(height=0)
    options = ("", _("Me")), *((one.child, one.name or _("My child")) for one in children)
    return ChoiceChips(options, child, choose)
