"""The measured part of a synthetic record: results, vital signs, blood group, smoking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gateway.health_records.sandbox.ips import Writer, concept, hl7, measure

Resource = dict[str, Any]

_BLOOD_PRESSURE = ("85354-9", "Blood pressure panel with all children optional")
_SYSTOLIC = ("8480-6", "Systolic blood pressure")
_DIASTOLIC = ("8462-4", "Diastolic blood pressure")
_BLOOD_GROUP = ("882-1", "ABO and Rh group [Type] in Blood")
_SMOKING = ("72166-2", "Tobacco smoking status")


@dataclass(frozen=True, slots=True)
class Observations:
    """Writes Observations of one patient, done by one facility, from a plan."""

    writer: Writer
    patient: Resource
    facility: Resource
    plan: Resource
    register: Resource

    def results(self) -> list[Resource]:
        """Every value of every test, with the laboratory's limits and its interpretation."""
        return self._series("results", "laboratory")

    def vital_signs(self) -> list[Resource]:
        """Weight, height, pulse and blood pressure."""
        pressures = [
            self._blood_pressure(*reading) for reading in self.plan.get("blood_pressure", [])
        ]
        return [*self._series("vital_signs", "vital-signs"), *pressures]

    def blood_group(self) -> list[Resource]:
        """The blood group where it is known."""
        return self._coded("blood_group", "laboratory", "Nhóm máu", _BLOOD_GROUP)

    def smoking(self) -> list[Resource]:
        """The smoking status where somebody asked."""
        return self._coded("smoking", "social-history", "Hút thuốc", _SMOKING)

    def _series(self, part: str, category: str) -> list[Resource]:
        return [
            self._measured(category, series["test"], *value)
            for series in self.plan.get(part, [])
            for value in series["values"]
        ]

    def _measured(
        self, category: str, key: str, day: str, value: float, interpretation: str
    ) -> Resource:
        test = self.register["tests"][key]
        unit, ucum = test["unit"], test["ucum"]
        limits = {name: measure(test[name], unit, ucum) for name in ("low", "high") if name in test}
        content: Resource = {"valueQuantity": measure(value, unit, ucum)}
        if interpretation:
            content["interpretation"] = [hl7("v3-ObservationInterpretation", interpretation)]
        if limits:
            content["referenceRange"] = [limits]
        code = concept(test["text"], ("loinc", test["code"], test["display"]))
        return self._add(f"{key} {day}", category, code, day, **content)

    def _blood_pressure(self, day: str, systolic: int, diastolic: int) -> Resource:
        parts = [
            {
                "code": concept(words, ("loinc", *code)),
                "valueQuantity": measure(value, "mmHg", "mm[Hg]"),
            }
            for words, code, value in (
                ("Tâm thu", _SYSTOLIC, systolic),
                ("Tâm trương", _DIASTOLIC, diastolic),
            )
        ]
        code = concept("Huyết áp", ("loinc", *_BLOOD_PRESSURE))
        return self._add(f"blood pressure {day}", "vital-signs", code, day, component=parts)

    def _coded(self, part: str, category: str, words: str, code: tuple[str, str]) -> list[Resource]:
        found = self.plan.get(part)
        if found is None:
            return []
        value = concept(*self.register["concepts"][found["code"]])
        name = concept(words, ("loinc", *code))
        return [self._add(part, category, name, found["date"], valueCodeableConcept=value)]

    def _add(self, name: str, category: str, code: Resource, day: str, **content: Any) -> Resource:
        return self.writer.add(
            "Observation",
            name,
            status="final",
            category=[hl7("observation-category", category)],
            code=code,
            subject=self.patient,
            effectiveDateTime=day,
            performer=[self.facility],
            **content,
        )
