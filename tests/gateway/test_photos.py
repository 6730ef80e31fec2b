"""Photos: what a resident's camera knows about them never reaches the city."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from gateway.media_store import MediaStore
from gateway.photos import MAX_PIXELS, PHOTO_SIDE, THUMBNAIL_SIDE, UnusablePhoto, clean
from tests.gateway.pictures import bomb, picture, with_place


def opened(data: bytes) -> Image.Image:
    """The picture, decoded."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def test_nothing_hidden_in_a_photo_is_kept() -> None:
    """The place in a photo of one's own street is where one lives."""
    photo = clean(with_place())
    for data in (photo.full, photo.thumbnail):
        image = opened(data)
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert b"Exif" not in data
        assert b"Minh Anh" not in data
        assert b"Cau Giay" not in data


def test_a_photo_taken_upright_is_shown_upright() -> None:
    """The turn stands in the metadata, so it must be carried out before that goes."""
    image = opened(clean(with_place(orientation=6)).full)
    assert (image.width, image.height) == (48, 64)
    red, _, blue = image.getpixel((24, 8))  # type: ignore[misc]
    assert red > blue


def test_a_large_photo_is_made_smaller() -> None:
    """Officers open reports over mobile networks too."""
    photo = clean(picture(4000, 3000))
    assert opened(photo.full).size == (PHOTO_SIDE, 1200)
    assert opened(photo.thumbnail).size == (THUMBNAIL_SIDE, 240)


def test_a_small_photo_is_not_made_larger() -> None:
    """Enlarging adds bytes and no detail."""
    photo = clean(picture(64, 48))
    assert opened(photo.full).size == opened(photo.thumbnail).size == (64, 48)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("JPEG", "L"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("WEBP", "RGBA"),
        ("WEBP", "RGB"),
    ],
)
def test_every_usual_kind_of_photo_becomes_a_jpeg(kind: str, mode: str) -> None:
    """Phones and scanners write all of these."""
    made = clean(picture(kind=kind, mode=mode))
    assert opened(made.full).format == "JPEG"
    assert opened(made.full).mode == "RGB"


def test_what_is_transparent_becomes_white() -> None:
    """A cut-out shown on black hides what it should show."""
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")
    assert min(opened(clean(out.getvalue()).full).getpixel((20, 20))) > 250  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "unsupported_type"),
        (b"%PDF-1.7 ...", "unsupported_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unsupported_type"),
        (picture(kind="GIF"), "unsupported_type"),
        (picture(kind="TIFF"), "unsupported_type"),
        (picture(400, 300)[:700], "unreadable"),
        (picture(400, 300, kind="PNG")[:200], "unreadable"),
        (bomb(), "too_many_pixels"),
        (bomb(6500), "too_many_pixels"),
    ],
    ids=["empty", "pdf", "svg", "gif", "tiff", "cut jpeg", "cut png", "bomb", "small bomb"],
)
def test_what_is_no_usable_photo_is_refused(data: bytes, code: str) -> None:
    """The content decides: a name or a media type is only a claim."""
    with pytest.raises(UnusablePhoto) as refused:
        clean(data)
    assert refused.value.code == code


def test_the_largest_photo_taken_is_below_the_limit() -> None:
    """A limit below common cameras would refuse honest residents: 12 and 24 megapixels pass."""
    assert 6000 * 4000 < MAX_PIXELS < 6500 * 6500


@pytest.mark.parametrize("where", ["folder", "memory:///"])
def test_a_photo_is_kept_in_both_sizes_until_deleted(tmp_path: Path, where: str) -> None:
    """What the database says must be there is there, and what it dropped is gone."""
    store = MediaStore((tmp_path / "ảnh của tôi").as_uri() if where == "folder" else where)
    photo = clean(picture())
    store.put("a1", photo)
    assert store.get("a1") == photo.full
    assert store.get("a1", thumbnail=True) == photo.thumbnail
    store.delete("a1")
    store.delete("a1")
    with pytest.raises(FileNotFoundError):
        store.get("a1")
