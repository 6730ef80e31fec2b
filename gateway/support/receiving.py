"""Taking a bundle in: one multipart form, looked into before it is kept."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from pydantic_core import PydanticCustomError
from sqlalchemy import Connection
from starlette.datastructures import FormData, UploadFile

from gateway.consents import ledger
from gateway.database import Database
from gateway.idempotency import Attempt, body_hash, once, recall
from gateway.media_store import MediaStore
from gateway.problems import FieldError, Problem, invalid
from gateway.service_requests.draft import plain_text
from gateway.settings import Settings, SupportRules
from gateway.support import cases
from gateway.support.bundle_file import UnusableBundle, read_manifest
from gateway.support.wire import LONGEST_MESSAGE

CONSENT = "support_bundle"
FIELD, WORDS, REFERENCE = "bundle", "description", "error_reference"
FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [FIELD],
                    "properties": {
                        FIELD: {"type": "string", "format": "binary"},
                        WORDS: {"type": "string", "maxLength": LONGEST_MESSAGE},
                        REFERENCE: {"type": "string", "maxLength": 64},
                    },
                }
            }
        },
    }
}
"""The form, for the OpenAPI document."""
_REFERENCE = re.compile(r"[A-Za-z0-9._:-]{0,64}")


@dataclass(frozen=True, slots=True)
class Sent:
    """A bundle as it came, with what its resident writes to it and the error they met."""

    data: bytes = field(repr=False)
    words: str = field(repr=False)
    error_reference: str

    def body_hash(self) -> str:
        """What is asked for."""
        digest = hashlib.sha256(self.data).hexdigest()
        return body_hash("support.send", digest, self.words, self.error_reference)


async def read_sent(request: Request, rules: SupportRules) -> Sent:
    """Read the form. Raises a 400, 413, 415 or 422 `Problem`."""
    content_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if content_type != "multipart/form-data":
        raise Problem(415, "unsupported-media-type", "Send a multipart form")
    async with request.form(max_files=1, max_fields=2, max_part_size=4 * LONGEST_MESSAGE) as form:
        file = form.get(FIELD)
        if not isinstance(file, UploadFile):
            raise invalid([FieldError(field=FIELD, code="missing")])
        if (file.size or 0) > rules.bundle_limit:
            raise invalid([FieldError(field=FIELD, code="bundle_too_large")])
        return Sent(await file.read(), _words(form), _reference(form))


def _words(form: FormData) -> str:
    try:
        words = plain_text(_text(form, WORDS))
    except PydanticCustomError as error:
        raise invalid([FieldError(field=WORDS, code=error.type)]) from error
    if len(words) > LONGEST_MESSAGE:
        raise invalid([FieldError(field=WORDS, code="too_long")])
    return words


def _reference(form: FormData) -> str:
    found = _text(form, REFERENCE).strip()
    if not _REFERENCE.fullmatch(found):
        raise invalid([FieldError(field=REFERENCE, code="unreadable")])
    return found


def _text(form: FormData, name: str) -> str:
    found = form.get(name, "")
    return found if isinstance(found, str) else ""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What keeping a bundle needs."""

    settings: Settings
    database: Database
    store: MediaStore

    def keep(self, sent: Sent, attempt: Attempt) -> tuple[str, bool]:
        """The bundle's code, and whether it was known already. Blocks.

        Raises a 403 `Problem` without the resident's consent, a 422 or 429 one.
        """
        if attempt.key is not None:
            earlier = self.database.run_here(lambda db: recall(db, attempt), write=False)
            if earlier is not None:
                return str(earlier), True
        manifest = _manifest(sent.data, self.settings.support.unpacked_limit)
        new = cases.NewCase(len(sent.data), manifest, sent.error_reference, sent.words)
        case_id, is_new = secrets.token_hex(16), False
        try:
            self.store.put_bundle(case_id, sent.data)
            code, is_repeated = self.database.run_here(
                lambda db: self._begin(db, case_id, new, attempt)
            )
            is_new = not is_repeated
            return str(code), is_repeated
        finally:
            if not is_new:
                self.store.delete(case_id)

    def _begin(
        self, db: Connection, case_id: str, new: cases.NewCase, attempt: Attempt
    ) -> tuple[Any, bool]:
        def work() -> str:
            ledger.demand(db, attempt.subject, CONSENT, self.settings)
            return cases.begin(
                db, attempt.subject, case_id, new, self.settings.support, attempt.now
            )

        return once(db, attempt, work)


def _manifest(data: bytes, most_unpacked: int) -> dict[str, Any]:
    try:
        return read_manifest(data, most_unpacked)
    except UnusableBundle as error:
        raise invalid([FieldError(field=FIELD, code=error.code)]) from error
