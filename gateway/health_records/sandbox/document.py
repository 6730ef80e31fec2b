"""One synthetic record as an International Patient Summary: a function for each section."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gateway.health_records import sections
from gateway.health_records.sandbox.ips import Writer, concept, hl7, measure, none_known
from gateway.health_records.sandbox.observations import Observations
from gateway.registers.population import Resident

Resource = dict[str, Any]
BHYT = "urn:ihanoi:bhyt"
"""The identifier system of the health insurance number."""

_RECORDED = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Procedure.recorded"
_WHY_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


def write_document(resident: Resident, plan: Resource, register: Resource) -> Resource:
    """The document Bundle of one resident. `plan` is a record of health_sandbox.json."""
    writer = Writer(resident.key)
    patient = writer.add(
        "Patient",
        "self",
        identifier=[{"system": BHYT, "value": resident.bhyt_number}],
        active=True,
        name=[{"use": "official", "text": resident.name, "family": resident.family_name}],
        gender=resident.gender,
        birthDate=resident.birthdate.isoformat(),
        address=[{"use": "home", "text": resident.address, "country": "VN"}],
    )
    document = SandboxDocument(writer, patient, plan, register)
    author = document.place(plan["author"]) if "author" in plan else document.archive()
    document.write(author)
    doctor = document.doctor(plan.get("doctor"))
    signed = {"mode": "professional", "time": plan["date"], "party": doctor}
    composition = {
        "subject": patient,
        "author": [author],
        "title": "Tóm tắt hồ sơ sức khỏe (dữ liệu mẫu)",
        "custodian": author,
        **({"attester": [signed]} if doctor else {}),
    }
    return writer.bundle(f"urn:ihanoi:sandbox:{resident.key}", plan["date"], composition)


@dataclass(frozen=True, slots=True)
class SandboxDocument:
    """A document being written from one plan."""

    writer: Writer
    patient: Resource
    plan: Resource
    register: Resource

    def write(self, author: Resource) -> None:
        """Write every section, those without a plan as "nothing is known"."""
        observations = Observations(self.writer, self.patient, author, self.plan, self.register)
        parts: dict[str, list[Resource]] = {
            sections.ALLERGIES: self._each("allergies", self._allergy, self._no_allergy),
            sections.PROBLEMS: self._each("conditions", self._condition, self._no_condition),
            sections.MEDICATIONS: self._each("medicines", self._medicine, self._no_medicine),
            sections.IMMUNIZATIONS: [
                *self._each("immunizations", self._immunization),
                *self._each("due", self._due),
            ],
            sections.RESULTS: observations.results(),
            sections.PROCEDURES: self._each("procedures", self._procedure, self._no_procedure),
            sections.PAST_ILLNESS: self._each("past_conditions", self._condition),
            sections.VITAL_SIGNS: observations.vital_signs(),
            sections.SOCIAL_HISTORY: observations.smoking(),
            sections.FAMILY_HISTORY: [],
            sections.BLOOD_GROUP: observations.blood_group(),
            sections.ENCOUNTERS: self._each("visits", self._visit),
            sections.PLAN: self._each("plans", self._care_plan),
        }
        doctor = self.doctor(self.plan.get("doctor"))
        for code, references in parts.items():
            self.writer.section(code, references, doctor)

    def place(self, key: str) -> Resource:
        """A made-up facility."""
        return self.writer.add("Organization", key, name=self.register["facilities"][key])

    def archive(self) -> Resource:
        """Who writes a record that no facility has sent anything to."""
        return self.writer.add("Organization", "archive", name="Kho hồ sơ sức khỏe mẫu")

    def doctor(self, key: str | None) -> Resource | None:
        """A made-up practitioner; None for a record nobody has written in."""
        if key is None:
            return None
        return self.writer.add(
            "Practitioner", key, name=[{"text": self.register["practitioners"][key]}]
        )

    def _each(
        self,
        part: str,
        write: Callable[[str, Resource], Resource],
        write_none: Callable[[str], Resource] | None = None,
    ) -> list[Resource]:
        planned = self.plan.get(part, [])
        if isinstance(planned, dict) and write_none is not None:
            return [write_none(planned["none_confirmed_on"])]
        return [write(f"{part} {place}", item) for place, item in enumerate(planned)]

    def _concept(self, key: str) -> Resource:
        return concept(*self.register["concepts"][key])

    def _allergy(self, name: str, item: Resource) -> Resource:
        shown = [self._concept(reaction) for reaction in item["reactions"]]
        return self._state_allergy(
            name,
            self._concept(item["code"]),
            item["recorded"],
            type="allergy",
            category=[item["category"]],
            criticality=item["criticality"],
            reaction=[{"manifestation": shown}],
        )

    def _no_allergy(self, day: str) -> Resource:
        return self._state_allergy("none", none_known("no-known-allergies"), day)

    def _state_allergy(self, name: str, code: Resource, day: str, **more: Any) -> Resource:
        return self.writer.add(
            "AllergyIntolerance",
            name,
            clinicalStatus=hl7("allergyintolerance-clinical", "active"),
            verificationStatus=hl7("allergyintolerance-verification", "confirmed"),
            code=code,
            patient=self.patient,
            recordedDate=day,
            recorder=self.doctor(self.plan["doctor"]),
            **more,
        )

    def _condition(self, name: str, item: Resource) -> Resource:
        status = "resolved" if "abatement" in item else "active"
        return self.writer.add(
            "Condition",
            name,
            clinicalStatus=hl7("condition-clinical", status),
            verificationStatus=hl7("condition-ver-status", "confirmed"),
            category=[hl7("condition-category", "problem-list-item")],
            code=self._concept(item["code"]),
            subject=self.patient,
            onsetDateTime=item["onset"],
            abatementDateTime=item.get("abatement"),
            recordedDate=item["recorded"],
            recorder=self.doctor(item.get("doctor", self.plan["doctor"])),
        )

    def _no_condition(self, day: str) -> Resource:
        return self.writer.add(
            "Condition",
            "none",
            clinicalStatus=hl7("condition-clinical", "active"),
            verificationStatus=hl7("condition-ver-status", "confirmed"),
            code=none_known("no-known-problems"),
            subject=self.patient,
            recordedDate=day,
            recorder=self.doctor(self.plan["doctor"]),
        )

    def _medicine(self, name: str, item: Resource) -> Resource:
        daily = {"repeat": {"frequency": item.get("per_day"), "period": 1, "periodUnit": "d"}}
        dosage = {
            "text": item["dosage"],
            **({"timing": daily} if "per_day" in item else {}),
            **(
                {"doseAndRate": [{"doseQuantity": measure(item["dose"], "viên", "1")}]}
                if "dose" in item
                else {}
            ),
        }
        return self.writer.add(
            "MedicationStatement",
            name,
            status="active",
            medicationCodeableConcept=self._concept(item["code"]),
            subject=self.patient,
            effectivePeriod={"start": item["start"]},
            dosage=[dosage],
            informationSource=self.doctor(self.plan["doctor"]),
        )

    def _no_medicine(self, day: str) -> Resource:
        return self.writer.add(
            "MedicationStatement",
            "none",
            status="active",
            medicationCodeableConcept=none_known("no-known-medications"),
            subject=self.patient,
            effectiveDateTime=day,
            dateAsserted=day,
            informationSource=self.doctor(self.plan["doctor"]),
        )

    def _immunization(self, name: str, item: Resource) -> Resource:
        given = [{"actor": self.place(item["place"])}] if "place" in item else []
        return self.writer.add(
            "Immunization",
            name,
            status="completed",
            vaccineCode=self._concept(item["code"]),
            patient=self.patient,
            occurrenceDateTime=item["date"],
            lotNumber=item.get("lot"),
            performer=given,
            protocolApplied=[{"doseNumberString": item["dose"]}],
        )

    def _due(self, name: str, item: Resource) -> Resource:
        latest = {
            "coding": [{"system": "http://loinc.org", "code": "59777-3"}],
            "text": "Nên tiêm trước",
        }
        advice = {
            "vaccineCode": [self._concept(item["code"])],
            "forecastStatus": hl7("immunization-recommendation-status", "due"),
            "dateCriterion": [{"code": latest, "value": item["date"]}],
        }
        date = self.plan["date"]
        return self.writer.add(
            "ImmunizationRecommendation",
            name,
            patient=self.patient,
            date=date,
            recommendation=[advice],
        )

    def _procedure(self, name: str, item: Resource) -> Resource:
        return self.writer.add(
            "Procedure",
            name,
            status="completed",
            code=self._concept(item["code"]),
            subject=self.patient,
            performedDateTime=item["date"],
            performer=[{"actor": self.place(item["place"])}],
        )

    def _no_procedure(self, day: str) -> Resource:
        why = {"extension": [{"url": _WHY_ABSENT, "valueCode": "not-applicable"}]}
        return self.writer.add(
            "Procedure",
            "none",
            extension=[{"url": _RECORDED, "valueDateTime": day}],
            status="completed",
            code=none_known("no-known-procedures"),
            subject=self.patient,
            _performedDateTime=why,
            asserter=self.doctor(self.plan["doctor"]),
        )

    def _visit(self, name: str, item: Resource) -> Resource:
        ambulatory = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"}
        content: Resource = {"class": ambulatory}
        return self.writer.add(
            "Encounter",
            name,
            status="finished",
            subject=self.patient,
            participant=[{"individual": self.doctor(item["doctor"])}],
            period={"start": item["start"], "end": item["end"]},
            reasonCode=[self._concept(item["code"])],
            serviceProvider=self.place(item["place"]),
            **content,
        )

    def _care_plan(self, name: str, item: Resource) -> Resource:
        return self.writer.add(
            "CarePlan",
            name,
            status="active",
            intent="plan",
            title=item["title"],
            description=item["description"],
            subject=self.patient,
            period={"start": item["start"], "end": item["end"]},
            author=self.doctor(self.plan["doctor"]),
        )
