"""Whose record it is to read besides the patient's, and what residents add to it themselves."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, String, Table, Text

from gateway.columns import Instant
from gateway.database import metadata

_PATIENT = "health_patients.patient_id"

relations = Table(
    "health_relations",
    metadata,
    Column("subject", String(255), primary_key=True),
    Column("child", String(255), primary_key=True),
    Column("child_birthdate", Date, nullable=False),
    Column("since", Date, nullable=False),
    Index("ix_health_relations_child", "child"),
)
"""The gateway's copy of the register: `subject` is recorded as parent of the resident `child`."""

consents = Table(
    "health_consents",
    metadata,
    Column("consent_id", String(32), primary_key=True),
    Column("patient_id", ForeignKey(_PATIENT), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("carer", String(255)),
    Column("name", Text, nullable=False),
    Column("code_hash", String(64), unique=True),
    Column("code_until", Instant, nullable=False),
    Column("sections", Text, nullable=False),
    Column("until", Instant),
    Column("text_version", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("created", Instant, nullable=False),
    Column("decided", Instant),
    Column("ended", Instant),
    Column("ended_by", String(16), nullable=False, server_default=""),
    Index("ix_health_consents_subject", "subject"),
    Index("ix_health_consents_carer", "carer"),
    Index("ix_health_consents_patient_id", "patient_id"),
)
"""What an adult (`subject`) lets a carer read. `carer` is known once they accepted; `name` is as the
patient wrote it, then as the register has it; `sections` is a JSON list of LOINC codes, empty for
the whole record; of the invitation's code only its SHA-256 is kept, until it was used.
"""

code_failures = Table(
    "health_code_failures",
    metadata,
    Column("failure_id", String(32), primary_key=True),
    Column("subject", String(255), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_health_code_failures_subject", "subject", "at"),
)
"""Codes that opened nothing, so that nobody can try many."""

own_observations = Table(
    "health_own_observations",
    metadata,
    Column("patient_id", ForeignKey(_PATIENT), primary_key=True),
    Column("observation_id", String(64), primary_key=True),
    Column("subject", String(255), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("content", Text, nullable=False),
    Column("effective", Instant, nullable=False),
    Column("updated", Instant, nullable=False),
    Index("ix_health_own_observations_effective", "patient_id", "effective"),
)
"""What residents measured or noted themselves; `subject` wrote it: the patient, or a parent.
`content` is the JSON of what was typed. The id is made on the device, so that a second try of
the same one is no second line.
"""

corrections = Table(
    "health_corrections",
    metadata,
    Column("correction_id", String(32), primary_key=True),
    Column("patient_id", ForeignKey(_PATIENT), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("resource_type", String(64), nullable=False),
    Column("resource_id", String(255), nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("photos", Text, nullable=False),
    Column("facility", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("created", Instant, nullable=False),
    Column("updated", Instant, nullable=False),
    Index("ix_health_corrections_patient_id", "patient_id", "created"),
)
"""What somebody says is wrong with one line of a record, and what its facility made of it. The
line itself is never changed by this.
"""

proofs = Table(
    "health_proofs",
    metadata,
    Column("proof_id", String(32), primary_key=True),
    Column("subject", String(255), nullable=False),
    Column("correction_id", String(32)),
    Column("created", Instant, nullable=False),
    Index("ix_health_proofs_subject", "subject", "created"),
)
"""Photos that prove a correction; the pictures lie in the media store under `proof_id`."""
