"""What is kept about certificates. Times are Unix seconds."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from gateway.database import metadata

IN_PROCESS = ("unpaid", "submitted", "received", "checking", "signing")
_IS_IN_PROCESS = text("status IN ('unpaid', 'submitted', 'received', 'checking', 'signing')")

applications = Table(
    "certificate_applications",
    metadata,
    Column("application_id", String(32), primary_key=True),
    Column("subject", String(255), nullable=False),
    Column("person", String(255), nullable=False, server_default=""),
    Column("relation", String(16), nullable=False, server_default="self"),
    Column("certificate_type", Integer, nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("contact_phone", String(20), nullable=False),
    Column("delivery", String(16), nullable=False),
    Column("fee", BigInteger, nullable=False),
    Column("identity", JSON, nullable=False),
    Column("status", String(16), nullable=False),
    Column("note", String(32)),
    Column("reason", String(32)),
    Column("submitted_at", Double, nullable=False),
    Column("due_at", Double, nullable=False),
    Column("working_days", JSON, nullable=False),
    Column("convictions", JSON),
    Column("number", String(32), unique=True),
    Column("code", String(16), unique=True),
    Column("former_names", JSON),
    Column("former_addresses", JSON),
    Column("holder_key", JSON),
    Column("renews", String(32)),
    Column("refusal_text", Text),
    Column("decision", String(16)),
    Column("passcode", String(200)),
    Column("passcode_failures", Integer, nullable=False, server_default="0"),
    Column("passcode_locked_until", Double, nullable=False, server_default="0"),
)
"""One application of the resident `subject` about `person`: themselves, or a child (`relation`).
`identity` is what the population register said of the person when it was sent, `convictions` what
goes on the form, `decision` an officer's about a record that needed a look, `holder_key` the
device's public key (JWK), `passcode` a salted and keyed hash, for form No. 2 alone."""

Index(
    "ix_certificate_applications_one_in_process",
    applications.c.person,
    unique=True,
    sqlite_where=_IS_IN_PROCESS,
    postgresql_where=_IS_IN_PROCESS,
)

history = Table(
    "certificate_history",
    metadata,
    Column(
        "application_id",
        ForeignKey("certificate_applications.application_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("position", Integer, primary_key=True),
    Column("status", String(16), nullable=False),
    Column("at", Double, nullable=False),
    Column("actor", String(16), nullable=False),
)
"""Which states an application went through, when, and by whose doing."""

certificates = Table(
    "certificates",
    metadata,
    Column("number", String(32), primary_key=True),
    Column(
        "application_id",
        ForeignKey("certificate_applications.application_id", ondelete="CASCADE"),
        nullable=False,
        unique=True,
    ),
    Column("code", String(16), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("issued_at", Double, nullable=False),
    Column("ended_on", Date),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("covered_digest", String(64), nullable=False, unique=True),
    Column("pages", Integer, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("ended_reason", String(32)),
    Column("credential", Text),
    Column("status_index", BigInteger),
    Column("archive", LargeBinary),
    Column("archive_sha256", String(64)),
)
"""One signed file. `status` is valid, revoked or superseded; from `ended_on` it has no force.
`credential` is its SD-JWT twin, `status_index` its place in the status list, `archive` what an
archive timestamp adds to the file (both together are the file of level B-LTA)."""

Index("uq_certificates_status_index", certificates.c.status_index, unique=True)
Index("uq_certificates_archive_sha256", certificates.c.archive_sha256, unique=True)

reads = Table(
    "certificate_reads",
    metadata,
    Column("read_id", Integer, primary_key=True, autoincrement=True),
    Column(
        "number", ForeignKey("certificates.number", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("at", Double, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("actor", String(16), nullable=False),
    Column("verdict", String(16)),
    Column("name", String(80)),
)
"""Who opened or checked a certificate: `kind` is certificate, page, credential, check or
presentation; only for the last is a name kept, which the checker typed and nobody verified."""

counters = Table(
    "certificate_counters",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", BigInteger, nullable=False),
)
"""The last number given out, by series."""
