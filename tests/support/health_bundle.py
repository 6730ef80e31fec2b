"""Synthetic documents of any size, and a phone that draws all of one: for benches and properties."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import flet as ft

from app.config import Config
from app.entry import Process, make_process
from services.health_records.details import details_of
from services.health_records.summary import HealthSummary
from services.health_records.trends import trends_of
from services.health_records.visits import visits_of
from tests.support.drawing import Drawing
from tests.support.phone import Phone
from views.components import stacked
from views.health_records.item import ItemContent
from views.health_records.overview import Beside, Overview
from views.health_records.printing import Choosing
from views.health_records.section import SectionContent
from views.health_records.trend import TrendContent
from views.health_records.visit import VisitContent
from views.health_records.words import parts_of

LOINC = "http://loinc.org"
SECTIONS = {
    "AllergyIntolerance": "48765-2",
    "Condition": "11450-4",
    "MedicationRequest": "10160-0",
    "Immunization": "11369-6",
    "Observation": "30954-2",
    "Procedure": "47519-4",
    "Encounter": "46240-8",
}
FIRST = date(2016, 1, 4)


def bundle_of(count: int, seed: int = 6) -> dict[str, Any]:
    """A document of so many clinical resources, two thirds of them results of forty tests."""
    draw = Random(seed)
    kinds = [*SECTIONS, *["Observation"] * 13]
    made = [_resource(kinds[n % len(kinds)], n, draw) for n in range(count)]
    sections: list[dict[str, Any]] = [
        {
            "title": kind,
            "code": {"coding": [{"system": LOINC, "code": code}]},
            "entry": [{"reference": f"urn:uuid:{r['id']}"} for r in made if _is(r, kind)],
        }
        for kind, code in SECTIONS.items()
    ]
    composition: dict[str, Any] = {
        "resourceType": "Composition",
        "id": "c",
        "language": "vi",
        "date": "2026-10-02T10:30:00+07:00",
        "author": [{"display": "Bệnh viện Mẫu"}],
        "subject": {"reference": "urn:uuid:p"},
        "section": [section for section in sections if section["entry"]],
    }
    patient: dict[str, Any] = {
        "resourceType": "Patient",
        "id": "p",
        "name": [{"text": "Người Mẫu"}],
    }
    people: list[dict[str, Any]] = [
        {"resourceType": "Practitioner", "id": f"d{n}", "name": [{"text": f"BS. Mẫu {n}"}]}
        for n in range(5)
    ]
    found = [composition, patient, *people, *made]
    entries = [{"fullUrl": f"urn:uuid:{r['id']}", "resource": r} for r in found]
    return {"resourceType": "Bundle", "type": "document", "entry": entries}


def _is(resource: dict[str, Any], kind: str) -> bool:
    return bool(resource["resourceType"] == kind)


def _resource(kind: str, number: int, draw: Random) -> dict[str, Any]:
    day = (FIRST + timedelta(days=draw.randrange(3900))).isoformat()
    test = draw.randrange(40)
    code = {"coding": [{"system": LOINC, "code": f"{test}-0"}], "text": f"Mục {test}"}
    who, patient = {"reference": f"urn:uuid:d{number % 5}"}, {"reference": "urn:uuid:p"}
    common: dict[str, Any] = {"resourceType": kind, "id": f"r{number}", "status": "completed"}
    common["text"] = {"status": "generated", "div": f"<div><p>Mục {test}, {day}</p></div>"}
    if kind == "Observation":
        unit = {"unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"}
        value: dict[str, Any] = {"value": round(draw.uniform(2, 6), 1), **unit}
        judged = [{"coding": [{"code": "H" if value["value"] > 4 else "N"}]}]
        limits = [{"low": {"value": 2.5, **unit}, "high": {"value": 4, **unit}}]
        more: dict[str, Any] = {"status": "final", "effectiveDateTime": day, "valueQuantity": value}
        more |= {"interpretation": judged, "referenceRange": limits, "performer": [who]}
        return {**common, **more, "code": code, "subject": patient}
    others: dict[str, dict[str, Any]] = {
        "AllergyIntolerance": {"code": code, "patient": patient, "recordedDate": day},
        "Condition": {"code": code, "subject": patient, "onsetDateTime": day, "recorder": who},
        "MedicationRequest": {
            "medicationCodeableConcept": code,
            "authoredOn": day,
            "requester": who,
            "dosageInstruction": [{"text": "1 viên mỗi sáng"}],
        },
        "Immunization": {"vaccineCode": code, "patient": patient, "occurrenceDateTime": day},
        "Procedure": {"code": code, "subject": patient, "performedDateTime": day},
        "Encounter": {"reasonCode": [code], "period": {"start": day}, "class": {"code": "AMB"}},
    }
    return {**common, **others[kind]}


@contextmanager
def quiet_process(folder: Path | None = None) -> Iterator[Process]:
    """A process of the app whose city answers nobody, over a folder of its own."""
    with tempfile.TemporaryDirectory() as made:
        before = os.environ.get("IHANOI_DATA")
        os.environ["IHANOI_DATA"] = str(folder or made)
        address = "http://127.0.0.1:9"
        process = make_process(Config("test", address, address, "ihanoi-app"), bytes(32), address)
        try:
            yield process
        finally:
            process.vault.close()
            if before is None:
                del os.environ["IHANOI_DATA"]
            else:
                os.environ["IHANOI_DATA"] = before


async def draw(process: Process, control: Callable[[], ft.Control], **look: Any) -> Phone:
    """Draw one control; what cannot be drawn is an error. The phone is to be closed."""
    return await Drawing(process, **look).show(control)


def everything_of(summary: HealthSummary, lines: int) -> ft.Control:
    """Every kind of screen of a record below each other; `lines` of each section are opened."""
    parts: list[ft.Control] = [Overview(summary), Beside(summary, None), Choosing(summary, None)]
    for part in parts_of(summary):
        if part.slug != "visits":
            parts.append(SectionContent(part, None))
        items = part.section.items[:lines]
        parts += [ItemContent(item, details_of(summary.document, item)) for item in items]
    for trend in trends_of((*summary.results.items, *summary.vital_signs.items))[: 2 * lines]:
        parts.append(TrendContent(trend, None))
    parts += [VisitContent(record, None) for record in visits_of(summary.document)[:lines]]
    return stacked(parts)


def draws_everything(process: Process, summary: HealthSummary, lines: int = 1, **look: Any) -> str:
    """Every word on every screen of a record. Raises where one of them cannot be drawn."""

    async def run() -> str:
        phone = await draw(process, partial(everything_of, summary, lines), **look)
        words = phone.text()
        await phone.close()
        assert phone.crash is None, phone.crash
        return words

    return asyncio.run(run())
