"""Photos: what a resident's camera knows about them never reaches the city."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image

from gateway.media_store import MediaStore
from gateway.photo_files import MAX_PIXELS
from gateway.photos import PHOTO_BYTES, PHOTO_SIDE, THUMBNAIL_SIDE, UnusablePhoto, clean
from tests.gateway.pictures import bomb, picture, with_place

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


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
        (SVG, "unsupported_type"),
        (b"<?xml version='1.0'?>" + SVG, "unsupported_type"),
        (picture(kind="GIF"), "unsupported_type"),
        (picture(kind="TIFF"), "unsupported_type"),
        (picture(400, 300)[:700], "unreadable"),
        (picture(400, 300, kind="PNG")[:200], "unreadable"),
        (picture(400, 300, kind="WEBP")[:60], "unreadable"),
        (picture()[:12], "unreadable"),
        (bomb(), "too_many_pixels"),
        (bomb(6500), "too_many_pixels"),
    ],
    ids=[
        "empty",
        "pdf",
        "svg",
        "svg with a declaration",
        "gif",
        "tiff",
        "cut jpeg",
        "cut png",
        "cut webp",
        "head of a jpeg",
        "bomb",
        "small bomb",
    ],
)
def test_what_is_no_usable_photo_is_refused(data: bytes, code: str) -> None:
    """The content decides: a name or a media type is only a claim."""
    with pytest.raises(UnusablePhoto) as refused:
        clean(data)
    assert refused.value.code == code


def zipped() -> bytes:
    """A small archive, as a JAR or an Office file is one."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "x")
    return file.getvalue()


def commented(jpeg: bytes, comment: bytes) -> bytes:
    """The JPEG with a comment right after its beginning."""
    return jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + jpeg[2:]


BEHIND: dict[str, Callable[[bytes], bytes]] = {
    "an archive behind it": lambda photo: photo + zipped(),
    "an archive with a comment": lambda photo: photo + zipped()[:-2] + b"\x04\x00note",
    "a script behind it": lambda photo: photo + b"<script>alert(1)</script>",
    "a server's script": lambda photo: photo + b"<?php echo 1;",
    "a drawing behind it": lambda photo: photo + SVG,
    "a page behind it": lambda photo: photo + b"<!DOCTYPE html><p>",
}
IN_COMMENT: dict[str, Callable[[bytes], bytes]] = {
    "a PDF in its comment": lambda photo: commented(photo, b"%PDF-1.7"),
    "a page in its comment": lambda photo: commented(photo, b"<HTML><body>"),
    "a program in its comment": lambda photo: commented(photo, b"*/=1;<script >alert(1)//"),
}
MIXED = [
    *((name, kind, mix) for name, mix in BEHIND.items() for kind in ("JPEG", "PNG", "WEBP")),
    *((name, "JPEG", mix) for name, mix in IN_COMMENT.items()),
]


@pytest.mark.parametrize(("name", "kind", "mix"), MIXED, ids=[f"{m[1]}: {m[0]}" for m in MIXED])
def test_a_picture_that_is_something_else_too_is_refused(
    name: str, kind: str, mix: Callable[[bytes], bytes]
) -> None:
    """It was made to be opened by something else than a viewer."""
    with pytest.raises(UnusablePhoto) as refused:
        clean(mix(picture(kind=kind)))
    assert refused.value.code == "mixed_content", name


def test_a_phones_moving_photo_is_a_photo() -> None:
    """A film behind the picture is what phones really write; it is not kept."""
    film = b"\x00\x00\x00\x18ftypmp42" + random.Random(2).randbytes(200_000)
    photo = clean(picture() + film)
    assert opened(photo.full).size == (64, 48)
    assert b"ftypmp42" not in photo.full


def test_iptc_xmp_and_maker_notes_are_gone() -> None:
    """Four places where cameras and editors hide who and where."""
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.MakerNote] = b"SecretMaker"
    exif[ExifTags.Base.Artist] = "SecretArtist"
    segment = (
        b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x10\x1c\x02\x50\x00\x0bSecretIptc!"
    )
    taken = picture(
        exif=exif, xmp=b"<x:xmpmeta>SecretXmp</x:xmpmeta>", icc_profile=b"SecretProfile"
    )
    taken = taken[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + taken[2:]
    assert taken.count(b"Secret") == 5
    photo = clean(taken)
    for data in (photo.full, photo.thumbnail):
        for trace in (b"Secret", b"Exif", b"8BIM", b"http://ns.adobe.com", b"ICC_PROFILE"):
            assert trace not in data


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_stands_in_the_chunks_of_a_png_or_webp_is_gone(kind: str) -> None:
    """The other formats have their own places for the same things."""
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "SecretArtist"
    more: dict[str, Any] = {"exif": exif, "icc_profile": b"SecretProfile"}
    if kind == "WEBP":
        more["xmp"] = b"<x:xmpmeta>SecretXmp</x:xmpmeta>"
    taken = picture(kind=kind, **more)
    assert b"SecretArtist" in taken
    photo = clean(taken)
    assert b"Secret" not in photo.full + photo.thumbnail


def test_a_photo_that_does_not_compress_still_fits() -> None:
    """Leaves, gravel and noise at night: 1600 pixels of them can take 2 MB as a JPEG."""
    noise = Image.frombytes("RGB", (1800, 1800), random.Random(1).randbytes(1800 * 1800 * 3))
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=95)
    photo = clean(out.getvalue())
    assert len(photo.full) <= PHOTO_BYTES
    assert len(photo.thumbnail) <= PHOTO_BYTES
    assert max(opened(photo.full).size) >= 600


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
