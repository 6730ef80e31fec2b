"""Photos: what the camera wrote stays on the device."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest
from PIL import ExifTags, Image

from services import photo_files
from services.errors import Rejected
from services.photos import BUDGET, LONGEST_SIDE, Photo, prepare


def picture(width: int = 60, height: int = 40) -> Image.Image:
    """Left half red, right half blue."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    return image


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def exif(orientation: int = 1, lat: str = "N", long: str = "E") -> Image.Exif:
    data = Image.Exif()
    data[ExifTags.Base.Orientation] = orientation
    data[ExifTags.Base.Make] = "SecretCamera"
    data[ExifTags.IFD.GPSInfo] = {1: lat, 2: (21.0, 1.0, 57.3), 3: long, 4: (105.0, 51.0, 0.72)}
    return data


async def test_a_camera_photo_loses_everything_but_the_picture() -> None:
    """Home address, camera serial, owner's name: none of it is the city's business."""
    taken = encoded(
        picture(),
        exif=exif(),
        comment=b"SecretComment",
        icc_profile=b"SecretProfile",
        dpi=(300, 300),
    )
    assert b"Secret" in taken
    photo = await prepare(taken)
    assert b"Secret" not in photo.jpeg
    assert b"Exif" not in photo.jpeg
    with Image.open(io.BytesIO(photo.jpeg)) as image:
        assert image.format == "JPEG"
        assert not image.getexif()
        assert set(image.info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
        }


@pytest.mark.parametrize(
    ("lat", "long", "place"),
    [("N", "E", (21.032583, 105.8502)), ("S", "W", (-21.032583, -105.8502))],
)
async def test_the_place_is_read_before_it_is_removed(
    lat: str, long: str, place: tuple[float, float]
) -> None:
    """It is offered as the report's place; the resident decides."""
    assert (await prepare(encoded(picture(), exif=exif(lat=lat, long=long)))).place == place


@pytest.mark.parametrize(
    "gps",
    [
        {},
        {1: "N", 2: (21.0, 1.0)},
        {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
        {1: "N", 2: (95.0, 0.0, 0.0), 3: "E", 4: (1.0, 2.0, 3.0)},
    ],
    ids=str,
)
async def test_a_nonsense_place_is_no_place(gps: dict[int, object]) -> None:
    """A camera without a fix writes zeros."""
    data = Image.Exif()
    if gps:
        data[ExifTags.IFD.GPSInfo] = gps
    assert (await prepare(encoded(picture(), exif=data))).place is None


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
async def test_a_photo_stands_upright(orientation: int) -> None:
    """The officer does not turn their head."""
    turn = {
        1: None,
        3: Image.Transpose.ROTATE_180,
        6: Image.Transpose.ROTATE_90,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    stored = picture().transpose(turn) if turn is not None else picture()
    photo = await prepare(encoded(stored, exif=exif(orientation), quality=95))
    assert (photo.width, photo.height) == (60, 40)
    with Image.open(io.BytesIO(photo.jpeg)) as image:
        assert image.size == (60, 40)
        left, right = image.getpixel((10, 20)), image.getpixel((50, 20))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert left[0] - left[2] > 150
    assert right[2] - right[0] > 150


async def test_a_large_photo_becomes_small_and_keeps_its_shape() -> None:
    """A month of data is not spent on one report."""
    photo = await prepare(encoded(picture(4000, 3000)))
    assert (photo.width, photo.height) == (LONGEST_SIDE, 1200)
    assert len(photo.jpeg) <= BUDGET


async def test_even_noise_fits_the_budget() -> None:
    """Leaves and gravel compress badly."""
    noise = Image.frombytes("RGB", (1600, 1600), random.Random(1).randbytes(1600 * 1600 * 3))
    photo = await prepare(encoded(noise, quality=100))
    assert len(photo.jpeg) <= BUDGET
    with Image.open(io.BytesIO(photo.jpeg)) as image:
        assert image.size == (photo.width, photo.height)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "BMP", "AVIF"])
async def test_other_formats_become_jpeg(kind: str) -> None:
    """Screenshots and forwarded pictures are evidence too."""
    photo = await prepare(encoded(picture(), kind))
    assert photo.jpeg.startswith(b"\xff\xd8")
    assert (photo.width, photo.height) == (60, 40)


async def test_what_is_transparent_becomes_white() -> None:
    """Black text on a transparent screenshot stays readable."""
    photo = await prepare(encoded(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "PNG"))
    with Image.open(io.BytesIO(photo.jpeg)) as image:
        assert min(image.getpixel((4, 4))) > 250  # type: ignore[arg-type]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "data", [b"", SVG, b"%PDF-1.7\n", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"MZ" * 99]
)
async def test_what_is_no_picture_is_refused(data: bytes) -> None:
    """Neither scripts nor documents travel as photos."""
    with pytest.raises(Rejected) as caught:
        await prepare(data)
    assert caught.value.code == "photo_wrong_type"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_cut_off_photo_is_refused_not_half_kept(kind: str) -> None:
    """A grey half picture proves nothing; the resident is told."""
    noise = Image.frombytes("RGB", (400, 400), random.Random(1).randbytes(480_000))
    whole = encoded(noise, kind)
    with pytest.raises(Rejected) as caught:
        await prepare(whole[: len(whole) // 2])
    assert caught.value.code == "photo_unreadable"


def zipped() -> bytes:
    """A small archive, as a JAR or an Office file is one."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "x")
    return file.getvalue()


MIXED = {
    "an archive behind it": lambda photo: photo + zipped(),
    "an archive with a comment": lambda photo: photo + zipped()[:-2] + b"\x04\x00note",
    "a PDF in its comment": lambda photo: photo[:2] + b"\xff\xfe\x00\x0a%PDF-1.7" + photo[2:],
    "a script behind it": lambda photo: photo + b"<script>alert(1)</script>",
    "a page in its comment": lambda photo: photo[:2] + b"\xff\xfe\x00\x08<HTML>" + photo[2:],
    "a server's script": lambda photo: photo + b"<?php echo 1;",
    "a drawing behind it": lambda photo: photo + SVG,
}


@pytest.mark.parametrize("mix", MIXED.values(), ids=MIXED)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
async def test_a_picture_that_is_something_else_too_is_refused(
    mix: Callable[[bytes], bytes], kind: str
) -> None:
    """It was made to be opened by something else than a viewer."""
    if kind == "PNG" and "comment" in {v: k for k, v in MIXED.items()}[mix]:
        pytest.skip("a comment of a JPEG")
    with pytest.raises(Rejected) as caught:
        await prepare(mix(encoded(picture(), kind)))
    assert caught.value.code == "photo_mixed"


async def test_a_phones_moving_photo_is_a_photo() -> None:
    """A film behind the picture, maker notes and XMP are what phones really write."""
    xmp = b'<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF/></x:xmpmeta>'
    noise = random.Random(2).randbytes(200_000)
    taken = encoded(picture(), xmp=xmp) + b"\x00\x00\x00\x18ftypmp42" + noise
    photo = await prepare(taken)
    assert (photo.width, photo.height) == (60, 40)
    assert b"xpacket" not in photo.jpeg


async def test_iptc_xmp_and_maker_notes_stay_on_the_device() -> None:
    """Four places where cameras and editors hide who and where."""
    data = exif()
    data.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.MakerNote] = b"SecretMaker"
    segment = (
        b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x10\x1c\x02\x50\x00\x0bSecretIptc!"
    )
    taken = encoded(picture(), exif=data, xmp=b"<x:xmpmeta>SecretXmp</x:xmpmeta>")
    taken = taken[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + taken[2:]
    assert taken.count(b"Secret") == 4
    photo = await prepare(taken)
    for trace in (b"Secret", b"Exif", b"8BIM", b"http://ns.adobe.com", b"ICC_PROFILE"):
        assert trace not in photo.jpeg
    assert photo.place is not None


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be huge."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("size", [(8_001, 8_000), (10_001, 10_000), (60_000, 60_000)])
async def test_a_picture_bomb_is_refused_before_it_is_opened(size: tuple[int, int]) -> None:
    """Ten kilobytes must not take the phone's whole memory."""
    with pytest.raises(Rejected) as caught:
        await prepare(bomb(*size))
    assert caught.value.code == "photo_too_large"


async def test_a_file_that_is_too_large_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A video by another name."""
    monkeypatch.setattr(photo_files, "INPUT_LIMIT", 100)
    with pytest.raises(Rejected) as caught:
        await prepare(encoded(picture()))
    assert caught.value.code == "photo_too_large"


async def test_a_photo_survives_the_vault() -> None:
    """With its place and its words."""
    photo = (await prepare(encoded(picture(), exif=exif()))).described("ổ gà đọng nước")
    assert Photo.from_json(photo.to_json()) == photo
    assert photo.place is not None
