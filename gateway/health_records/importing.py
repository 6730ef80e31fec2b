"""`python -m gateway import-health`: loads records, says what was kept or left and why."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from gateway.database import Database
from gateway.health_records.arrivals import ALREADY_THERE, Kept, Opened, Origin, Piece
from gateway.health_records.bundles import BrokenBundleError, Entry, ReadBundle, read_bundle
from gateway.health_records.export import Export
from gateway.health_records.keeping import batches, begin, finish, keep, keep_batch
from gateway.health_records.progress import Bar
from gateway.health_records.reporting import report
from gateway.health_records.sandbox import seed
from gateway.health_records.store import (
    learn_names,
    main_patient,
    patient_named,
    patient_of_subject,
)
from gateway.health_records.streaming import LARGE, BundleStream, survey
from gateway.health_records.tables import patients
from gateway.settings import Settings

NO_PATIENT = "no Patient in the bundle, and no --subject given"
_LINES = (".ndjson", ".jsonl")


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
    importing = Importing(database, settings, options.subject)
    lines = [file for file in options.files if file.endswith(_LINES)]
    try:
        export = Export(database, settings, options.subject, options.source)
        done = [_reported(file, lambda f=file: export.learn(Path(f))) for file in lines]
        done += [
            _reported(file, lambda f=file: export.add(Path(f)) if f in lines else importing.add(f))
            for file in options.files
        ]
    finally:
        database.close()
    return 0 if all(done) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m gateway import-health",
        description="Load FHIR R4 records: bundles (IPS documents, Synthea, plain) and NDJSON.",
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="a Bundle as JSON, or .ndjson")
    parser.add_argument(
        "--subject",
        metavar="ID",
        type=_subject,
        help="whose record: a resident's OpenID Connect sub; without it, the bundle's Patient",
    )
    parser.add_argument(
        "--source",
        metavar="NAME",
        help="which system the NDJSON files are from, where their ids are its own; else the folder",
    )
    return parser


def _subject(value: str) -> str:
    if not value.strip() or len(value) > 255:
        raise argparse.ArgumentTypeError("an ID has 1 to 255 characters")
    return value


def _reported(file: str, work: object) -> bool:
    """Do it and print what became of the file; False when it could not be read."""
    try:
        line = work() if callable(work) else ""
    except OSError as error:
        print(f"{file}: could not be read: {_reason(error)}.", file=sys.stderr)
        return False
    except (BrokenBundleError, UnclearPatientError) as error:
        print(f"{file}: could not be read: {error}.", file=sys.stderr)
        return False
    if line:
        print(f"{file}: {line}")
    return True


class UnclearPatientError(ValueError):
    """It cannot be told whose bundle it is."""


@dataclass(frozen=True, slots=True)
class Importing:
    """Imports bundle after bundle: small ones at once, large ones batch by batch."""

    database: Database
    settings: Settings
    subject: str | None = field(repr=False)

    def add(self, file: str) -> str:
        """Import one Bundle; the line that says what became of it.

        Raises OSError, BrokenBundleError and UnclearPatientError.
        """
        path = Path(file)
        if path.stat().st_size > LARGE:
            return self._stream(path)
        bundle = read_bundle(path.read_bytes())
        kept = self.database.run_here(
            lambda c: add_bundle(c, self.settings, bundle, path.name, self.subject)
        )
        return self._report(kept, len(bundle.entries), bundle.without_resource)

    def _stream(self, path: Path) -> str:
        """Two passes: whose it is, then batch by batch, each in a transaction of its own."""
        size = path.stat().st_size
        with Bar(path.name, 2 * size) as bar:
            found = survey(path, bar.advance)
            patient_id = self.database.run_here(lambda c: self._patient(c, found.patient))
            if patient_id is None:
                kept = Kept("", Counter(), Counter({NO_PATIENT: found.count}))
                return self._report(kept, found.count, found.without_resource)
            origin = Origin(path.name, self.settings.clock())
            opened = self.database.run_here(lambda c: begin(c, patient_id, found.head, origin))
            if opened is None:
                kept = Kept(patient_id, Counter(), Counter({ALREADY_THERE: found.count}))
                return self._report(kept, found.count, found.without_resource)
            kept = Kept(patient_id, Counter(), Counter())
            stream = BundleStream(path, bar.advance)
            for batch in batches(stream.pieces()):
                kept.add(self._keep(opened, batch))
                bar.count(sum(kept.new.values()))
            self.database.run_here(lambda c: finish(c, opened, stream.tail))
        return self._report(kept, found.count, found.without_resource)

    def _report(self, kept: Kept, count: int, without_resource: int) -> str:
        query = select(patients.c.subject).where(patients.c.patient_id == kept.patient_id)
        owner = self.database.run_here(lambda c: c.scalar(query), write=False)
        return report(kept, count, without_resource, unclaimed=bool(kept.patient_id) and not owner)

    def _keep(self, opened: Opened, batch: list[Piece]) -> Kept:
        return self.database.run_here(lambda c: keep_batch(c, opened, batch))

    def _patient(self, connection: Connection, patient: Entry | None) -> str | None:
        return _record_of(connection, patient, self.subject)


def add_bundle(
    connection: Connection,
    settings: Settings,
    bundle: ReadBundle,
    source: str,
    subject: str | None,
) -> Kept:
    """Store a bundle in the resident's record, or in the one its own Patient's identifiers name."""
    place = main_patient(bundle.entries)
    patient = bundle.entries[place] if place is not None else None
    patient_id = _record_of(connection, patient, subject)
    if patient_id is None:
        return Kept("", Counter(), Counter({NO_PATIENT: len(bundle.entries)}))
    return keep(connection, patient_id, bundle, Origin(source, settings.clock()))


def _record_of(connection: Connection, patient: Entry | None, subject: str | None) -> str | None:
    if subject is not None:
        patient_id = patient_of_subject(connection, subject)
        if patient is not None:
            learn_names(connection, patient_id, patient)
        return patient_id
    if patient is None:
        return None
    try:
        return patient_named(connection, patient)
    except ValueError as error:
        raise UnclearPatientError(str(error)) from error


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[0].lower() + error.strerror[1:]
    return type(error).__name__
