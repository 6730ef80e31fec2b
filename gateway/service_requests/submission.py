"""Taking a report in: photos cleaned and stored, the record written once, all in one worker
thread.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from gateway.database import Database
from gateway.idempotency import Attempt, once, recall
from gateway.media_store import MediaStore
from gateway.photos import Photo, UnusablePhoto, clean
from gateway.problems import FieldError, invalid
from gateway.service_requests import records
from gateway.service_requests.agencies import agencies
from gateway.service_requests.api_keys import Submitter
from gateway.service_requests.draft import NewServiceRequest
from gateway.service_requests.form import MEDIA_FIELD, Submission
from gateway.service_requests.limits import hold_back
from gateway.service_requests.moving import Scene, attach
from gateway.service_requests.services import deadline_of, graver, notice_of, services
from gateway.settings import Settings


@dataclass(frozen=True, slots=True)
class Intake:
    """What taking a report in needs."""

    settings: Settings
    database: Database
    store: MediaStore

    def submit(
        self, submission: Submission, attempt: Attempt, submitter: Submitter | None = None
    ) -> tuple[Any, bool]:
        """The receipt, and whether it repeats an earlier one. Blocks. Raises a 422 `Problem`."""
        earlier = self._recall(attempt)
        if earlier is not None:
            return earlier, True
        photos = _clean(submission.photos)
        kept = {secrets.token_hex(16): photo for photo in photos}
        is_new = False
        try:
            for media_id, photo in kept.items():
                self.store.put(media_id, photo)
            receipt, is_repeated = self.database.run_here(
                lambda db: self._write(db, submission, attempt, tuple(kept), submitter)
            )
            is_new = not is_repeated
            return receipt, is_repeated
        finally:
            if not is_new:
                for media_id in kept:
                    self.store.delete(media_id)

    def _recall(self, attempt: Attempt) -> Any:
        if attempt.key is None:
            return None
        return self.database.run_here(lambda connection: recall(connection, attempt), write=False)

    def _write(
        self,
        connection: Connection,
        submission: Submission,
        attempt: Attempt,
        media_ids: tuple[str, ...],
        submitter: Submitter | None,
    ) -> tuple[Any, bool]:
        values = record_of(submission.draft, attempt.now, self.settings)
        values["attributes"] = submission.attributes
        photos = [records.StoredPhoto(media_id) for media_id in media_ids]
        scene = Scene(connection, self.settings, attempt.now)

        def work() -> dict[str, Any]:
            if submitter is None:
                hold_back(connection, attempt, self.settings.handling)
            else:
                values.update(_of_submitter(submitter))
            made = records.add(connection, attempt.subject, values, photos)
            attach(scene, attempt.subject, submission.media_ids, made, None, "before")
            return {
                "service_request_id": None if values.get("token") else made,
                "token": values.get("token"),
                "service_notice": values["service_notice"],
                "account_id": None,
            }

        return once(connection, attempt, work)


def _of_submitter(submitter: Submitter) -> dict[str, Any]:
    token = secrets.token_urlsafe(24) if submitter.answers_tokens else None
    return {"submitter": submitter.name, "token": token}


def record_of(draft: NewServiceRequest, sent: datetime, settings: Settings) -> dict[str, Any]:
    """The columns of a new report: its agency and deadline follow from what was entered."""
    urgency = graver(services()[draft.service_code].urgency, draft.urgency)
    deadline = deadline_of(urgency, sent, settings.deadlines)
    agency = agencies(settings).route(draft.service_code, draft.ward.code, sent)
    lat, long = draft.point or (None, None)
    return {
        "service_code": draft.service_code,
        "description": draft.description,
        "urgency": urgency,
        "agency_code": agency.code,
        "agency_responsible": agency.name,
        "service_notice": notice_of(agency.name, urgency, settings.deadlines),
        "requested_datetime": sent,
        "expected_datetime": deadline.due,
        "working_days": [day.isoformat() for day in deadline.working_days],
        "address": draft.address_string,
        "ward_code": draft.ward.code,
        "lat": lat,
        "long": long,
        "hide_name": draft.hide_name == "true",
    }


def _clean(photos: tuple[bytes, ...]) -> list[Photo]:
    cleaned, errors = [], []
    for position, data in enumerate(photos):
        try:
            cleaned.append(clean(data))
        except UnusablePhoto as error:
            errors.append(FieldError(field=f"{MEDIA_FIELD}.{position}", code=error.code))
    if errors:
        raise invalid(errors)
    return cleaned
