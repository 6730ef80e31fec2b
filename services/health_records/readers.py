"""A reader for each resource type the screens know."""

from __future__ import annotations

from services.health_records.document import Document, Resource, require_concept
from services.health_records.fhir import UnreadableError, date, many, mapping, quantity, text
from services.health_records.items import (
    Allergy,
    Condition,
    Immunization,
    Item,
    Medicine,
    Procedure,
    Visit,
)
from services.health_records.reading import (
    common,
    concept_code,
    concepts,
    dosage,
    parties,
    status_code,
    when,
)


def read_allergy(document: Document, resource: Resource) -> Allergy:
    """AllergyIntolerance; substances under `reaction` stand in for a missing code."""
    reactions = [mapping(reaction) for reaction in many(resource.get("reaction"))]
    substance = next((r["substance"] for r in reactions if "substance" in r), None)
    shown = tuple(
        dict.fromkeys(
            words
            for reaction in reactions
            for words in concepts(document, reaction.get("manifestation"))
            or filter(None, [text(reaction.get("description"))])
        )
    )
    fields = common(
        document,
        resource,
        resource.get("code") or substance,
        "code",
        concept_code(resource, "clinicalStatus"),
    )
    start, end = when(resource, "onset")
    return Allergy(
        **fields,
        detail=", ".join(shown),
        date=start,
        end=end or date(resource.get("lastOccurrence")),
        verification=concept_code(resource, "verificationStatus"),
        criticality=text(resource.get("criticality")),
        categories=tuple(filter(None, map(text, many(resource.get("category"))))),
        reactions=shown,
    )


def read_condition(document: Document, resource: Resource) -> Condition:
    """Condition; a clinical status of a wrong type makes it unreadable, never current."""
    status = concept_code(resource, "clinicalStatus")
    fields = common(document, resource, resource.get("code"), "code", status)
    start, _ = when(resource, "onset")
    ended, until = when(resource, "abatement")
    return Condition(
        **fields,
        detail=document.concept(resource.get("severity")),
        date=start,
        end=ended or until,
        verification=concept_code(resource, "verificationStatus"),
    )


def read_medicine(document: Document, resource: Resource) -> Medicine:
    """MedicationStatement, -Request, -Dispense, -Administration, or a bare Medication."""
    reference = resource.get("medicationReference")
    target = document.resolve(reference, resource) or {}
    concept = resource.get("medicationCodeableConcept") or _substance(document, target)
    if resource.get("resourceType") == "Medication":
        concept = _substance(document, resource)
    if not concept:
        concept = {"text": text(mapping(reference).get("display"))}
    fields = common(document, resource, concept, "medication", status_code(resource))
    start, end = when(resource, "effective")
    reasons = resource.get("reasonCode")
    return Medicine(
        **fields,
        detail=dosage(document, resource),
        date=start or date(resource.get("authoredOn")) or date(resource.get("whenHandedOver")),
        end=end,
        reason=", ".join(concepts(document, reasons)),
        supply=_supply(mapping(resource.get("dispenseRequest"))),
    )


def _supply(dispense: Resource) -> str:
    amounts = (quantity(dispense.get(name)) for name in ("quantity", "expectedSupplyDuration"))
    return " · ".join(amount.text for amount in amounts if amount)


def _substance(document: Document, medication: Resource) -> object:
    code = medication.get("code")
    if code and not isinstance(code, (dict, list)):
        raise UnreadableError("code")
    if document.concept(code):
        return code
    parts = [mapping(part) for part in many(medication.get("ingredient"))]
    words = [document.concept(part.get("itemCodeableConcept")) for part in parts]
    return {"text": ", ".join(filter(None, words))} if any(words) else None


def read_immunization(document: Document, resource: Resource) -> Immunization:
    """Immunization; the place is its location or who gave it."""
    fields = common(
        document, resource, resource.get("vaccineCode"), "vaccineCode", status_code(resource)
    )
    start, _ = when(resource, "occurrence")
    protocol = mapping(resource.get("protocolApplied"))
    dose = protocol.get("doseNumberPositiveInt") or protocol.get("doseNumberString")
    given_by = parties(document, resource, resource.get("performer"), "actor")
    place = document.party(resource.get("location"), resource) or ", ".join(given_by)
    return Immunization(
        **fields,
        detail=text(protocol.get("series")),
        date=start,
        dose=str(dose) if isinstance(dose, (int, str)) and not isinstance(dose, bool) else "",
        lot_number=text(resource.get("lotNumber")),
        place=place,
    )


def read_recommendations(document: Document, resource: Resource) -> list[Immunization]:
    """ImmunizationRecommendation: each vaccine that is due, with the day to have it by."""
    due: list[Immunization] = []
    for value in many(resource.get("recommendation")):
        advice = mapping(value)
        vaccine = advice.get("vaccineCode") or advice.get("targetDisease")
        fields = common(document, resource, vaccine, "vaccineCode", "due")
        dates = [mapping(criterion).get("value") for criterion in many(advice.get("dateCriterion"))]
        fields["key"] += f"-{len(due)}"
        words = text(advice.get("description"))
        due.append(
            Immunization(**fields, detail=words, date=next(filter(None, map(date, dates)), None))
        )
    return due


def read_procedure(document: Document, resource: Resource) -> Procedure:
    """Procedure; `detail` is where on the body and the outcome."""
    fields = common(document, resource, resource.get("code"), "code", status_code(resource))
    start, end = when(resource, "performed")
    places = concepts(document, resource.get("bodySite"))
    parts = (*places, document.concept(resource.get("outcome")))
    return Procedure(**fields, detail=", ".join(filter(None, parts)), date=start, end=end)


def read_visit(document: Document, resource: Resource) -> Visit:
    """Encounter; what it was about, where, with whom."""
    kinds = concepts(document, resource.get("type"))
    status = status_code(resource)
    about = next(
        (c for name in ("reasonCode", "type", "serviceType") if (c := resource.get(name))),
        resource.get("class"),
    )
    if mapping(about).get("code") and not mapping(about).get("coding"):
        about = {"coding": [about]}  # Encounter.class is a Coding, not a concept.
    fields = common(document, resource, about, "type", status)
    period = mapping(resource.get("period"))
    facility = document.party(resource.get("serviceProvider"), resource)
    if not facility:
        places = parties(document, resource, resource.get("location"), "location")
        facility = ", ".join(places)
    return Visit(
        **fields,
        detail=facility,
        date=date(period.get("start")),
        end=date(period.get("end")),
        facility=facility,
        practitioners=parties(document, resource, resource.get("participant"), "individual"),
        kind=", ".join(kinds),
        visit_class=text(mapping(resource.get("class")).get("code")),
    )


def read_other(document: Document, resource: Resource) -> Item:
    """Any other resource: what it is called, when, in its own words or its narrative's."""
    names = ("code", "type", "topic", "category", "scope", "description", "title", "name")
    concept = next((resource[n] for n in names if resource.get(n)), None)
    if isinstance(concept, str):
        concept = {"text": concept}
    device = document.resolve(resource.get("device"), resource) or {}
    concept = device.get("type") or concept or {"text": _device_name(device)}
    status = resource.get("status")
    require_concept(concept, "code")
    fields = common(
        document, resource, concept, "code", text(status) if isinstance(status, str) else ""
    )
    start, end = next((pair for s in _MOMENTS if any(pair := when(resource, s))), (None, None))
    period = mapping(resource.get("period"))
    return Item(
        **fields,
        detail=text(resource.get("description"))
        or ", ".join(concepts(document, device.get("note"))),
        date=start or date(period.get("start")) or date(resource.get("date")),
        end=end or date(period.get("end")),
    )


_MOMENTS = ("effective", "performed", "occurrence", "onset", "timing")


def _device_name(device: Resource) -> str:
    return text(mapping(device.get("deviceName")).get("name"))
