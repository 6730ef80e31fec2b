"""What a link or a card held: the verdict on each signed card, then the record, section by section."""

from urllib.parse import urlsplit

import flet as ft

from app.hooks import component
from app.text import _, ngettext
from services.health_records import HealthSummary
from services.health_sharing.receiving import CheckedCard, Received
from views.components import Card, Heading, Note, Text, stacked
from views.health_records.state_line import StateLines
from views.health_records.words import parts_of, show_fhir_date, unreadable_words

ALL = 10_000


@component
def ReceivedRecord(found: Received) -> ft.Control:
    """Signed cards with their verdict first; what is unsigned says so."""
    parts: list[ft.Control] = []
    for checked in found.cards:
        parts += [Verdict(checked), *record_cards(checked.summary)]
    for summary in found.summaries:
        words = _("It is what the person shares; nobody signed it.")
        parts += [Note(_("Not signed."), words), *record_cards(summary)]
    if found.others:
        files = ngettext("{n} file of another kind", "{n} files of another kind", found.others)
        parts.append(Text(files, "supporting"))
    if not parts:
        parts.append(Text(_("There is nothing in it."), "body"))
    return stacked(parts)


@component
def Verdict(checked: CheckedCard) -> ft.Control:
    """Right, refused or not checked; only "right" is ever drawn in jade."""
    host = urlsplit(checked.card.issuer).hostname or checked.card.issuer
    icons = ft.Icons
    if checked.verdict == "valid":
        words = _("{host} signed it. Whether to trust that place is for you to judge.")
        said = words.format(host=host)
        return Note(_("Signature is right."), said, "primary", icons.VERIFIED_ROUNDED, live=True)
    if checked.verdict == "refused":
        reasons = {
            "signature": _("Its content was changed after it was signed."),
            "unknown_key": _("{host} does not know the key that signed it.").format(host=host),
            "revoked": _("{host} took it back.").format(host=host),
            "expired": _("Its time is over."),
            "not_yet": _("It says that it was issued in the future."),
        }
        said = reasons.get(checked.reason, "")
        return Note(_("Do not accept this card."), said, "error", icons.GPP_BAD_ROUNDED, live=True)
    reasons = {
        "keys": _("The keys of {host} could not be had.").format(host=host),
        "revocation": _("Whether {host} took it back could not be asked.").format(host=host),
        "issuer": _("It does not say in the right form who issued it."),
    }
    said = f"{reasons.get(checked.reason, '')} {_('Do not rely on it until then.')}"
    return Note(_("Could not check"), said, "tertiary", icons.HELP_ROUNDED, live=True)


def record_cards(summary: HealthSummary) -> list[ft.Control]:
    """Whose it is, then each section that the document has."""
    born = show_fhir_date(summary.patient.birth_date)
    name = summary.patient.name or _("No name in the record")
    shown: list[ft.Control] = [Heading(name, 2, "title"), Text(born, "supporting")]
    for part in parts_of(summary):
        section = part.section
        if section.state == "no_information" and section.empty_reason == "missing":
            continue
        if section.state == "no_information" and section.empty_reason == "withheld":
            words = Text(_("Not part of what was shared"), "supporting")
            shown.append(Card(Text(part.title, "small_label"), words))
            continue
        shown.append(Card(Text(part.title, "small_label"), StateLines(section, ALL)))
    if summary.unreadable:
        shown.append(Text(unreadable_words(summary.unreadable), "supporting"))
    return shown
