"""The one HTML page, made at the start: where the client lies, and what the page may load."""

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from app.web.addresses import origin_of
from app.web.static import StaticFiles

CONFIG_PLACE = "<!-- fletAppConfig -->"


@dataclass(frozen=True, slots=True)
class Page:
    """`assets/index.html` filled in, its content security policy, and its ETag."""

    html: bytes
    policy: str
    etag: str

    def answer(self, request: Request) -> Response:
        """The page, or 304 for a browser that has it."""
        headers = {
            "Cache-Control": "private, no-cache",
            "ETag": self.etag,
            "Content-Security-Policy": self.policy,
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=()",
        }
        if request.headers.get("if-none-match") == self.etag:
            return Response(status_code=304, headers=headers)
        return Response(self.html, headers=headers, media_type="text/html; charset=utf-8")


def make_page(
    template: Path,
    static: StaticFiles,
    public_url: str,
    *,
    also_connect: tuple[str, ...] = (),
) -> Page:
    """Fill the template; `also_connect` are addresses a profile configures, such as map tiles."""
    base, engine = f"/v/{static.version}/", f"/v/{static.engine}/"
    config = {
        "entrypointBaseUrl": engine,
        "assetBase": base,
        "canvasKitBaseUrl": f"{engine}canvaskit/",
        "fontFallbackBaseUrl": f"{base}assets/fonts/",
        "client": static.version,
    }
    script = f"<script>Object.assign(flet, {json.dumps(config)});</script>"
    html = template.read_text(encoding="utf-8").replace(CONFIG_PLACE, script)
    html = re.sub(r'"(icons/|fonts/|favicon|manifest)', rf'"{base}\1', html)
    html = html.replace('"flutter_bootstrap.js"', f'"{engine}flutter_bootstrap.js"')
    policy = _policy(html, origin_of(public_url), also_connect)
    digest = hashlib.sha256((html + policy).encode()).hexdigest()[:32]
    return Page(html.encode(), policy, f'"{digest}"')


def _policy(html: str, origin: str, also_connect: tuple[str, ...]) -> str:
    scripts = " ".join(
        _hash(body) for body in re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    )
    socket = "ws" + origin.removeprefix("http")
    outside = "".join(f" {origin_of(address)}" for address in also_connect)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'wasm-unsafe-eval' blob: {scripts}",
            "worker-src 'self' blob:",
            f"connect-src 'self' {socket} blob: data:{outside}",
            # The engine writes its own style elements.
            "style-src 'self' 'unsafe-inline'",
            f"img-src 'self' blob: data:{outside}",
            "media-src 'self' blob:",
            "font-src 'self' data:",
            "manifest-src 'self'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _hash(body: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()}'"
