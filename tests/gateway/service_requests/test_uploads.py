"""Photos sent ahead, attached to a report, and the copy that everybody may see."""

from __future__ import annotations

import io

import httpx
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from gateway.public_photos import public_copy
from tests.gateway.conftest import RESIDENT, STRANGER, HeadersFor, make_headers
from tests.gateway.pictures import picture, with_place
from tests.gateway.service_requests.reports import PATH, errors_of, on_sqlite, send

PHOTOS = "/reports/photos"


def officer() -> dict[str, str]:
    """The headers of an officer; made when used, for a token lives five minutes."""
    return make_headers("test-quan", "reports desk", roles=("officer",))


async def upload(
    gateway: httpx.AsyncClient,
    headers: dict[str, str],
    data: bytes,
    key: str = "",
    kind: str = "image/jpeg",
) -> httpx.Response:
    """Send one file ahead."""
    more = {"Idempotency-Key": key} if key else {}
    return await gateway.post(PHOTOS, headers=headers | more, files={"media": ("x", data, kind)})


def pdf() -> bytes:
    """A document of one empty page."""
    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 200)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


async def test_a_photo_sent_ahead_belongs_to_the_report_that_names_it(
    gateway: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """A cut connection costs one photo, not the whole report; and it is clean."""
    ids = [(await upload(gateway, headers, with_place())).json()["media_id"] for _ in range(2)]
    sent = await send(gateway, headers, media_ids=",".join(ids))
    assert sent.status_code == 201
    [shown] = (await gateway.get("/reports/mine", headers=headers)).json()
    photos = shown["extended_attributes"]["media"]
    assert [photo["media_id"] for photo in photos] == ids
    assert b"Exif" not in (await gateway.get(photos[0]["url"], headers=headers)).content


async def test_the_same_key_is_the_same_photo(
    gateway: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """The answer was lost; the photo is not kept twice, and another one is not taken for it."""
    first = await upload(gateway, headers, picture(), "k-1")
    again = await upload(gateway, headers, picture(), "k-1")
    other = await upload(gateway, headers, picture(30, 20), "k-1")
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json() == again.json()


async def test_anothers_photo_cannot_be_attached_nor_one_twice(
    gateway: httpx.AsyncClient, headers_for: HeadersFor
) -> None:
    """An id that was seen somewhere opens nothing."""
    mine, other = headers_for(RESIDENT), headers_for(STRANGER)
    media_id = (await upload(gateway, mine, picture())).json()["media_id"]
    stolen = await send(gateway, other, media_ids=media_id)
    assert errors_of(stolen) == {("media_ids.0", "unknown")}
    assert (await gateway.get(f"/media/{media_id}.jpg", headers=other)).status_code == 404
    assert (await send(gateway, mine, media_ids=media_id)).status_code == 201
    assert errors_of(await send(gateway, mine, media_ids=media_id)) == {("media_ids.0", "unknown")}
    assert len((await gateway.get(PATH)).json()) == 1


@on_sqlite
async def test_a_report_is_answered_again_though_its_photos_are_taken(
    gateway: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """A repeated send of the same report must not be refused for photos it has itself."""
    media_id = (await upload(gateway, headers, picture())).json()["media_id"]
    keyed = headers | {"Idempotency-Key": "report-1"}
    first = await send(gateway, keyed, media_ids=media_id)
    again = await send(gateway, keyed, media_ids=media_id)
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"


@on_sqlite
@pytest.mark.parametrize(
    ("data", "kind", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/jpeg", "unsupported_type"),
        (b"%PDF-1.7 broken", "application/pdf", "unreadable"),
        (picture(), "application/pdf", "unreadable"),
        (b"", "image/jpeg", "unsupported_type"),
    ],
)
async def test_what_is_no_photo_is_refused_with_its_reason(
    gateway: httpx.AsyncClient, data: bytes, kind: str, code: str
) -> None:
    """Whoever sent it learns what was wrong with the file; nothing of it is kept."""
    assert errors_of(await upload(gateway, officer(), data, kind=kind)) == {("media", code)}


@on_sqlite
async def test_documents_are_taken_from_officers_alone(
    gateway: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """A resident sends photos, which are drawn anew; a file as it came would reach officers."""
    refused = await upload(gateway, headers, pdf(), kind="application/pdf")
    assert errors_of(refused) == {("media", "unsupported_type")}
    assert (await upload(gateway, officer(), pdf(), kind="application/pdf")).status_code == 201


async def test_the_words_of_a_photo_are_plain_text(
    gateway: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """A zero byte is refused with the field's name, on both databases."""
    files = {"media": ("x.jpg", picture(), "image/jpeg")}
    sent = {"description": "Ổ gà\0"}
    refused = await gateway.post(PHOTOS, headers=headers, data=sent, files=files)
    assert errors_of(refused) == {("description", "control_characters")}


@on_sqlite
async def test_a_document_is_saved_and_never_opened_as_a_page(
    gateway: httpx.AsyncClient,
) -> None:
    """A PDF is somebody else's file under our name."""
    url = (await upload(gateway, officer(), pdf(), kind="application/pdf")).json()["url"]
    answer = await gateway.get(url, headers=officer())
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.content == pdf() or answer.content.startswith(b"%PDF-")


def striped(size: int = 400) -> bytes:
    """A picture of fine stripes, which blurring alone would not hide."""
    image = Image.new("RGB", (size, size), "white")
    draw = ImageDraw.Draw(image)
    for x in range(0, size, 4):
        draw.line((x, 0, x, size), fill="black", width=2)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95)
    return out.getvalue()


def spread(jpeg: bytes, box: tuple[int, int, int, int]) -> int:
    """How much the brightness differs inside a box of pixels."""
    low, high = Image.open(io.BytesIO(jpeg)).convert("L").crop(box).getextrema()
    return int(high - low)  # type: ignore[operator]


def test_what_an_officer_marked_is_gone_and_the_rest_is_sharp() -> None:
    """A plate of black bars leaves nothing in the public copy that could be read."""
    copied = public_copy(striped(), [[0.25, 0.25, 0.5, 0.5]])
    assert spread(copied, (120, 120, 280, 280)) < 60
    assert spread(copied, (0, 0, 80, 80)) > 180
