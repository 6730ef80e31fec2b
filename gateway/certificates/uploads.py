"""A stranger's form, read with a bound on its size: a code, six fields, or a PDF that is not kept."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.types import Message

from gateway.certificates.fields import Fields

# The other fields and the multipart borders, beside the file itself.
BORDERS = 20_000


class TooLargeError(Exception):
    """The body is larger than what is read."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What was sent to be checked; an empty file counts as none, and so do six fields without a
    number. `name` is how the visitor calls themselves.
    """

    code: str
    document: bytes
    fields: Fields | None = None
    name: str = field(default="", repr=False)


async def read_submission(request: Request, limit: int) -> Submission:
    """Read `code`, `file`, and the six fields. Raises TooLargeError; HTTPException if malformed."""
    bounded = Request(request.scope, _BoundedReceive(request, limit + BORDERS))
    async with bounded.form(max_files=1, max_fields=10, max_part_size=BORDERS) as form:
        code, file = form.get("code"), form.get("file")
        document = await file.read() if isinstance(file, UploadFile) else b""
        texts = {one.name: _text(form.get(one.name), 200) for one in fields(Fields)}
    if len(document) > limit:
        raise TooLargeError
    return Submission(
        code=_text(code, 40),
        document=document,
        fields=Fields(**texts) if texts["number"] else None,
        name=" ".join(texts["name"].split())[:80],
    )


def _text(value: object, longest: int) -> str:
    return value.strip()[:longest] if isinstance(value, str) else ""


class _BoundedReceive:
    """Receives for a request and stops it once more than `limit` bytes came."""

    def __init__(self, request: Request, limit: int) -> None:
        self._receive, self._left = request.receive, limit
        declared = request.headers.get("content-length", "0")
        if not declared.isdecimal() or int(declared) > limit:
            raise TooLargeError

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise TooLargeError
        return message
