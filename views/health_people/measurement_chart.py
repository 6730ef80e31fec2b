"""Own measurements of one kind over time: the record's own chart, a line for each number and unit."""

from collections.abc import Iterable
from decimal import Decimal

import flet as ft

from app.hooks import component, use_look
from app.text import local
from app.theme import Look
from services.health_people import Measurement
from services.health_people.measurements import FIELDS
from services.health_records.fhir import FhirDate, Quantity
from services.health_records.items import Result
from services.health_records.summary import ResultSeries
from services.health_records.trends import points
from views.components import Text, keyed, stacked
from views.components.screen import CONTENT_WIDTH
from views.health_people.measurement_words import field_word, unit_word
from views.health_records.chart import Chart

RAIL = 105


@component
def OwnCharts(lines: list[Measurement], kind: str) -> ft.Control:
    """A chart for each number of that kind that was measured on two days or more."""
    width = _width(use_look())
    parts: list[ft.Control] = []
    for series in series_of(lines, kind):
        found = points(series)
        if len({point.day for point in found}) > 1:
            parts.append(Text(f"{series.title} ({series.unit})", "label"))
            parts.append(keyed(f"{series.title} {series.unit}", Chart, series, found, width))
    return stacked(parts, 8)


def series_of(lines: Iterable[Measurement], kind: str) -> tuple[ResultSeries, ...]:
    """The numbers of one kind, the newest first; different units never share a series."""
    found: dict[tuple[str, str], list[Result]] = {}
    for line in sorted(lines, key=lambda one: one.effective, reverse=True):
        if line.kind != kind:
            continue
        for name in FIELDS[kind]:
            if number := line.values.get(name):
                unit = unit_word(kind, name, line.unit)
                found.setdefault((name, unit), []).append(_result(line, name, number, unit))
    return tuple(
        ResultSeries(field_word(name), unit, tuple(results))
        for (name, unit), results in found.items()
    )


def _result(line: Measurement, name: str, number: str, unit: str) -> Result:
    when = local(line.effective)
    return Result(
        key=f"{line.measurement_id}-{name}",
        resource_type="Observation",
        title=field_word(name),
        date=FhirDate(when.isoformat(), when.year, when.month, when.day, line.effective),
        quantity=Quantity(Decimal(number), unit),
    )


def _width(look: Look) -> float:
    beside = 0 if look.compact else RAIL
    return min(CONTENT_WIDTH, max(look.width - beside, 240)) - 2 * look.margin
