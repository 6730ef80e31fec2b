"""`python -m gateway import-health`: loads bundles, says what was kept or left and why."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from gateway.database import Database
from gateway.health_records.bundles import BrokenBundleError, ReadBundle, read_bundle
from gateway.health_records.keeping import Kept, Origin, keep
from gateway.health_records.sandbox import seed
from gateway.health_records.store import (
    learn_names,
    main_patient,
    patient_named,
    patient_of_subject,
)
from gateway.settings import Settings

NO_PATIENT = "no Patient in the bundle, and no --subject given"


def import_health(argv: Sequence[str], settings: Settings) -> int:
    """Run the command. 0 unless a file could not be read or the database not be reached, then 1."""
    options = _parser().parse_args(argv)
    try:
        settings.data_folder.mkdir(parents=True, exist_ok=True)
        database = Database(settings.database_url)
        database.migrate()
        seed(settings, database)  # A sandbox record stands before what is added to it.
    except (OSError, SQLAlchemyError) as error:
        print(f"The database cannot be opened: {_reason(error)}.", file=sys.stderr)
        return 1
    try:
        done = [_import_file(database, settings, file, options.subject) for file in options.files]
    finally:
        database.close()
    return 0 if all(done) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m gateway import-health",
        description="Load FHIR R4 bundles (IPS documents, Synthea, plain) into health records.",
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="a Bundle as JSON")
    parser.add_argument(
        "--subject",
        metavar="ID",
        type=_subject,
        help="whose record: a resident's OpenID Connect sub; without it, the bundle's Patient",
    )
    return parser


def _subject(value: str) -> str:
    if not value.strip() or len(value) > 255:
        raise argparse.ArgumentTypeError("an ID has 1 to 255 characters")
    return value


def _import_file(database: Database, settings: Settings, file: str, subject: str | None) -> bool:
    """Import one file and print what became of it; False when it could not be read."""
    try:
        bundle = read_bundle(Path(file).read_bytes())
    except OSError as error:
        print(f"{file}: could not be read: {_reason(error)}.", file=sys.stderr)
        return False
    except BrokenBundleError as error:
        print(f"{file}: could not be read: {error}.", file=sys.stderr)
        return False
    kept = database.run_here(
        lambda connection: add_bundle(connection, settings, bundle, Path(file).name, subject)
    )
    print(f"{file}: {_report(bundle, kept, subject)}")
    return True


def add_bundle(
    connection: Connection,
    settings: Settings,
    bundle: ReadBundle,
    source: str,
    subject: str | None,
) -> Kept:
    """Store a bundle in the resident's record, or in the unclaimed one of its own Patient."""
    place = main_patient(bundle.entries)
    if subject is not None:
        patient_id = patient_of_subject(connection, subject)
        if place is not None:
            learn_names(connection, patient_id, bundle.entries[place])
    elif place is not None:
        patient_id = patient_named(connection, bundle.entries[place])
    else:
        return Kept("", Counter(), Counter({NO_PATIENT: len(bundle.entries)}))
    return keep(connection, patient_id, bundle, Origin(source, settings.clock()))


def _report(bundle: ReadBundle, kept: Kept, subject: str | None) -> str:
    """Counts only: names and codes of a record do not belong on a terminal."""
    total = sum(kept.new.values())
    types = ", ".join(f"{count} {kind}" for kind, count in sorted(kept.new.items()))
    lines = [f"kept {total} of {len(bundle.entries)} resources" + (f" ({types})" if types else "")]
    lines += [f"left {count}: {reason}" for reason, count in sorted(kept.left.items())]
    if bundle.without_resource:
        lines.append(f"left {bundle.without_resource}: no resource in the entry")
    if kept.patient_id and subject is None:
        lines.append("stored as unclaimed")
    return "; ".join(lines) + "."


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[0].lower() + error.strerror[1:]
    return type(error).__name__
