"""Which resource types are served, and the search parameters of each (FHIR R4, section 3.2.1).

A line is `name:kind=path,path…`; a path without a parameter's value in a resource finds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["token", "date", "string", "reference"]

_CODED = {
    "AllergyIntolerance": "clinical-status:token=clinicalStatus verification-status:token="
    "verificationStatus code:token=code,reaction.substance category:token=category criticality:token="
    "criticality type:token=type date:date=recordedDate onset:date=onsetDateTime,onsetPeriod",
    "Condition": "clinical-status:token=clinicalStatus verification-status:token=verificationStatus "
    "code:token=code category:token=category severity:token=severity onset-date:date=onsetDateTime,"
    "onsetPeriod abatement-date:date=abatementDateTime,abatementPeriod recorded-date:date=recordedDate "
    "encounter:reference=encounter",
    "MedicationStatement": "status:token=status code:token=medicationCodeableConcept category:token="
    "category effective:date=effectiveDateTime,effectivePeriod medication:reference="
    "medicationReference",
    "MedicationRequest": "status:token=status intent:token=intent code:token="
    "medicationCodeableConcept authoredon:date=authoredOn encounter:reference=encounter "
    "medication:reference=medicationReference",
    "Immunization": "status:token=status vaccine-code:token=vaccineCode date:date=occurrenceDateTime "
    "lot-number:string=lotNumber",
    "Observation": "status:token=status category:token=category code:token=code date:date="
    "effectiveDateTime,effectivePeriod,effectiveInstant component-code:token=component.code "
    "combo-code:token=code,component.code value-concept:token=valueCodeableConcept "
    "encounter:reference=encounter",
    "DiagnosticReport": "status:token=status category:token=category code:token=code date:date="
    "effectiveDateTime,effectivePeriod issued:date=issued encounter:reference=encounter "
    "result:reference=result",
    "Procedure": "status:token=status category:token=category code:token=code date:date="
    "performedDateTime,performedPeriod encounter:reference=encounter",
    "Encounter": "status:token=status class:token=class type:token=type reason-code:token=reasonCode "
    "date:date=period service-provider:reference=serviceProvider",
    "DocumentReference": "status:token=status type:token=type category:token=category date:date=date "
    "period:date=context.period contenttype:token=content.attachment.contentType "
    "encounter:reference=context.encounter",
    "Consent": "status:token=status scope:token=scope category:token=category date:date=dateTime "
    "period:date=provision.period",
    "Coverage": "status:token=status type:token=type payor:reference=payor",
    "CarePlan": "status:token=status intent:token=intent category:token=category date:date=period "
    "encounter:reference=encounter",
    "Appointment": "status:token=status date:date=start service-type:token=serviceType",
    "Goal": "lifecycle-status:token=lifecycleStatus start-date:date=startDate",
    "FamilyMemberHistory": "status:token=status code:token=condition.code relationship:token="
    "relationship date:date=date",
    "ImmunizationRecommendation": "date:date=date vaccine-type:token=recommendation.vaccineCode",
    "DeviceUseStatement": "device:reference=device",
    "ImagingStudy": "status:token=status started:date=started modality:token=modality",
    "ServiceRequest": "status:token=status code:token=code authored:date=authoredOn",
    "MedicationAdministration": "status:token=status code:token=medicationCodeableConcept "
    "effective-time:date=effectiveDateTime,effectivePeriod",
    "MedicationDispense": "status:token=status code:token=medicationCodeableConcept "
    "whenhandedover:date=whenHandedOver",
    "CareTeam": "status:token=status category:token=category date:date=period",
    "Claim": "status:token=status created:date=created",
    "ExplanationOfBenefit": "status:token=status created:date=created",
    "Composition": "status:token=status type:token=type date:date=date",
    "QuestionnaireResponse": "status:token=status authored:date=authored",
    "ClinicalImpression": "status:token=status date:date=date",
    "Flag": "status:token=status date:date=period",
    "SupplyDelivery": "status:token=status",
    "Media": "status:token=status type:token=type created:date=createdDateTime,createdPeriod",
    "List": "status:token=status code:token=code date:date=date",
    "RelatedPerson": "active:token=active",
    "BodyStructure": "morphology:token=morphology",
}
_OTHERS = {
    "Patient": "name:string=name.text,name.family,name.given family:string=name.family given:string="
    "name.given birthdate:date=birthDate gender:token=gender",
    "Practitioner": "name:string=name.text,name.family,name.given",
    "PractitionerRole": "practitioner:reference=practitioner specialty:token=specialty",
    "Organization": "name:string=name,alias type:token=type",
    "Location": "name:string=name,alias",
    "Medication": "code:token=code status:token=status",
    "Device": "type:token=type status:token=status",
    "Specimen": "type:token=type status:token=status",
    "Substance": "code:token=code",
    "Binary": "",
}
_DAYS = (
    "effectiveDateTime",
    "effectivePeriod",
    "effectiveInstant",
    "performedDateTime",
    "performedPeriod",
    "occurrenceDateTime",
    "period",
    "authoredOn",
    "onsetDateTime",
    "onsetPeriod",
    "start",
    "startDate",
    "started",
    "date",
    "recordedDate",
    "issued",
    "created",
    "dateTime",
    "authored",
    "whenHandedOver",
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One search parameter of one type, and where its values stand."""

    name: str
    kind: Kind
    paths: tuple[str, ...]


def _parameters(words: str) -> dict[str, Parameter]:
    found = {}
    for line in [*words.split(), "identifier:token=identifier"]:
        head, _, paths = line.partition("=")
        name, _, kind = head.partition(":")
        found[name] = Parameter(name, kind, tuple(paths.split(",")))  # type: ignore[arg-type]
    return found


OF_PATIENT = frozenset(_CODED)
"""Types that are about a patient: these are found by `patient` and `subject` too."""

PARAMETERS: Mapping[str, Mapping[str, Parameter]] = {
    name: _parameters(words) for name, words in sorted({**_CODED, **_OTHERS}.items())
}
"""Every stored type that is served, and its own parameters by name."""

GENERATED = ("AuditEvent", "Provenance")
"""Types this server makes itself from what it wrote down."""

BY_REFERENCE = frozenset({"Binary"})
"""Types that are read, and not searched."""


def values_at(resource: object, path: str) -> Iterator[Any]:
    """Everything at a dotted path, through lists; what is malformed holds nothing."""
    name, _, rest = path.partition(".")
    for item in resource if isinstance(resource, list) else [resource]:
        found = item.get(name) if isinstance(item, dict) else None
        for value in found if isinstance(found, list) else [found]:
            if value is not None and rest:
                yield from values_at(value, rest)
            elif value is not None:
                yield value


def day_values(resource: Mapping[str, Any]) -> Iterator[Any]:
    """What may be a resource's principal date, the best first."""
    return (resource[name] for name in _DAYS if name in resource)
