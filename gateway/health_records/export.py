"""NDJSON of FHIR Bulk Data: one resource a line, many patients a file, in any order."""

from __future__ import annotations

import hashlib
from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, insert, select

from gateway.database import Database
from gateway.health_records.arrivals import (
    BATCH,
    EXPORT,
    NO_TYPE,
    Head,
    Kept,
    Opened,
    Origin,
    Piece,
)
from gateway.health_records.bundles import Entry
from gateway.health_records.keeping import begin, keep_batch
from gateway.health_records.naming import short
from gateway.health_records.progress import Bar
from gateway.health_records.reporting import report
from gateway.health_records.store import (
    learn_names,
    patient_named,
    patient_of_subject,
    reference_of,
)
from gateway.health_records.streaming import lines_of
from gateway.health_records.tables import patient_names
from gateway.settings import Settings

UNKNOWN_PATIENT = "about a patient who is not in the files"
NO_PATIENT = "about no patient"
BROKEN = "a line that is not JSON"
_OWNERS = ("subject", "patient", "beneficiary")
_MOST_OPEN = 1000

Line = tuple[int, Entry]


@dataclass(slots=True)
class Export:
    """One export of one source: first its Patients are learned, then everything is added.

    An id counts inside `source` only (else inside the file's folder), so that two systems that both
    number their patients 1 are not mixed. With `subject` all is that resident's.
    """

    database: Database
    settings: Settings
    subject: str | None = field(repr=False)
    source: str | None = None
    _known: OrderedDict[str, str] = field(default_factory=OrderedDict, repr=False)
    _open: OrderedDict[str, Opened] = field(default_factory=OrderedDict, repr=False)

    def learn(self, path: Path) -> str:
        """Begin or find the record of every Patient in a file. Raises OSError and ValueError."""
        waiting: list[Entry] = []
        with Bar(path.name, path.stat().st_size) as bar:
            for _, entry in lines_of(path, bar.advance):
                if entry is not None and entry.type == "Patient" and entry.id:
                    waiting.append(entry)
                if len(waiting) >= BATCH:
                    self._learn(path, waiting)
                    waiting = []
        self._learn(path, waiting)
        return ""

    def add(self, path: Path) -> str:
        """Import one file; the line that says what became of it. Raises OSError and ValueError."""
        self._open.clear()
        digest = _digest(path)
        kept, lines = Kept("", Counter(), Counter()), 0
        waiting: list[Line] = []
        with Bar(path.name, path.stat().st_size) as bar:
            for number, entry in lines_of(path, bar.advance):
                lines += 1
                if entry is None:
                    kept.left[BROKEN] += 1
                    continue
                waiting.append((number, entry))
                if len(waiting) >= BATCH:
                    self._add(path, digest, waiting, kept)
                    waiting = []
                    bar.count(sum(kept.new.values()))
            self._add(path, digest, waiting, kept)
        return report(kept, lines, 0)

    def _learn(self, path: Path, patients: list[Entry]) -> None:
        self.database.run_here(lambda c: self._learn_in(c, path, patients))

    def _learn_in(self, connection: Connection, path: Path, patients: list[Entry]) -> None:
        for patient in patients:
            if self.subject is not None:
                patient_id = patient_of_subject(connection, self.subject)
                learn_names(connection, patient_id, patient)
            else:
                patient_id = patient_named(connection, patient)
            name = self._name(path, f"Patient/{patient.id}")
            known = select(patient_names.c.patient_id).where(patient_names.c.name == name)
            if connection.scalar(known) is None:
                row = {"name": name, "patient_id": patient_id}
                connection.execute(insert(patient_names).values(row))

    def _add(self, path: Path, digest: str, lines: list[Line], kept: Kept) -> None:
        if lines:
            kept.add(self.database.run_here(lambda c: self._add_in(c, path, digest, lines)))

    def _add_in(self, connection: Connection, path: Path, digest: str, lines: list[Line]) -> Kept:
        kept = Kept("", Counter(), Counter())
        groups: dict[str, list[Piece]] = {}
        for number, entry in lines:
            patient_id, reason = self._patient_of(connection, path, entry)
            if patient_id is None:
                kept.left[reason] += 1
            else:
                groups.setdefault(patient_id, []).append(Piece(number, "\n", entry))
        for patient_id, pieces in groups.items():
            called = _patient_in(pieces[0].entry)
            opened = self._opened(connection, path, digest, patient_id, called)
            kept.add(keep_batch(connection, opened, pieces))
        return kept

    def _patient_of(
        self, connection: Connection, path: Path, entry: Entry
    ) -> tuple[str | None, str]:
        if not entry.type:
            return None, NO_TYPE
        if self.subject is not None:
            return self._subject_of(connection), ""
        said = _patient_in(entry)
        if not said:
            return None, NO_PATIENT
        return self._look_up(connection, self._name(path, said)), UNKNOWN_PATIENT

    def _subject_of(self, connection: Connection) -> str:
        name = "subject"
        if name not in self._known:
            self._known[name] = patient_of_subject(connection, self.subject or "")
        return self._known[name]

    def _look_up(self, connection: Connection, name: str) -> str | None:
        if name not in self._known:
            query = select(patient_names.c.patient_id).where(patient_names.c.name == name)
            found = connection.scalar(query)
            if found is None:
                return None
            self._known[name] = found
            if len(self._known) > _MOST_OPEN:
                self._known.popitem(last=False)
        return self._known[name]

    def _opened(
        self, connection: Connection, path: Path, digest: str, patient_id: str, called: str
    ) -> Opened:
        """The part of the file that is this patient's; only so many are held open at once."""
        found = self._open.pop(patient_id, None)
        if found is None:
            own = hashlib.sha256(f"{digest}|{patient_id}".encode()).hexdigest()
            scope = self._name(path, "")
            head = Head(EXPORT, "", "", own, None, frozenset({called}), frozenset(), scope)
            origin = Origin(path.name, self.settings.clock())
            found = begin(connection, patient_id, head, origin)
            if found is None:
                raise AssertionError("a part of an export is never closed")
        self._open[patient_id] = found
        if len(self._open) > _MOST_OPEN:
            self._open.popitem(last=False)
        return found

    def _name(self, path: Path, name: str) -> str:
        return f"{self.source or path.absolute().parent}#{name}"[-600:]


def _patient_in(entry: Entry) -> str:
    """`Patient/id` of whom a line is about, or nothing."""
    if entry.type == "Patient":
        return f"Patient/{entry.id}"
    said = (reference_of(entry.resource.get(name)) for name in _OWNERS)
    return short(next(filter(None, said), "").split("/_history/")[0])


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
