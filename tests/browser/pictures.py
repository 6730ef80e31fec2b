"""Takes the pictures of docs/journeys from the running product: `python -m tests.browser.pictures`.

Names of stories or of single pictures after it take only those.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import picture_stories, sign_in_stories
from .album import FOLDER, Album, Look
from .browser import DESKTOP, find_chromium, launched
from .server import LinkedProduct


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its name, the address, and words that stand there when it is drawn."""

    name: str
    route: str
    words: str


WALKS: tuple[tuple[Look, tuple[Shot, ...]], ...] = (
    (Look(who=""), (Shot("01-sign-in", "/", "Đăng nhập bằng VNeID"),)),
    (
        Look(),
        (
            Shot("02-home", "/", "Minh Anh"),
            Shot("06-nearby", "/reports/nearby", "Quanh đây"),
            Shot("11-health", "/records", "Penicillin"),
            Shot("21-me", "/me", "Cài đặt"),
        ),
    ),
    (
        Look(theme="dark"),
        (
            Shot("02-home-dark", "/", "Minh Anh"),
            Shot("11-health-dark", "/records", "Penicillin"),
        ),
    ),
    (Look(english=True), (Shot("02-home-english", "/", "Minh Anh"),)),
    (
        Look(size=DESKTOP),
        (
            Shot("d1-home-desktop", "/", "Minh Anh"),
            Shot("d3-nearby-desktop", "/reports/nearby", "Quanh đây"),
        ),
    ),
    (Look(size=DESKTOP, theme="dark"), (Shot("d1-home-desktop-dark", "/", "Minh Anh"),)),
)


def walk(album: Album, look: Look, shots: tuple[Shot, ...]) -> None:
    """Sign in once, and take each picture at its address."""
    app = album.app(look)
    for shot in shots:
        app.open(shot.route)
        app.sees(shot.words)
        album.keep(app, shot.name)
    app.page.context.close()


STORIES: tuple[Callable[[Album], None], ...] = (
    picture_stories.cards,
    picture_stories.certificate,
    picture_stories.health,
    picture_stories.sharing,
    picture_stories.reports,
    picture_stories.new_report,
    picture_stories.desk,
    picture_stories.support,
    sign_in_stories.sign_ins,
    picture_stories.persona,
)


def main(wanted: list[str]) -> None:
    """Start the product on a fresh folder and take every picture, or only the wanted ones."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    executable = find_chromium()
    assert executable, "no Chromium is installed"
    with tempfile.TemporaryDirectory() as folder, launched(executable) as browser:
        product = LinkedProduct(Path(folder)).start()
        album = Album(browser, product, Path(folder))
        try:
            for story in STORIES:
                if not wanted or story.__name__ in wanted:
                    story(album)
            for look, shots in WALKS:
                chosen = tuple(shot for shot in shots if not wanted or shot.name in wanted)
                if chosen:
                    walk(album, look, chosen)
        finally:
            product.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
