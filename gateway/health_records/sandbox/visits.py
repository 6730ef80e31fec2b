"""What visits leave behind in the sandbox: a letter as PDF, a prescription, a follow-up, insurance."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from functools import cache
from typing import Any

from gateway.health_records.printing import Letter, Part, draw
from gateway.health_records.sandbox.document import BHYT
from gateway.health_records.sandbox.ips import Writer, concept, hl7, measure
from gateway.registers.population import Resident

Resource = dict[str, Any]
MARK = "Dữ liệu mẫu: không phải giấy tờ y tế thật"
_SUMMARY_OF_VISIT = ("loinc", "34133-9", "Summary of episode note")
_LABORATORY = ("loinc", "11502-2", "Laboratory report")
_GENDERS = {"female": "Nữ", "male": "Nam"}


def write_visits(
    resident: Resident, plan: Resource, register: Resource, document: Resource
) -> Resource | None:
    """A transaction of what belongs to the resident's visits; None for who never was anywhere.

    It brings the Patient, visits, doctors and facilities of `document` with it, word for word.
    """
    if "visits" not in plan:
        return None
    known = {entry["fullUrl"]: entry["resource"] for entry in document["entry"]}
    writer = Writer(resident.key)
    left = _Left(resident, register, known, writer)
    left.insurance()
    for place, visit in enumerate(plan["visits"]):
        if "letter" in visit:
            left.visit(f"visits {place}", visit, visit["letter"])
    entries = {**left.brought(), **writer.entries}
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {
                "fullUrl": address,
                "resource": resource,
                "request": {"method": "POST", "url": resource["resourceType"]},
            }
            for address, resource in entries.items()
        ],
    }


class _Left:
    """Writes what one resident's visits left behind."""

    def __init__(
        self,
        resident: Resident,
        register: Resource,
        known: dict[str, Resource],
        writer: Writer,
    ) -> None:
        self._resident, self._register = resident, register
        self._known, self._writer = known, writer
        self._patient = self._found("Patient", "self")

    def brought(self) -> dict[str, Resource]:
        """The resources of the summary that these point at."""
        kinds = {"Patient", "Encounter", "Organization", "Practitioner", "Observation"}
        said = str(self._writer.entries)
        return {
            address: resource
            for address, resource in self._known.items()
            if resource["resourceType"] in kinds and address in said
        }

    def insurance(self) -> None:
        """The health insurance card (BHYT)."""
        kind = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "PUBLICPOL"}
        self._writer.add(
            "Coverage",
            "bhyt",
            identifier=[{"system": BHYT, "value": self._resident.bhyt_number}],
            status="active",
            type={"coding": [kind], "text": "Bảo hiểm y tế (BHYT)"},
            subscriberId=self._resident.bhyt_number,
            beneficiary=self._patient,
            period={"start": "2026-01-01", "end": "2026-12-31"},
            payor=[{"display": "Bảo hiểm xã hội mẫu"}],
        )

    def visit(self, name: str, visit: Resource, letter: Resource) -> None:
        """The letter with its file, the prescription, the follow-up and the laboratory's report."""
        encounter = self._found("Encounter", name)
        doctor = self._found("Practitioner", visit["doctor"])
        place = self._found("Organization", visit["place"])
        file = _letter(self._resident, self._register, visit)
        binary = self._writer.add(
            "Binary",
            name,
            contentType="application/pdf",
            securityContext=self._patient,
            data=base64.b64encode(file).decode(),
        )
        title = f"Tóm tắt lần khám {_day(visit['end'])}"
        attachment = {
            "contentType": "application/pdf",
            "language": "vi",
            "url": binary["reference"],
            "size": len(file),
            "hash": base64.b64encode(hashlib.sha1(file, usedforsecurity=False).digest()).decode(),
            "title": title,
            "creation": visit["end"],
        }
        self._writer.add(
            "DocumentReference",
            name,
            status="current",
            type=concept("Tóm tắt lần khám", _SUMMARY_OF_VISIT),
            subject=self._patient,
            date=visit["end"],
            author=[doctor],
            custodian=place,
            description=title,
            content=[{"attachment": attachment}],
            context={
                "encounter": [encounter],
                "period": {"start": visit["start"], "end": visit["end"]},
            },
        )
        for number, item in enumerate(letter["prescription"]):
            self._prescription(f"{name} {number}", item, visit["end"], encounter, doctor)
        self._conclusion(name, visit, encounter, doctor)
        if "follow_up" in letter:
            self._follow_up(name, letter["follow_up"], doctor, place, encounter)
        if "report" in letter:
            self._report(name, letter["report"], encounter, place)

    def _conclusion(
        self, name: str, visit: Resource, encounter: Resource, doctor: Resource
    ) -> None:
        """What the doctor concluded; a ClinicalImpression, so that no problem list takes it up."""
        self._writer.add(
            "ClinicalImpression",
            name,
            status="completed",
            subject=self._patient,
            encounter=encounter,
            date=visit["end"],
            assessor=doctor,
            summary=f"{visit['letter']['diagnosis']} {visit['letter']['instructions']}",
        )

    def _prescription(
        self, name: str, item: Resource, at: str, encounter: Resource, doctor: Resource
    ) -> None:
        dosage: Resource = {"text": item["dosage"]}
        if "per_day" in item:
            repeat = {"frequency": item["per_day"], "period": 1, "periodUnit": "d"}
            dosage["timing"] = {"repeat": repeat}
        dosage["doseAndRate"] = [{"doseQuantity": measure(item["dose"], "viên", "1")}]
        self._writer.add(
            "MedicationRequest",
            name,
            status="completed",
            intent="order",
            medicationCodeableConcept=concept(*self._register["concepts"][item["code"]]),
            subject=self._patient,
            encounter=encounter,
            authoredOn=at,
            requester=doctor,
            dosageInstruction=[dosage],
            dispenseRequest={
                "quantity": measure(item["quantity"], "viên", "1"),
                "expectedSupplyDuration": measure(item["days"], "ngày", "d"),
            },
        )

    def _follow_up(
        self, name: str, item: Resource, doctor: Resource, place: Resource, encounter: Resource
    ) -> None:
        actors = [self._patient, doctor, place]
        self._writer.add(
            "Appointment",
            name,
            status="booked",
            description=item["description"],
            start=item["start"],
            end=item["end"],
            supportingInformation=[encounter],
            participant=[{"actor": actor, "status": "accepted"} for actor in actors],
        )

    def _report(self, name: str, day: str, encounter: Resource, place: Resource) -> None:
        results = [
            {"reference": address}
            for address, found in self._known.items()
            if found["resourceType"] == "Observation"
            and found.get("effectiveDateTime") == day
            and found["category"][0]["coding"][0]["code"] == "laboratory"
        ]
        self._writer.add(
            "DiagnosticReport",
            name,
            status="final",
            category=[hl7("v2-0074", "LAB")],
            code=concept("Phiếu kết quả xét nghiệm", _LABORATORY),
            subject=self._patient,
            encounter=encounter,
            effectiveDateTime=day,
            issued=f"{day}T17:00:00+07:00",
            performer=[place],
            result=results,
        )

    def _found(self, kind: str, name: str) -> Resource:
        """The reference to a resource of the summary, by the name it was written under."""
        return Writer(self._resident.key).add(kind, name)


@cache
def _drawn(letter: Letter, made_at: int) -> bytes:
    return draw(letter, made_at)


def _letter(resident: Resident, register: Resource, visit: Resource) -> bytes:
    letter, words = visit["letter"], register["concepts"]
    parts = [
        Part("Bệnh sử", note=letter["history"]),
        Part("Diễn biến, kết quả khám", note=letter["course"]),
        Part("Chẩn đoán", note=letter["diagnosis"]),
    ]
    if letter["prescription"]:
        rows = [(words[i["code"]][0], _said(i)) for i in letter["prescription"]]
        parts.append(Part("Đơn thuốc", tuple(rows)))
    parts.append(Part("Lời dặn", note=letter["instructions"]))
    if "follow_up" in letter:
        again = letter["follow_up"]
        parts.append(Part("Hẹn khám lại", ((_day(again["start"]), again["description"]),)))
    place = register["facilities"][visit["place"]]
    page = Letter(
        title="Tóm tắt lần khám",
        subtitle=f"Ngày {_day(visit['start'])}, {words[visit['code']][0].lower()}",
        author=place,
        identity=(
            ("Họ và tên", resident.name),
            ("Ngày sinh", f"{resident.birthdate:%d/%m/%Y}"),
            ("Giới tính", _GENDERS[resident.gender]),
            ("Mã thẻ BHYT", resident.bhyt_number),
        ),
        parts=tuple(parts),
        footer=f"{place} · {MARK}",
        mark=MARK,
        signed=register["practitioners"][visit["doctor"]],
    )
    return _drawn(page, int(datetime.fromisoformat(visit["end"]).timestamp()))


def _said(item: Resource) -> str:
    return f"{item['dosage']}. Số lượng: {item['quantity']} viên."


def _day(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%d/%m/%Y}"
