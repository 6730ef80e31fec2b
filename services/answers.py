"""What came back from the wire, and its one translation into a value or a `ServiceError`.

Errors arrive as RFC 9457 problem documents, as GeoReport v2 lists (`[{"code", "description"}]`, or
the same in XML) or
as whatever a proxy or a captive portal puts in between; only codes are kept, never their text.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from services import georeport_xml
from services.errors import (
    FieldError,
    GatewayUnavailable,
    NotFound,
    NotPermitted,
    Rejected,
    ServiceError,
    SignInRequired,
)
from services.reading import words

BUSY = frozenset({407, 408, 425, 429})
REJECTED_CODES = {
    409: "conflict",
    412: "changed_meanwhile",
    413: "too_large",
    415: "wrong_type",
    422: "invalid",
    426: "upgrade_required",
}
_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_REFERENCE = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_ACR = re.compile(r'acr_values="?([^",]+)"?')
_MAX_AGE = re.compile(r'max_age="?([0-9]{1,9})\b')


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: status, headers and the bounded body."""

    status: int
    headers: httpx.Headers = field(repr=False)
    content: bytes = field(repr=False)

    def json(self) -> Any:
        """Return the body's JSON, None for an empty one; GatewayUnavailable for anything else."""
        try:
            return json.loads(self.content) if self.content.strip() else None
        except (ValueError, RecursionError):
            raise GatewayUnavailable(
                "broken_answer", reference_of(self), status=self.status
            ) from None


def error_of(answer: Answer, now: datetime) -> ServiceError | None:
    """Translate an answer into the error it means, None for 2xx; `now` is the server's time."""
    if 200 <= answer.status < 300:
        return None
    document, readable = _document(answer)
    reference = reference_of(answer, document)
    if answer.status == 401 and (readable or "www-authenticate" in answer.headers):
        acr, max_age = _acr(answer, document), _max_age(answer, document)
        code = _code(document, "sign_in_required")
        return SignInRequired(code, reference, acr=acr, max_age=max_age)
    if answer.status == 413 or (readable and _is_about_the_request(answer.status)):
        return _request_error(answer.status, document, reference)
    fallback = "gateway_unavailable" if answer.status >= 500 or readable else "broken_answer"
    return GatewayUnavailable(
        _code(document, fallback),
        reference,
        retry_after=retry_after(answer.headers.get("retry-after"), now),
        status=answer.status,
    )


def _is_about_the_request(status: int) -> bool:
    return 400 <= status < 500 and status not in BUSY


def _request_error(status: int, document: dict[str, Any], reference: str | None) -> ServiceError:
    if status == 403:
        return NotPermitted(
            _code(document, "not_permitted"),
            reference,
            purpose=words(document, "purpose"),
            child=words(document, "child"),
        )
    if status in (404, 410):
        return NotFound(_code(document, "not_found"), reference)
    return Rejected(
        _code(document, REJECTED_CODES.get(status, "rejected")),
        reference,
        field_errors=_field_errors(document.get("errors")),
        status=status,
    )


def _document(answer: Answer) -> tuple[dict[str, Any], bool]:
    """Return the error document as a dict, and whether the body was readable at all."""
    try:
        is_xml = "xml" in answer.headers.get("content-type", "")
        body = georeport_xml.parse(answer.content) if is_xml else answer.json()
    except GatewayUnavailable:
        return {}, False
    if isinstance(body, list) and body:
        body = body[0]
    return (body if isinstance(body, dict) else {}), True


def _code(document: dict[str, Any], fallback: str) -> str:
    for source in (document.get("type"), document.get("code"), document.get("error")):
        slug = str(source).rstrip("/").rpartition("/")[2].replace("-", "_").lower()
        if source is not None and source != "about:blank" and _CODE.fullmatch(slug):
            return slug
    return fallback


def _field_errors(errors: Any) -> tuple[FieldError, ...]:
    found = errors if isinstance(errors, list) else []
    return tuple(
        FieldError(item["field"], _code(item, "invalid"))
        for item in found
        if isinstance(item, dict) and isinstance(item.get("field"), str)
    )


def _acr(answer: Answer, document: dict[str, Any]) -> str | None:
    challenge = _ACR.search(answer.headers.get("www-authenticate", ""))
    asked = document.get("acr") or document.get("acr_values") or (challenge and challenge[1])
    return str(asked).split()[0] if isinstance(asked, str) and asked.strip() else None


def _max_age(answer: Answer, document: dict[str, Any]) -> int | None:
    challenge = _MAX_AGE.search(answer.headers.get("www-authenticate", ""))
    if challenge:
        return int(challenge[1])
    asked = document.get("max_age")
    return asked if type(asked) is int and asked >= 0 else None


def reference_of(answer: Answer, document: dict[str, Any] | None = None) -> str | None:
    """Return the gateway's request id, from the document's `reference` or from X-Request-Id."""
    for reference in ((document or {}).get("reference"), answer.headers.get("x-request-id")):
        if isinstance(reference, str) and _REFERENCE.fullmatch(reference):
            return reference
    return None


def retry_after(header: str | None, now: datetime) -> float | None:
    """Return the seconds a Retry-After header asks for (a number or an HTTP date), else None."""
    if not header:
        return None
    if header.strip().isdecimal():
        return float(header[:9])
    try:
        due = parsedate_to_datetime(header)
    except (TypeError, ValueError):
        return None
    return max(0.0, (due.replace(tzinfo=due.tzinfo or UTC) - now).total_seconds())
