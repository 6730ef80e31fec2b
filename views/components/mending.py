"""Opening a refused thing again where it was made, to change it and send it once more."""

import flet as ft

from app import paths
from services import Services
from services.certificates import KIND as CERTIFICATE
from services.outbox import OutboxItem
from views.components.replying import ANSWER, REOPEN, Reply, keep
from views.components.waiting_words import REPORT

MENDABLE = (REPORT, ANSWER, REOPEN, CERTIFICATE)
"""Kinds that have a form to go back to; the others can be deleted and done again."""


async def mend(services: Services, item: OutboxItem) -> None:
    """Open the form with what was refused; sending it replaces the item."""
    if item.kind == CERTIFICATE:
        await services.certificates.save_draft(services.certificates.draft_of(item))
        await ft.context.page.push_route(paths.NEW_CERTIFICATE_REVIEW)
        return
    reports = services.service_requests
    if item.kind == REPORT:
        draft = await reports.draft_to_fix(item)
        await reports.save_draft(draft)
        review = paths.draft(draft.draft_id, paths.NEW_SERVICE_REQUEST_REVIEW)
        await ft.context.page.push_route(review)
        return
    act = await reports.act_to_fix(item)
    await keep(services, Reply(act.about, act.kind, act.description, act.photos, item.id))
    await ft.context.page.push_route(paths.reply(act.about, act.kind))
