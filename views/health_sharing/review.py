"""The very content that would be shared, line by line."""

import flet as ft

from app.hooks import component
from app.text import _
from services.health_records import HealthSummary
from services.health_sharing import ShareChoice
from views.components import Card, Heading, Text
from views.health_records.state_line import StateLines
from views.health_records.words import parts_of, show_fhir_date
from views.health_sharing.words import section_words

ALL = 10_000


@component
def Review(summary: HealthSummary, choice: ShareChoice) -> ft.Control:
    """Who it is about, each chosen part with every entry, and what does not go along."""
    patient = summary.patient
    born = show_fhir_date(patient.birth_date)
    lines: list[ft.Control] = [
        Heading(_("This is shared"), 3, "title_small"),
        Text(" · ".join(piece for piece in (patient.name, born) if piece), "label"),
        Text(_("Without insurance number, address and telephone."), "supporting"),
    ]
    parts = {part.section.code: part.section for part in parts_of(summary)}
    for code in choice.sections:
        lines.append(Text(section_words(code), "small_label"))
        if code in parts:
            lines.append(StateLines(parts[code], ALL))
    return Card(*lines)
