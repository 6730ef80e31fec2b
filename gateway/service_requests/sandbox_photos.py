"""Drawn street scenes for the sandbox's sample reports: no real photo, no real place."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from functools import cache

from PIL import Image, ImageDraw, ImageFilter

from gateway.photos import PHOTO_SIDE, THUMBNAIL_SIDE, Photo, encode

Draw = ImageDraw.ImageDraw
Colour = tuple[int, int, int]

_PLACES = {
    "patched": "pothole",
    "pothole_near": "pothole",
    "manhole_fixed": "manhole",
    "cleared": "branch",
}
"""Scenes of the same street as another one: what was before and what is after."""

WIDTH, HEIGHT = 1200, 900
_HORIZON = 300
_WALLS: tuple[Colour, ...] = ((226, 186, 122), (206, 150, 110), (196, 204, 190), (170, 120, 100))
_BAGS: tuple[Colour, ...] = ((28, 30, 34), (34, 80, 150), (190, 60, 50), (225, 225, 222))
_DARK: Colour = (34, 36, 38)


@cache
def photo(name: str) -> Photo:
    """The scene of that name, the same at every call. Raises KeyError for an unknown name."""
    image = SCENES[name](random.Random(_PLACES.get(name, name))).filter(
        ImageFilter.GaussianBlur(1.2)
    )
    small = image.copy()
    image.thumbnail((PHOTO_SIDE, PHOTO_SIDE))
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Photo(encode(image), encode(small))


def _street(chance: random.Random) -> Image.Image:
    """House fronts and trees above a grey street."""
    image = Image.new("RGB", (WIDTH, HEIGHT), (188, 206, 214))
    draw = ImageDraw.Draw(image)
    for left in range(0, WIDTH, 150):
        top = chance.randint(20, 110)
        draw.rectangle((left, top, left + 146, _HORIZON), fill=chance.choice(_WALLS))
        draw.rectangle((left + 20, 205, left + 126, _HORIZON), fill=(90, 70, 62))
        for column in (left + 24, left + 86):
            draw.rectangle((column, top + 30, column + 34, top + 84), fill=(70, 92, 100))
    for left in range(-60, WIDTH, 310):
        _crown(draw, left + chance.randint(0, 90), 90, 120)
    draw.rectangle((0, _HORIZON, WIDTH, _HORIZON + 34), fill=(178, 172, 164))
    draw.rectangle((0, _HORIZON + 34, WIDTH, HEIGHT), fill=(112, 114, 116))
    _grain(draw, chance)
    return image


def _crown(draw: Draw, x: int, y: int, radius: int) -> None:
    draw.rectangle((x - 12, y, x + 12, _HORIZON), fill=(96, 74, 56))
    for turn in range(6):
        dx = int(radius * 0.6 * math.cos(turn))
        dy = int(radius * 0.4 * math.sin(turn))
        box = (
            x + dx - radius // 2,
            y + dy - radius // 2,
            x + dx + radius // 2,
            y + dy + radius // 2,
        )
        draw.ellipse(box, fill=(52 + 6 * turn, 104, 70))


def _grain(draw: Draw, chance: random.Random) -> None:
    for _ in range(2500):
        x, y = chance.randrange(WIDTH), chance.randrange(_HORIZON + 40, HEIGHT)
        shade = chance.randint(96, 128)
        draw.ellipse((x, y, x + 4, y + 2), fill=(shade, shade, shade))


def _blob(
    chance: random.Random, box: tuple[int, int, int, int], rough: float
) -> list[tuple[float, float]]:
    """An uneven ellipse inside the box."""
    left, top, right, bottom = box
    points = []
    for step in range(48):
        angle, reach = step / 48 * math.tau, 1 - chance.random() * rough
        x = (left + right) / 2 + (right - left) / 2 * reach * math.cos(angle)
        y = (top + bottom) / 2 + (bottom - top) / 2 * reach * math.sin(angle)
        points.append((x, y))
    return points


def _pothole(chance: random.Random) -> Image.Image:
    image = _street(chance)
    draw = ImageDraw.Draw(image)
    draw.polygon([(60, 900), (360, 480), (392, 480), (160, 900)], fill=(206, 204, 196))
    draw.polygon(_blob(chance, (380, 520, 1060, 800), 0.10), fill=(150, 146, 138))
    draw.polygon(_blob(chance, (420, 545, 1020, 780), 0.08), fill=(58, 54, 50))
    draw.polygon(_blob(chance, (520, 640, 930, 760), 0.05), fill=(140, 146, 148))
    return image


def _pothole_near(chance: random.Random) -> Image.Image:
    return _pothole(chance).crop((330, 480, 1110, 840)).resize((WIDTH, 554))


def _patched(chance: random.Random) -> Image.Image:
    image = _street(chance)
    draw = ImageDraw.Draw(image)
    draw.polygon([(60, 900), (360, 480), (392, 480), (160, 900)], fill=(206, 204, 196))
    draw.polygon([(440, 520), (1010, 510), (1110, 800), (360, 820)], fill=(54, 58, 62))
    return image


def _lamp(chance: random.Random) -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT))
    draw = ImageDraw.Draw(image)
    for y in range(HEIGHT):
        share = y / HEIGHT
        draw.line(
            (0, y, WIDTH, y),
            fill=(int(46 + 160 * share), int(54 + 84 * share), int(90 + 30 * share)),
        )
    for left, top in ((0, 420), (240, 540), (760, 470), (980, 560)):
        draw.rectangle((left, top, left + 230, HEIGHT), fill=(44, 40, 46))
        for _ in range(3):
            x, y = left + chance.randint(20, 180), top + chance.randint(30, 200)
            draw.rectangle((x, y, x + 26, y + 36), fill=(232, 176, 96))
    draw.line((600, HEIGHT, 600, 120), fill=_DARK, width=20)
    draw.line((600, 124, 800, 124), fill=_DARK, width=14)
    draw.rectangle((770, 112, 860, 142), fill=_DARK)
    for sag in (180, 210, 260):
        draw.arc((-400, sag - 200, 1600, sag + 60), 20, 160, fill=_DARK, width=4)
    return image


def _rubbish(chance: random.Random) -> Image.Image:
    image = _street(chance)
    draw = ImageDraw.Draw(image)
    for step in range(16):
        x, y = 330 + chance.randint(0, 460), 520 + 13 * step + chance.randint(-20, 20)
        bag = _blob(chance, (x, y, x + 190, y + 130), 0.16)
        draw.polygon(bag, fill=chance.choice(_BAGS))
        draw.polygon([(x + 85, y + 14), (x + 95, y - 16), (x + 110, y + 14)], fill=_DARK)
    return image


def _manhole(chance: random.Random) -> Image.Image:
    image = _street(chance)
    draw = ImageDraw.Draw(image)
    draw.ellipse((380, 520, 860, 760), fill=(70, 72, 74))
    draw.ellipse((400, 532, 840, 748), fill=(96, 98, 98))
    for line in range(410, 840, 36):
        draw.line((line, 560, line, 720), fill=(76, 78, 80), width=8)
    draw.pieslice((400, 532, 840, 748), -80, 35, fill=(16, 16, 18))
    return image


def _manhole_fixed(chance: random.Random) -> Image.Image:
    image = _street(chance)
    draw = ImageDraw.Draw(image)
    draw.ellipse((360, 510, 880, 770), fill=(140, 140, 136))
    draw.ellipse((400, 532, 840, 748), fill=(48, 50, 52))
    for line in range(430, 830, 40):
        draw.line((line, 570, line, 710), fill=(66, 68, 70), width=10)
    return image


def _branch(chance: random.Random) -> Image.Image:
    image = _street(chance)
    draw = ImageDraw.Draw(image)
    draw.line((140, 800, 900, 560), fill=(98, 74, 54), width=34)
    for step in range(9):
        x, y = 300 + 70 * step, 760 - 24 * step
        tip = (x + chance.randint(-40, 120), y - chance.randint(60, 150))
        draw.line((x, y, *tip), fill=(98, 74, 54), width=12)
        draw.polygon(
            _blob(chance, (tip[0] - 70, tip[1] - 40, tip[0] + 80, tip[1] + 50), 0.3),
            fill=(66, 122, 74),
        )
    return image


def _cleared(chance: random.Random) -> Image.Image:
    return _street(chance)


def _pavement(chance: random.Random) -> Image.Image:
    image = _street(chance)
    draw = ImageDraw.Draw(image)
    draw.polygon([(0, 420), (WIDTH, 380), (WIDTH, 560), (0, 700)], fill=(186, 178, 168))
    for left, colour in ((180, (40, 96, 170)), (420, (190, 60, 50)), (680, (40, 120, 84))):
        draw.rectangle((left, 430, left + 180, 560), fill=colour)
        draw.polygon([(left - 30, 430), (left + 90, 350), (left + 210, 430)], fill=(222, 214, 190))
        draw.rectangle((left + 10, 560, left + 24, 630), fill=_DARK)
        draw.rectangle((left + 156, 560, left + 170, 620), fill=_DARK)
    return image


SCENES: dict[str, Callable[[random.Random], Image.Image]] = {
    "pothole": _pothole,
    "pothole_near": _pothole_near,
    "patched": _patched,
    "lamp": _lamp,
    "rubbish": _rubbish,
    "manhole": _manhole,
    "manhole_fixed": _manhole_fixed,
    "branch": _branch,
    "cleared": _cleared,
    "pavement": _pavement,
}
"""Every scene by its name in service_requests_sandbox.json."""
