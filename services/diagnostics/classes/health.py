"""The health record: FHIR R4 resources by element name, and health links.

FHIR's elements mean the same wherever they stand, so one table serves every resource. What decides
how a screen is arranged (statuses, sections, units, ranges of the healthy) is kept; what is wrong
with somebody is not.
"""

from services.diagnostics.classification import Area, classes

_FHIR = "/fhir/R4"
_SHARES = "/health/v1/shares"

FHIR = Area(
    "fhir",
    (
        f"{_FHIR}/metadata",
        f"{_FHIR}",
        f"{_FHIR}/Patient/{{patient_id}}/$summary",
        f"{_FHIR}/Patient/{{patient_id}}/$everything",
        f"{_FHIR}/{{resource_type}}",
        f"{_FHIR}/{{resource_type}}/_search",
        f"{_FHIR}/{{resource_type}}/{{logical_id}}",
        f"{_SHARES}/content",
        "/health/v1/documents/{binary_id}/pages/{number}.png",
        "/health/v1/summary.pdf",
    ),
    classes(
        keep="""
            resourceType status
             section.title .total total gender
            active intent mode system unit use rank sequence lastUpdated versionId profile language
            doseNumberPositiveInt doseNumber seriesDoses issue.code issue.severity
             participant.status minutesDuration contentType size frequency periodUnit
            timestamp recorded requestor policy
            resource.recorded url.system interaction patientInstruction.language
                sections ?resource_type ?number ?section
            ?_count ?_sort ?_include ?_revinclude ?category ?status valueBoolean wasNotGiven
             numberOfRepeatsAllowed code.[] address.type ?_type extension.url
        """,
        coded="""
            clinicalStatus verificationStatus interpretation emptyReason category section.code .type
            resource.type criticality severity low high referenceRange search class serviceType action
            outcome subtype purposeOfEvent purposeOfUse scope agent.type entity.type entity.role
            dataAbsentReason repeat relation forecastStatus quantity expectedSupplyDuration
        """,
        inside="""
            entry resource section .entry code coding identifier name telecom address subject patient
            author custodian performer actor asserter recorder encounter context hospitalization
            medicationCodeableConcept medicationReference vaccineCode valueCodeableConcept
            valueQuantity component reaction manifestation substance dosage dosageInstruction route
            doseAndRate doseQuantity timing note site bodySite protocolApplied onsetPeriod
            effectivePeriod performedPeriod period resource.period manufacturer location
            serviceProvider reasonCode reasonReference hasMember derivedFrom result presentedForm
            participant individual participant.actor diagnosis condition type.coding content
            attachment contained contact relationship managingOrganization qualification
            practitioner organization targetIdentifier relatesTo attester party event agent who entity
            what focus specialty specimen valueReference basedOn extension link supportingInfo
            appointmentType reportOrigin prescription requester device method collection bodySystem
            generalPractitioner communication maritalStatus text location.location vaccine series
            targetDisease informationSource recommendation dateCriterion supportingInformation
            dispenseRequest meta source issue assessor author.identifier assigner activity reasonCode.coding evidence stage
        """,
        reference="""
            id versionId.id identifier.value .code targetIdentifier.value lotNumber
            logicalId ?logical_id ?patient_id ?binary_id ?patient ?subject ?encounter ?page ?_page
            ?_cursor ?cursor patient_id ?code ?_id ?date ?since
        """,
        concept="coding.code",
        relation="reference fullUrl",
        link="link.url url",
        words="""
            display text.text code.text vaccineCode.text title description valueString
            medicationCodeableConcept.text reaction.text manifestation.text note.text dosage.text
            dosageInstruction.text conclusion comment valueCodeableConcept.text site.text bodySite.text
            route.text patientInstruction reasonCode.text substance.text type.text specialty.text
            protocolApplied.series doseString city district state line postalCode country method.text
            resource.comment participant.text diagnosis.text condition.text summary asNeededBoolean
            relationship.text maritalStatus.text serviceType.text activity.text
            text.[] doseNumberString
        """,
        name="name.[] name.text family given prefix suffix resource.name agent.name who.display individual.name",
        phone="telecom.value",
        birthdate="birthDate",
        date="""
            effectiveDateTime onsetDateTime abatementDateTime recordedDate occurrenceDateTime issued
            authoredOn date dateAsserted start end lastOccurrence performedDateTime expirationDate
            created effectiveInstant deceasedDateTime time valueDateTime attachment.creation ?_since
        """,
        number="value valueInteger valueDecimal",
        drop="""
            div data query detail _value _given _family _line _display extension.extension valueCode
            valueString.url altId network confidentiality observer rate text.status securityEvent
            signature version boundsDuration _performedDateTime attachment.hash meta.source source.observer
            diagnostics details expression meta.tag meta.security source.site source.type
        """,
    ),
)

SHARES = Area(
    "shares",
    (
        _SHARES,
        f"{_SHARES}/{{share_id}}",
        f"{_SHARES}/{{share_id}}/stop",
        "/shl/{token}",
        "/shl/files/{ticket}",
    ),
    classes(
        keep="""
            status sections since minutes has_passcode created_datetime ends_datetime ended_datetime
            at outcome files.lastUpdated files.fhirVersion links_url viewer_url contentType .shares embeddedLengthMax .[]
        """,
        inside="openings files",
        reference="share_id ?share_id",
        name="recipient",
        opaque="token file passcode ?token ?ticket embedded location",
    ),
)
