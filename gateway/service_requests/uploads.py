"""Photos and documents sent ahead of what they belong to, each under an idempotency key, so that
what is there need not be sent again.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from pydantic_core import PydanticCustomError
from sqlalchemy import Connection, insert
from starlette.datastructures import UploadFile

from gateway.database import Database
from gateway.documents import UnusableDocument, check_document
from gateway.idempotency import Attempt, body_hash, once, recall
from gateway.media_store import MediaStore
from gateway.photos import Photo, UnusablePhoto, clean
from gateway.problems import FieldError, Problem, invalid
from gateway.service_requests.draft import plain_text
from gateway.service_requests.form import MEDIA_FIELD
from gateway.service_requests.limits import hold_back_uploads
from gateway.service_requests.tables import media
from gateway.settings import Settings

DESCRIPTION_MOST = 300
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it came, with the words that stand for it where it cannot be seen."""

    data: bytes = field(repr=False)
    content_type: str
    description: str = field(default="", repr=False)

    def body_hash(self) -> str:
        """What is asked for."""
        digest = hashlib.sha256(self.data).hexdigest()
        return body_hash("reports.photos", digest, self.description)


async def read_upload(request: Request, settings: Settings, *, documents: bool) -> Upload:
    """Read a multipart body of one `media` and an optional `description`; a PDF only where
    `documents` are taken. Raises a 400, 413, 415 or 422 `Problem`.
    """
    content_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if content_type != "multipart/form-data":
        raise Problem(415, "unsupported-media-type", "Send a multipart form")
    async with request.form(max_files=2, max_fields=4, max_part_size=4_000) as form:
        files = [item for item in form.getlist(MEDIA_FIELD) if isinstance(item, UploadFile)]
        words = form.get("description", "")
        if len(files) != 1:
            code = "too_many" if files else "required"
            raise invalid([FieldError(field=MEDIA_FIELD, code=code)])
        if isinstance(words, UploadFile) or len(words) > DESCRIPTION_MOST:
            raise invalid([FieldError(field="description", code="string_too_long")])
        if files[0].content_type == PDF and not documents:
            raise invalid([FieldError(field=MEDIA_FIELD, code="unsupported_type")])
        if (files[0].size or 0) > settings.photo_limit:
            raise invalid([FieldError(field=MEDIA_FIELD, code="too_large")])
        return Upload(await files[0].read(), files[0].content_type or "", _plain(words))


def _plain(words: str) -> str:
    try:
        return plain_text(words)
    except PydanticCustomError as error:
        raise invalid([FieldError(field="description", code=error.type)]) from error


@dataclass(frozen=True, slots=True)
class Uploads:
    """What keeping an upload needs."""

    settings: Settings
    database: Database
    store: MediaStore

    def keep(self, upload: Upload, attempt: Attempt) -> tuple[dict[str, Any], bool]:
        """The answer, and whether it repeats an earlier one. Blocks. Raises a 422 `Problem`."""
        if attempt.key is not None:
            earlier = self.database.run_here(lambda db: recall(db, attempt), write=False)
            if earlier is not None:
                return earlier, True
        photo = _usable(upload)
        media_id = secrets.token_hex(16)
        is_new = False
        try:
            self._put(media_id, photo, upload.data)
            answer, is_repeated = self.database.run_here(
                lambda db: once(db, attempt, lambda: self._record(db, media_id, upload, attempt))
            )
            is_new = not is_repeated
            return answer, is_repeated
        finally:
            if not is_new:
                self.store.delete(media_id)

    def _put(self, media_id: str, photo: Photo | None, data: bytes) -> None:
        if photo is None:
            self.store.put_document(media_id, data)
        else:
            self.store.put(media_id, photo)

    def _record(
        self, connection: Connection, media_id: str, upload: Upload, attempt: Attempt
    ) -> dict[str, Any]:
        hold_back_uploads(connection, attempt, self.settings)
        is_document = upload.content_type == PDF
        connection.execute(
            insert(media).values(
                media_id=media_id,
                subject=attempt.subject,
                position=0,
                stage="before",
                description=upload.description,
                created=attempt.now,
                kind="document" if is_document else "photo",
                content_type=PDF if is_document else "image/jpeg",
            )
        )
        url = f"{self.settings.api_url}/media/{media_id}.{'pdf' if is_document else 'jpg'}"
        small = url if is_document else f"{url}?size=thumbnail"
        return {"media_id": media_id, "url": url, "thumbnail_url": small}


def _usable(upload: Upload) -> Photo | None:
    """The photo drawn anew; None for a document, which is kept as it is."""
    try:
        if upload.content_type == PDF:
            check_document(upload.data)
            return None
        return clean(upload.data)
    except (UnusablePhoto, UnusableDocument) as error:
        raise invalid([FieldError(field=MEDIA_FIELD, code=error.code)]) from error
