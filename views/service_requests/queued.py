"""Acts on a report that have not left the device yet, shown where they were made."""

import flet as ft

from app import paths
from app.hooks import component
from app.text import _, explain_code
from services.outbox import OutboxItem
from views.components import LinkButton, Note, keyed, open_path
from views.components.waiting_words import act_of, kind_word


def queued_acts(queue: tuple[OutboxItem, ...]) -> list[ft.Control]:
    """One note an item; a refused one says why and leads to where it can be mended."""
    return [keyed(item.id, _Queued, item) for item in queue]


@component
def _Queued(item: OutboxItem) -> ft.Control:
    see = LinkButton(_("See what waits"), open_path(paths.OUTBOX))
    if item.state == "failed":
        why = explain_code(item.last_error or "")
        phrase = _("{what} was not accepted.").format(what=kind_word(item))
        return Note(phrase, why, "error", action=see, live=True)
    phrase = _("{what} waits to be sent.").format(what=kind_word(item))
    icon = ft.Icons.SCHEDULE_SEND_ROUNDED
    sentence = _("Sends by itself when online, once only.")
    return Note(phrase, sentence, "tertiary", icon, action=see, live=True)


def acts_of(queue: tuple[OutboxItem, ...]) -> tuple[str, ...]:
    """The acts that wait or are on their way: they are not offered a second time."""
    return tuple(act_of(item) for item in queue if item.state != "failed")
