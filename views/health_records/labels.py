"""Names of FHIR elements for people, for what a line says beyond its title."""

from app.text import _


def label_of(element: str) -> str:
    """The element in the resident's language; an element without a word keeps its own name."""
    words = {
        "category": _("Kind"),
        "severity": _("Severity"),
        "bodySite": _("Where on the body"),
        "site": _("Where on the body"),
        "route": _("How it is given"),
        "method": _("Method"),
        "reasonCode": _("Reason"),
        "statusReason": _("Why this state"),
        "outcome": _("Outcome"),
        "complication": _("Complication"),
        "followUp": _("Afterwards"),
        "targetDisease": _("Against"),
        "reaction": _("Reactions"),
        "evidence": _("Evidence"),
        "stage": _("Stage"),
        "programEligibility": _("Programme"),
        "fundingSource": _("Paid by"),
        "dischargeDisposition": _("After the visit"),
        "asserter": _("Stated by"),
        "recorder": _("Recorded by"),
        "informationSource": _("Told by"),
        "requester": _("Prescribed by"),
        "performer": _("Done by"),
        "location": _("Place"),
        "manufacturer": _("Manufacturer"),
        "specimen": _("Sample"),
        "device": _("Device"),
        "author": _("Written by"),
        "participant": _("Who took part"),
        "serviceProvider": _("Facility"),
        "recordedDate": _("Recorded on"),
        "dateAsserted": _("Stated on"),
        "authoredOn": _("Prescribed on"),
        "issued": _("Result given on"),
        "lastOccurrence": _("Last time"),
        "expirationDate": _("Best before"),
        "whenPrepared": _("Prepared on"),
        "whenHandedOver": _("Handed over on"),
        "quantity": _("Amount given out"),
        "expectedSupplyDuration": _("For how long"),
        "numberOfRepeatsAllowed": _("May be repeated, times"),
    }
    return words.get(element, element)
