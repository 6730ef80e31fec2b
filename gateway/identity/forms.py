"""Reading parameters: bounded, form-encoded, each at most once (RFC 6749, section 3.1)."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

FORM_LIMIT = 16_384
"""The largest form in bytes; the longest real one has an ID token in it and stays under 4,000."""

_MEDIA_TYPE = "application/x-www-form-urlencoded"


class FormError(Exception):
    """Not a form, too long, not UTF-8, or a parameter twice."""


async def read_form(request: Request) -> dict[str, str]:
    """The parameters of a POST. Raises FormError."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != _MEDIA_TYPE:
        raise FormError
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_LIMIT:
            raise FormError
    return read_query(bytes(body))


def read_query(encoded: bytes) -> dict[str, str]:
    """The parameters of a query or a form; an empty one counts as left out. Raises FormError."""
    try:
        text = encoded.decode("ascii")
        pairs = parse_qsl(text, errors="strict", max_num_fields=64)
    except ValueError as error:
        raise FormError from error
    found = dict(pairs)
    if len(found) < len(pairs):
        raise FormError
    return found


async def read_parameters(request: Request) -> dict[str, str]:
    """The parameters of a GET's query or of a POST's form. Raises FormError."""
    if request.method == "POST":
        return await read_form(request)
    return read_query(request.scope["query_string"])
