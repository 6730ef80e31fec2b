"""Children and carers, own measurements, corrections, proofs."""

from services.diagnostics.classification import Area, classes

_BASE = "/health/v1"

PEOPLE = Area(
    "people",
    (
        f"{_BASE}/people",
        f"{_BASE}/consents/text",
        f"{_BASE}/consents",
        f"{_BASE}/consents/{{consent_id}}",
        f"{_BASE}/invitations/opening",
        f"{_BASE}/invitations/decision",
        f"{_BASE}/observations",
        f"{_BASE}/observations/{{observation_id}}",
        f"{_BASE}/corrections",
        f"{_BASE}/proofs",
        f"{_BASE}/proofs/{{proof_id}}",
    ),
    classes(
        keep="""
            ends_on ended sections until state code_until ended_by created updated kind unit version
            vi en resource_type reason decision text_version ?size
        """,
        whole="text",
        inside="""
            dependants parents carers past_carers cared_for observations corrections
        """,
        reference="""
            patient_id consent_id observation_id correction_id resource_id media_id media_ids proof_id
            ?patient ?consent_id ?observation_id ?proof_id
        """,
        name="name patient_name by",
        birthdate="birthdate",
        date="effective",
        number="values",
        words="note title description facility",
        opaque="code code_hash",
        link="url thumbnail_url",
        drop=".media",
    ),
)
