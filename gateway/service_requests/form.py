"""Reading POST Service Request: a form or a multipart body, refused field by field."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from gateway.idempotency import body_hash
from gateway.problems import FieldError, Problem, field_error, invalid
from gateway.service_requests.attributes import kept, wrong
from gateway.service_requests.draft import NewServiceRequest
from gateway.service_requests.services import services
from gateway.settings import Settings
from gateway.shown_tokens import refused

MEDIA_FIELD = "media"
MEDIA_IDS_FIELD = "media_ids"
IGNORED_FIELDS = frozenset({"account_id", "device_id", "email", "first_name", "last_name", "phone"})
"""GeoReport's fields about the sender. The access token says who it is, so these are never read."""

_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
_TEXT_LIMIT = 32_000
_FIELDS_LIMIT = 40
_ATTRIBUTE = re.compile(r"attribute\[([A-Za-z0-9_-]{1,60})\](?:\[\])?")
_MEDIA_ID = re.compile(r"[0-9a-f]{32}")
_OWN_ATTRIBUTES = frozenset({"urgency", "hide_name"})
_FIELD_OF_CODE = {"lat_long_together": "lat", "place_required": "address_id"}


@dataclass(frozen=True, slots=True)
class Submission:
    """A valid form: its fields, the answers to the service's questions, the photos' bytes as they
    came, and the ids of those sent ahead. `api_key` is another submitter's.
    """

    draft: NewServiceRequest
    photos: tuple[bytes, ...] = field(repr=False)
    attributes: dict[str, str] = field(default_factory=dict, repr=False)
    media_ids: tuple[str, ...] = ()
    api_key: str = field(default="", repr=False)

    def body_hash(self) -> str:
        """What is asked for, whichever way the form was encoded."""
        photos = [hashlib.sha256(photo).hexdigest() for photo in self.photos]
        more = [self.attributes, self.media_ids]
        return body_hash("service_requests", self.draft.model_dump(), photos, more)


@dataclass(slots=True)
class _Fields:
    """The form's fields by what they are for."""

    values: dict[str, str] = field(default_factory=dict, repr=False)
    answers: dict[str, list[str]] = field(default_factory=dict, repr=False)
    media_ids: tuple[str, ...] = ()
    api_key: str = field(default="", repr=False)
    errors: list[FieldError] = field(default_factory=list)


def is_form(request: Request) -> bool:
    """Whether the body is a form, of either kind."""
    content_type = request.headers.get("content-type", "")
    return content_type.split(";")[0].strip().lower() in _FORMS


async def read_submission(
    request: Request, settings: Settings, *, needs_key: bool = False
) -> Submission:
    """Read the body. Raises a 400, 413, 415 or 422 `Problem`, and 401 without the api_key that
    somebody without a token needs.
    """
    if not is_form(request):
        raise Problem(415, "unsupported-media-type", "Send a form or a multipart form")
    async with request.form(
        max_files=4 * settings.photos_per_request,
        max_fields=_FIELDS_LIMIT,
        max_part_size=_TEXT_LIMIT,
    ) as form:
        fields = _sorted(form)
        if needs_key and not fields.api_key:
            raise refused(None)
        draft, errors = _draft(fields)
        uploads = [item for item in form.getlist(MEDIA_FIELD) if isinstance(item, UploadFile)]
        errors += list(_photo_errors(len(fields.media_ids), uploads, settings))
        attributes: dict[str, str] = {}
        if draft is not None:
            service = services()[draft.service_code]
            errors += list(_place_errors(draft, settings))
            errors += list(wrong(service, fields.answers))
            attributes = kept(service, fields.answers)
        if errors or draft is None:
            raise invalid(errors)
        photos = tuple([await upload.read() for upload in uploads])
        return Submission(draft, photos, attributes, fields.media_ids, fields.api_key)


def _sorted(form: FormData) -> _Fields:
    """The fields apart. A browser's empty file input is no field at all."""
    found = _Fields()
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            if name != MEDIA_FIELD:
                found.errors.append(FieldError(field=name[:100], code="repeated_or_file"))
        elif (asked := _ATTRIBUTE.fullmatch(name)) and asked[1] not in _OWN_ATTRIBUTES:
            found.answers.setdefault(asked[1], []).append(value)
        elif name == "api_key":
            found.api_key = value
        elif name == MEDIA_IDS_FIELD:
            found.media_ids += tuple(part.strip() for part in value.split(",") if part.strip())
        elif name in found.values:
            found.errors.append(FieldError(field=name[:100], code="repeated_or_file"))
        elif name not in IGNORED_FIELDS:
            found.values[name] = value
    if not all(map(_MEDIA_ID.fullmatch, found.media_ids)):
        found.errors.append(FieldError(field=MEDIA_IDS_FIELD, code="unknown"))
    return found


def _draft(fields: _Fields) -> tuple[NewServiceRequest | None, list[FieldError]]:
    """The draft, or what is wrong with each field."""
    if fields.errors:
        return None, fields.errors
    try:
        return NewServiceRequest.model_validate(fields.values, by_name=False, by_alias=True), []
    except ValidationError as error:
        return None, [_field_error(item) for item in error.errors(include_input=False)]


def _field_error(item: Any) -> FieldError:
    found = field_error(item)
    found.field = found.field[:100] or _FIELD_OF_CODE.get(found.code, "")
    return found


def _photo_errors(
    ahead: int, uploads: list[UploadFile], settings: Settings
) -> Iterator[FieldError]:
    if ahead + len(uploads) > settings.photos_per_request:
        yield FieldError(field=MEDIA_FIELD, code="too_many")
    for position, upload in enumerate(uploads):
        if (upload.size or 0) > settings.photo_limit:
            yield FieldError(field=f"{MEDIA_FIELD}.{position}", code="too_large")


def _place_errors(draft: NewServiceRequest, settings: Settings) -> Iterator[FieldError]:
    if draft.point is not None and not settings.bounding_box.holds(*draft.point):
        for name in ("lat", "long"):
            yield FieldError(field=name, code="outside_city")
