"""What the gateway keeps of health records. A resource stays word for word as it came."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from gateway.columns import Instant
from gateway.database import metadata

patients = Table(
    "health_patients",
    metadata,
    Column("patient_id", String(64), primary_key=True),
    Column("subject", String(255), unique=True),
    Column("identifier", String(512), unique=True),
)
"""One record each. `patient_id` is FHIR's logical id; without a `subject` it is unclaimed."""

bundles = Table(
    "health_bundles",
    metadata,
    Column("bundle_id", Integer, primary_key=True),
    Column("patient_id", ForeignKey(patients.c.patient_id), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("source", String(255), nullable=False),
    Column("type", String(32), nullable=False),
    Column("identifier", String(512), nullable=False),
    Column("timestamp", String(64), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("envelope", Text, nullable=False),
    UniqueConstraint("patient_id", "digest"),
)
"""A bundle as it came, without its resources: `envelope` is its text, cut where each one stood."""

resources = Table(
    "health_resources",
    metadata,
    Column("row_id", Integer, primary_key=True),
    Column("patient_id", ForeignKey(patients.c.patient_id), nullable=False),
    Column("type", String(64), nullable=False),
    Column("id", String(255), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("raw", Text, nullable=False),
    UniqueConstraint("patient_id", "digest"),
)
"""One FHIR resource of one patient: `type`, its own `id` (may be empty) and its JSON text."""

entries = Table(
    "health_entries",
    metadata,
    Column("bundle_id", ForeignKey(bundles.c.bundle_id), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("full_url", Text, nullable=False),
    Column("row_id", ForeignKey(resources.c.row_id)),
)
"""Where in its bundle a resource stood; without `row_id` what stood there was left out."""

accesses = Table(
    "health_accesses",
    metadata,
    Column("access_id", Integer, primary_key=True),
    Column("patient_id", ForeignKey(patients.c.patient_id), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("client_id", String(255), nullable=False),
    Column("interaction", String(32), nullable=False),
    Column("basis", String(32), nullable=False),
    Column("request_id", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_health_accesses_patient_id_at", "patient_id", "at"),
)
"""Each look into a record: who (`subject`, by `client_id`), when, which part, by what right."""
