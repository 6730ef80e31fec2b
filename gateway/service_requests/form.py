"""Reading POST Service Request: a form or a multipart body, refused field by field."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from gateway.idempotency import body_hash
from gateway.problems import FieldError, Problem, field_error, invalid
from gateway.service_requests.draft import NewServiceRequest
from gateway.settings import Settings

MEDIA_FIELD = "media"
IGNORED_FIELDS = frozenset(
    {"account_id", "api_key", "device_id", "email", "first_name", "last_name", "phone"}
)
"""GeoReport's fields about the sender. The access token says who it is, so these are never read."""

_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
_TEXT_LIMIT = 32_000
_FIELDS_LIMIT = 40
_FIELD_OF_CODE = {"lat_long_together": "lat", "place_required": "address_id"}


@dataclass(frozen=True, slots=True)
class Submission:
    """A valid form: its fields, and the photos' bytes as they came."""

    draft: NewServiceRequest
    photos: tuple[bytes, ...] = field(repr=False)

    def body_hash(self) -> str:
        """What is asked for, whichever way the form was encoded."""
        photos = [hashlib.sha256(photo).hexdigest() for photo in self.photos]
        return body_hash("service_requests", self.draft.model_dump(), photos)


async def read_submission(request: Request, settings: Settings) -> Submission:
    """Read the body. Raises a 400, 413, 415 or 422 `Problem`."""
    content_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if content_type not in _FORMS:
        raise Problem(415, "unsupported-media-type", "Send a form or a multipart form")
    async with request.form(
        max_files=4 * settings.photos_per_request,
        max_fields=_FIELDS_LIMIT,
        max_part_size=_TEXT_LIMIT,
    ) as form:
        draft, errors = _read_fields(form)
        uploads = [item for item in form.getlist(MEDIA_FIELD) if isinstance(item, UploadFile)]
        errors += list(_photo_errors(uploads, settings))
        if draft is not None:
            errors += list(_place_errors(draft, settings))
        if errors or draft is None:
            raise invalid(errors)
        return Submission(draft, tuple([await upload.read() for upload in uploads]))


def _read_fields(form: FormData) -> tuple[NewServiceRequest | None, list[FieldError]]:
    """The draft, or what is wrong with each field.

    A browser's empty file input is no field at all.
    """
    values: dict[str, Any] = {}
    errors = []
    for name, value in form.multi_items():
        if (isinstance(value, UploadFile) and name == MEDIA_FIELD) or name in IGNORED_FIELDS:
            continue
        if isinstance(value, UploadFile) or name in values:
            errors.append(FieldError(field=name[:100], code="repeated_or_file"))
        values[name] = value
    if errors:
        return None, errors
    try:
        return NewServiceRequest.model_validate(values, by_name=False, by_alias=True), []
    except ValidationError as error:
        return None, [_field_error(item) for item in error.errors(include_input=False)]


def _field_error(item: Any) -> FieldError:
    found = field_error(item)
    found.field = found.field[:100] or _FIELD_OF_CODE.get(found.code, "")
    return found


def _photo_errors(uploads: list[UploadFile], settings: Settings) -> Iterator[FieldError]:
    if len(uploads) > settings.photos_per_request:
        yield FieldError(field=MEDIA_FIELD, code="too_many")
    for position, upload in enumerate(uploads):
        if (upload.size or 0) > settings.photo_limit:
            yield FieldError(field=f"{MEDIA_FIELD}.{position}", code="too_large")


def _place_errors(draft: NewServiceRequest, settings: Settings) -> Iterator[FieldError]:
    if draft.point is not None and not settings.bounding_box.holds(*draft.point):
        for name in ("lat", "long"):
            yield FieldError(field=name, code="outside_city")
