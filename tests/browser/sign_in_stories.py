"""Pictures of the way in, when it is dark, wide or broken off."""

from __future__ import annotations

from .album import Album, Look
from .browser import DESKTOP


def sign_ins(album: Album) -> None:
    """The first screen in the dark and on a desktop, and what a broken-off sign-in says."""
    for name, look, route, words in (
        ("01-sign-in-dark", Look("", theme="dark"), "/", "Đăng nhập bằng VNeID"),
        ("01-sign-in-desktop", Look("", DESKTOP), "/", "Đăng nhập bằng VNeID"),
        ("01-sign-in-cancelled", Look(""), "/sign-in-failed?reason=cancelled", "Chưa đăng nhập"),
    ):
        app = album.app(look, route)
        app.sees(words)
        album.keep(app, name)
        app.page.context.close()
