"""The doctor's page /share: opens a link in the browser, without an app and without an account.

The key stands in the address's fragment, which no browser sends. The page takes nothing from
elsewhere, writes text and never markup (Trusted Types forbid it), and has one script.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

HERE = Path(__file__).parent / "page"
FONTS = Path(__file__).parent.parent / "certificates" / "fonts"
FONT_NAMES = ("BeVietnamPro_400Regular.ttf", "BeVietnamPro_600SemiBold.ttf")
SCRIPTS = ("words.js", "jose.js", "reading.js", "drawing.js", "page.js")
"""The parts of the one script, in their order."""


def page_app() -> Starlette:
    """The page as an application of its own, to be mounted at /share beside the gateway."""
    return Starlette(
        routes=[
            Route("/", _page, methods=["GET"]),
            Route("/page.js", _script, methods=["GET"]),
            Route("/style.css", _style, methods=["GET"]),
            Route("/fonts/{name}", _font, methods=["GET"]),
        ]
    )


@lru_cache(maxsize=1)
def script() -> bytes:
    """The whole script."""
    parts = (HERE.joinpath(name).read_text(encoding="utf-8") for name in SCRIPTS)
    return ('"use strict";\n' + "\n".join(parts)).encode()


def integrity() -> str:
    """The script's digest as subresource integrity has it."""
    return f"sha384-{base64.b64encode(hashlib.sha384(script()).digest()).decode()}"


def headers() -> dict[str, str]:
    """What every answer of the page carries."""
    policy = (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
    return {
        "Content-Security-Policy": "; ".join(policy),
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    }


async def _page(request: Request) -> Response:
    template = HERE.joinpath("index.html").read_text(encoding="utf-8")
    html = template.replace("{integrity}", integrity())
    return Response(html, headers=headers(), media_type="text/html; charset=utf-8")


async def _script(request: Request) -> Response:
    return Response(script(), headers=headers(), media_type="text/javascript; charset=utf-8")


async def _style(request: Request) -> Response:
    return FileResponse(HERE / "style.css", media_type="text/css", headers=headers())


async def _font(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in FONT_NAMES:
        raise HTTPException(404)
    kept = {**headers(), "Cache-Control": "public, max-age=86400"}
    return FileResponse(FONTS / name, media_type="font/ttf", headers=kept)
