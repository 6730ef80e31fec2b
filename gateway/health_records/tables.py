"""What the gateway keeps of health records. A resource stays word for word as it came."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Double,
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
    Column("scope", String(600), nullable=False),
    Column("patient_names", Text, nullable=False),
    Column("facility_id", String(64)),
    Column("is_complete", Boolean, nullable=False),
    UniqueConstraint("patient_id", "digest"),
)
"""A bundle as it came, without its entries: `envelope` is its text behind the last resource.

`scope` makes its relative names unlike those of other bundles; `patient_names` is a JSON list of
all that its references call the patient; `facility_id` sent it itself.
"""

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
    Index("ix_health_resources_patient_id_id", "patient_id", "id"),
)
"""One FHIR resource of one patient: `type`, its own `id` (may be empty) and its JSON text."""

entries = Table(
    "health_entries",
    metadata,
    Column("bundle_id", ForeignKey(bundles.c.bundle_id), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("full_url", Text, nullable=False),
    Column("row_id", ForeignKey(resources.c.row_id), index=True),
    Column("logical_id", String(64), index=True),
    Column("before", Text, nullable=False),
)
"""Where in its bundle a resource stood; without `row_id` what stood there was left out.

`before` is the bundle's text between the resource before and this one.
"""

current = Table(
    "health_current",
    metadata,
    Column("current_id", Integer, primary_key=True),
    Column("patient_id", ForeignKey(patients.c.patient_id), nullable=False),
    Column("type", String(64), nullable=False),
    Column("logical_id", String(64), nullable=False, unique=True),
    Column("row_id", ForeignKey(resources.c.row_id)),
    Column("bundle_id", ForeignKey(bundles.c.bundle_id), nullable=False),
    Column("full_url", Text, nullable=False),
    Column("updated", Instant, nullable=False),
    Column("section", String(64)),
    Column("day", Double, nullable=False),
    Index("ix_health_current_patient_id_type_day", "patient_id", "type", "day"),
    Index("ix_health_current_patient_id_updated", "patient_id", "updated"),
)
"""The resources that stand today, one row for each logical id: what the FHIR server serves.

`section` is the IPS section a resource belongs to, `day` its principal date in milliseconds since
1970. Without `row_id` it is a Patient no bundle brought.
"""

search_values = Table(
    "health_search_values",
    metadata,
    Column("value_id", Integer, primary_key=True),
    Column("current_id", ForeignKey(current.c.current_id), nullable=False, index=True),
    Column("patient_id", String(64), nullable=False),
    Column("type", String(64), nullable=False),
    Column("name", String(64), nullable=False),
    Column("system", String(255), nullable=False),
    Column("code", String(255), nullable=False),
    Column("low", Double),
    Column("high", Double),
    Index("ix_health_search_values_code", "patient_id", "type", "name", "code"),
    Index("ix_health_search_values_low", "patient_id", "type", "name", "low"),
)
"""What a resource is found by: one row for each value of each search parameter."""

patient_names = Table(
    "health_patient_names",
    metadata,
    Column("name", String(600), primary_key=True),
    Column("patient_id", ForeignKey(patients.c.patient_id), nullable=False),
)
"""Which record an identifier (`system|value`), or a source's own Patient id, means."""

search_pages = Table(
    "health_search_pages",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("subject", String(255), nullable=False),
    Column("client_id", String(255), nullable=False),
    Column("question", Text, nullable=False),
    Column("created", Instant, nullable=False, index=True),
)
"""The next pages that were offered, each to one caller: what was asked, and where to go on."""

facilities = Table(
    "health_facilities",
    metadata,
    Column("facility_id", String(64), primary_key=True),
    Column("name", String(255), nullable=False),
    Column("ward_code", String(16), nullable=False),
    Column("secret_hash", String(64)),
    Column("added_at", Instant, nullable=False),
    Column("ended_at", Instant),
)
"""The register of connected facilities; without `secret_hash` one sends nothing itself."""

accesses = Table(
    "health_accesses",
    metadata,
    Column("access_id", Integer, primary_key=True),
    Column("patient_id", ForeignKey(patients.c.patient_id), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("client_id", String(255), nullable=False),
    Column("interaction", String(32), nullable=False),
    Column("basis", String(32), nullable=False),
    Column("part", String(255), nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("name", String(255), nullable=False),
    Column("request_id", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_health_accesses_patient_id_at", "patient_id", "at"),
)
"""Each look into a record: who (`subject`, by `client_id`), when, which part, by what right.

`name` is what somebody without an account called themselves, not verified.
"""
