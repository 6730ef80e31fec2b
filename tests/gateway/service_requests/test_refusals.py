"""What a report is refused for, each fault by its field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.photos import UnusablePhoto
from gateway.problems import Problem
from gateway.service_requests import records, submission
from tests.gateway.pictures import bomb, picture
from tests.gateway.service_requests.reports import (
    PATH,
    REPORT,
    Files,
    errors_of,
    media,
    on_sqlite,
    send,
)


@on_sqlite
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"service_code": "no-such"}, ("service_code", "unknown")),
        ({"service_code": None}, ("service_code", "missing")),
        ({"description": None}, ("description", "missing")),
        ({"description": "  ngắn  "}, ("description", "too_short")),
        ({"description": "x" * 2001}, ("description", "too_long")),
        ({"description": "Ổ gà\x00 sâu giữa đường"}, ("description", "control_characters")),
        ({"description": "Ổ gà \x1b[31m giữa đường"}, ("description", "control_characters")),
        ({"address_string": "x" * 301}, ("address_string", "too_long")),
        ({"address_id": "99999"}, ("address_id", "unknown")),
        ({"address_id": None, "lat": None, "long": None}, ("address_id", "place_required")),
        ({"long": None}, ("lat", "lat_long_together")),
        ({"lat": "true"}, ("lat", "not_degrees")),
        ({"lat": "nan"}, ("lat", "not_degrees")),
        ({"lat": "1e1"}, ("lat", "not_degrees")),
        ({"lat": "２１.0"}, ("lat", "not_degrees")),
        ({"lat": "10.8", "long": "106.7"}, ("lat", "outside_city")),
        ({"attribute[urgency]": "now"}, ("attribute[urgency]", "literal_error")),
        ({"attribute[hide_name]": "1"}, ("attribute[hide_name]", "literal_error")),
        ({"urgency": "urgent"}, ("urgency", "extra_forbidden")),
        ({"subject": "someone"}, ("subject", "extra_forbidden")),
        ({"media_url": "http://127.0.0.1/x"}, ("media_url", "extra_forbidden")),
        ({"lat": ["21.03", "21.04"]}, ("lat", "repeated_or_file")),
    ],
)
async def test_a_wrong_field_is_named_with_what_is_wrong(
    gateway: httpx.AsyncClient,
    headers: dict[str, str],
    changes: dict[str, Any],
    error: tuple[str, str],
) -> None:
    """The app puts the sentence beside the field; a resident cannot fix what is not named."""
    answer = await send(gateway, headers, **changes)
    assert error in errors_of(answer)
    assert REPORT["description"] not in answer.text


@on_sqlite
async def test_text_that_is_no_utf8_is_refused(
    gateway: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """Kept as it is, it would be unreadable for the officer, and nobody could mend it later."""
    body = b"service_code=pothole&address_id=00070&description=%D4%20ga%20sau%20giua%20duong"
    typed = {**headers, "content-type": "application/x-www-form-urlencoded"}
    answer = await gateway.post(PATH, headers=typed, content=body)
    assert errors_of(answer) == {("description", "not_utf8")}


@on_sqlite
@pytest.mark.parametrize(
    ("files", "error"),
    [
        (media(*[picture()] * 6), ("media", "too_many")),
        (media(picture(), b"x" * 8_000_001), ("media.1", "too_large")),
        (media(b""), ("media.0", "unsupported_type")),
        (media(picture(), picture(kind="GIF")), ("media.1", "unsupported_type")),
        (media(bomb()), ("media.0", "too_many_pixels")),
        (media(picture(400, 300)[:600]), ("media.0", "unreadable")),
        ([("photo", ("a.jpg", picture(), "image/jpeg"))], ("photo", "repeated_or_file")),
    ],
    ids=["six", "large", "empty", "gif", "bomb", "cut", "other field"],
)
async def test_a_photo_that_cannot_be_used_is_named(
    gateway: httpx.AsyncClient, headers: dict[str, str], files: Files, error: tuple[str, str]
) -> None:
    """With five photos in hand, "bad photo" alone would make the resident try each."""
    assert error in errors_of(await send(gateway, headers, files))


def test_a_photo_error_of_any_kind_is_a_field_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every photo is looked at, so that one refusal names them all."""

    def refuse(data: bytes) -> object:
        raise UnusablePhoto("unreadable")

    monkeypatch.setattr(submission, "clean", refuse)
    with pytest.raises(Problem) as refused:
        submission._clean((b"a", b"b"))
    assert [e["field"] for e in refused.value.extensions["errors"]] == ["media.0", "media.1"]


@on_sqlite
async def test_a_refused_report_leaves_no_photo_behind(
    gateway: httpx.AsyncClient, headers: dict[str, str], tmp_path: Path
) -> None:
    """A photo without a report belongs to nobody and would be kept for ever."""
    keyed = {**headers, "Idempotency-Key": "k1"}
    await send(gateway, keyed, media(picture()))
    kept = len(list((tmp_path / "media").iterdir()))
    await send(gateway, headers, media(picture(), b"no photo"))
    await send(gateway, keyed, media(picture()))
    await send(gateway, keyed, media(picture(10, 10)))
    assert len(list((tmp_path / "media").iterdir())) == kept == 2


@on_sqlite
async def test_a_report_that_cannot_be_written_leaves_no_photo_behind(
    gateway: httpx.AsyncClient,
    headers: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The database can fail after the photos are stored."""

    def fail(*_: object) -> str:
        raise OSError

    monkeypatch.setattr(records, "add", fail)
    assert (await send(gateway, headers, media(picture()))).status_code == 500
    assert list((tmp_path / "media").iterdir()) == []
