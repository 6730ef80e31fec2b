"""Consents, who looked, erasure and export; and the resident's own cases at support."""

from services.diagnostics.classification import Area, classes

_PRIVACY, _SUPPORT = "/privacy", "/support/v1"

PRIVACY = Area(
    "privacy",
    (
        f"{_PRIVACY}/purposes",
        f"{_PRIVACY}/consents",
        f"{_PRIVACY}/consents/{{purpose}}",
        f"{_PRIVACY}/accesses",
        f"{_PRIVACY}/erasures",
        f"{_PRIVACY}/erasures/preview",
        f"{_PRIVACY}/erasures/{{erasure_id}}",
        f"{_PRIVACY}/exports",
        f"{_PRIVACY}/exports/{{export_id}}",
        f"{_PRIVACY}/exports/{{export_id}}/file",
        f"{_PRIVACY}/requests",
        f"{_PRIVACY}/desk/requests",
        f"{_PRIVACY}/desk/requests/{{request_id}}/answer",
    ),
    classes(
        keep="""
            purpose service sensitive text_version state decided decided_version
            may_decide decision_no decision received language way sections until created code_until
            ended ended_by blockers asked finished confirmed ?purpose by device
            .kind .area .answered .due .done .total .size .expires
            at act actor office thing client ?service ?own ?limit
        """,
        whole=".text purposes.text erased kept",
        inside="purposes history carers children accesses",
        reference="""
            child consent_id patient_id erasure_id export_id request_id access_id reference
            ?child ?erasure_id ?export_id ?request_id
        """,
        name="name",
        words=".description .answer",
        opaque="text_digest sha256 following ?after",
    ),
)

SUPPORT = Area(
    "support",
    (
        f"{_SUPPORT}/bundles",
        f"{_SUPPORT}/cases",
        f"{_SUPPORT}/cases/{{code}}",
        f"{_SUPPORT}/cases/{{code}}/bundle",
        f"{_SUPPORT}/cases/{{code}}/close",
        f"{_SUPPORT}/cases/{{code}}/messages",
        f"{_SUPPORT}/desk/cases",
        f"{_SUPPORT}/desk/log",
        f"{_SUPPORT}/desk/openings",
        f"{_SUPPORT}/desk/openings/{{opening_id}}",
        f"{_SUPPORT}/desk/openings/{{opening_id}}/answers",
        f"{_SUPPORT}/desk/openings/{{opening_id}}/bundle",
        f"{_SUPPORT}/desk/openings/{{opening_id}}/engineers",
        f"{_SUPPORT}/desk/personas",
    ),
    classes(
        keep="""
            state .bundle cases.bundle size created expires answer_by updated handed_over awaits author
            act datetime opening_ends ?state ?before .before
            acr about about_en ends token_type expires_in
        """,
        whole="faults",
        inside="cases messages openings entries residents",
        reference="""
            code message_id opening_id entry_id error_reference ?code ?opening_id persona_id
            .resident residents.resident
        """,
        name="name entries.resident",
        words="text purpose .description",
        drop="manifest access_token id_token",
    ),
)
