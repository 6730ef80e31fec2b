"""Whatever comes over the wire becomes a value or one of six errors."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from services.answers import Answer, error_of, retry_after
from services.errors import (
    FieldError,
    GatewayUnavailable,
    NotFound,
    NotPermitted,
    Offline,
    Rejected,
    ServiceError,
    SignInRequired,
)

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
MEANT = {
    400: Rejected,
    401: SignInRequired,
    403: NotPermitted,
    404: NotFound,
    409: Rejected,
    413: Rejected,
    415: Rejected,
    422: Rejected,
    426: Rejected,
    429: GatewayUnavailable,
    500: GatewayUnavailable,
    503: GatewayUnavailable,
}


def answer(status: int, body: Any = None, **headers: str) -> Answer:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    response = (
        httpx.Response(status, content=body, headers=given)
        if isinstance(body, str | bytes)
        else httpx.Response(status, json=body, headers=given)
    )
    return Answer(status, response.headers, response.content)


def error(status: int, body: Any = None, **headers: str) -> ServiceError:
    found = error_of(answer(status, body, **headers), NOW)
    assert found is not None
    return found


def test_every_refusal_has_exactly_one_meaning() -> None:
    """A status nobody thought of must still tell the resident what to do."""
    for status in range(400, 600):
        found = error(status, {"type": "/problems/some-thing", "reference": "req-12345678"})
        assert type(found) in ServiceError.__subclasses__(), status
        assert type(found) is MEANT.get(status, type(found)), status
        assert (found.code, found.reference) == ("some_thing", "req-12345678"), status
        assert status < 500 or isinstance(found, GatewayUnavailable), status


def test_every_error_but_offline_comes_from_some_status() -> None:
    """An error that nothing raises is a sentence nobody reads."""
    reached = {type(error(status, {})) for status in range(400, 600)}
    assert reached == set(ServiceError.__subclasses__()) - {Offline}


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_a_success_is_no_error(status: int) -> None:
    """A receipt must never be shown as a failure."""
    assert error_of(answer(status, {}), NOW) is None


def test_a_page_of_html_is_never_taken_for_a_refusal() -> None:
    """A hotel's sign-in page must not throw a waiting report out of the outbox."""
    for status in set(range(300, 600)) - {401, 413}:
        assert isinstance(error(status, "<html>Welcome</html>"), GatewayUnavailable), status


def test_a_proxy_that_refuses_a_large_body_in_html_is_believed() -> None:
    """Sending the same too large photo for ever helps nobody."""
    found = error(413, "<html>413 Request Entity Too Large</html>")
    assert isinstance(found, Rejected)
    assert (found.code, found.status) == ("too_large", 413)


def test_field_errors_reach_their_fields() -> None:
    """The resident sees what to change beside the field."""
    errors = [{"field": "description", "code": "too-short", "detail": "x"}, {"code": "no field"}, 3]
    found = error(422, {"type": "/problems/validation", "errors": errors})
    assert isinstance(found, Rejected)
    assert found.field_errors == (FieldError("description", "too_short"),)


def test_a_georeport_error_list_is_read() -> None:
    """Other cities answer GeoReport's own error list."""
    assert error(400, [{"code": 400, "description": "service_code was not provided"}]).code == (
        "rejected"
    )
    assert isinstance(error(404, [{"code": "404", "description": "Not found"}]), NotFound)


@pytest.mark.parametrize(
    "body", [[], [1], "null", {"type": 7}, {"type": "about:blank"}, {"code": {}}]
)
def test_an_odd_error_body_still_counts_by_its_status(body: Any) -> None:
    """Gateways differ; the status is what they agree on."""
    assert error(403, body).code == "not_permitted"


@pytest.mark.parametrize("hostile", ["Xin chào <b>", "x" * 80, "../../etc", "a b"])
def test_text_never_travels_as_a_code(hostile: str) -> None:
    """What a stranger's server writes is not shown to a resident."""
    found = error(400, {"type": f"/problems/{hostile}", "reference": hostile + "\n"})
    assert found.code in ("rejected", "etc")
    assert found.reference is None


def test_a_step_up_names_the_level() -> None:
    """The resident is asked for level 2, not merely to sign in again and again."""
    challenge = 'Bearer error="insufficient_user_authentication", acr_values="loa2"'
    found = error(401, "", WWW_Authenticate=challenge)
    assert isinstance(found, SignInRequired)
    assert found.acr == "loa2"
    named = error(401, {"type": "/problems/level", "acr": "loa2"})
    assert isinstance(named, SignInRequired)
    assert named.acr == "loa2"


def test_the_request_id_header_is_the_reference_of_a_document_without_one() -> None:
    """The hotline needs something to look up."""
    assert error(500, "oops", X_Request_Id="req-87654321").reference == "req-87654321"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("-5", None),
        ("soon", None),
        (None, None),
        ("Sun, 22 Nov 2026 10:02:00 GMT", 120.0),
        ("Sun, 22 Nov 2026 09:00:00 GMT", 0.0),
    ],
)
def test_retry_after_is_read_in_both_forms(header: str | None, seconds: float | None) -> None:
    """The wait that is promised has to be true."""
    assert retry_after(header, NOW) == seconds


@pytest.mark.parametrize("body", [b"<html>", b"{", b"\xff\xfe", b"[" * 100_000])
def test_a_broken_success_is_the_gateways_failure(body: bytes) -> None:
    """A half answer must not look like an empty list."""
    with pytest.raises(GatewayUnavailable) as caught:
        answer(200, body).json()
    assert caught.value.code == "broken_answer"


def test_an_empty_success_is_nothing() -> None:
    """204 has no body, and that is fine."""
    assert answer(204, b"").json() is None


def test_a_step_up_names_how_fresh_a_sign_in_must_be() -> None:
    """The sign-in page is then asked for just that, and the resident is told in minutes."""
    challenge = 'Bearer error="insufficient_user_authentication", acr_values="loa2", max_age="600"'
    found = error(401, "", WWW_Authenticate=challenge)
    assert isinstance(found, SignInRequired)
    assert (found.acr, found.max_age, found.step_up) == ("loa2", 600, True)
    named = error(401, {"type": "/problems/step-up-required", "max_age": 60})
    assert isinstance(named, SignInRequired)
    assert (named.acr, named.max_age) == (None, 60)


@pytest.mark.parametrize("odd", ["soon", True, -5, None, [600]])
def test_an_odd_age_is_no_step_up(odd: Any) -> None:
    """What nobody can read is an ordinary end of the session."""
    found = error(401, {"type": "/problems/sign-in-required", "max_age": odd})
    assert isinstance(found, SignInRequired)
    assert not found.step_up
