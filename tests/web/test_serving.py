"""What the host serves, to whom, and under which headers."""

import gzip
import re
from pathlib import Path

import brotli
import httpx
import pytest
from starlette.types import ASGIApp

from app.web.static import prepare

from .conftest import StartHost
from .visitor import PUBLIC_URL, Visitor


def version_of(page: httpx.Response) -> str:
    """The address under which this page's client lies."""
    found = re.search(r"/v/[0-9a-f]{16}/", page.text)
    assert found
    return found[0]


async def test_the_client_is_compressed_and_kept_for_ever(visitor: Visitor) -> None:
    """14 MB on a first visit and again on the next is a resident's data plan."""
    base = version_of(await visitor.open())
    accept = {"Accept-Encoding": "gzip, br"}
    answer = await visitor.http.get(f"{base}main.dart.wasm", headers=accept)
    assert answer.headers["content-encoding"] == "br"
    assert answer.headers["content-type"] == "application/wasm"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert int(answer.headers["content-length"]) < 200
    assert answer.content.startswith(b"\0asm")


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("br;q=0.5", "br"), ("identity", None)],
)
async def test_a_browser_gets_a_form_that_it_can_read(
    visitor: Visitor, accepted: str, coding: str | None
) -> None:
    """Browsers take brotli over TLS only; on a city's plain test server gzip has to do."""
    base = version_of(await visitor.open())
    answer = await visitor.http.get(
        f"{base}flutter_bootstrap.js", headers={"Accept-Encoding": accepted}
    )
    assert answer.headers.get("content-encoding") == coding
    assert answer.text == "start();" * 200


async def test_an_unversioned_file_is_asked_for_again(visitor: Visitor) -> None:
    """A picture under its plain name may change with the next release."""
    first = await visitor.open("/icons/icon-192.png")
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["content-type"] == "image/png"
    etag = {"If-None-Match": first.headers["etag"]}
    assert (await visitor.http.get("/icons/icon-192.png", headers=etag)).status_code == 304


async def test_a_changed_file_changes_the_address(start_host: StartHost, assets_dir: Path) -> None:
    """Kept for ever must not mean stale after an update."""
    first = await Visitor(await start_host()).open()
    before = version_of(first)
    (assets_dir / "icons" / "mark.svg").write_text("<svg/>")
    visitor = Visitor(await start_host())
    page = await visitor.open()
    assert version_of(page) != before
    assert (await visitor.http.get(f"{before}icons/mark.svg")).status_code == 404
    engine = re.search(r'src="(/v/[^"]+flutter_bootstrap.js)"', page.text)
    assert engine
    assert engine[1] in first.text, "a new picture must not make browsers fetch the engine again"


@pytest.mark.parametrize(
    "path",
    [
        "/.env",
        "/icons/../.env",
        "/%2e%2e/data/web.sqlite3",
        "/../data/keys/web.key",
        "/canvaskit/skwasm.js.symbols",
        "/nothing.png",
    ],
)
async def test_only_listed_files_are_served(visitor: Visitor, path: str) -> None:
    """The data folder and hidden files are a path trick away in many servers."""
    answer = await visitor.http.get(path, headers={"Accept": "*/*"})
    assert answer.status_code == 404


async def test_every_address_of_the_app_gives_the_page(visitor: Visitor) -> None:
    """A pasted deep link, also one with a dot in it, has to open the app."""
    for address in ("/", "/reports/id/HN-2611-00001", "/records/health.summary"):
        page = await visitor.open(address)
        assert page.status_code == 200
        assert '<html lang="vi">' in page.text
        assert "no-cache" in page.headers["cache-control"]


async def test_the_page_comes_with_a_cookie_once(visitor: Visitor) -> None:
    """A new cookie on every page would lose preferences and sign people out."""
    first = await visitor.open()
    assert "set-cookie" in first.headers
    again = await visitor.open("/cards")
    assert "set-cookie" not in again.headers
    unchanged = await visitor.http.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert unchanged.status_code == 304


async def test_the_page_may_load_nothing_from_another_host(visitor: Visitor) -> None:
    """What a resident does here is nobody else's to count."""
    page = await visitor.open()
    policy = page.headers["content-security-policy"]
    sources = re.findall(r"\S+://[^\s;]+", policy)
    assert sources == ["ws://127.0.0.1:8639"]
    script = re.search(r"script-src ([^;]+)", policy)
    assert script
    assert "unsafe-inline" not in script[1]
    assert "'unsafe-eval'" not in script[1]
    assert "frame-ancestors 'none'" in policy
    outside = [
        address for address in re.findall(r'(?:src|href)="([^"]+)"', page.text) if "//" in address
    ]
    assert outside == []


async def test_a_configured_map_is_let_in_by_name(start_host: StartHost) -> None:
    """A city's own tile server is the one exception, and only its origin."""
    host = await start_host(also_connect=("https://tiles.city.example/{z}/{x}/{y}.png",))
    policy = (await Visitor(host).open()).headers["content-security-policy"]
    assert policy.count("https://tiles.city.example") == 2
    assert "{z}" not in policy


@pytest.mark.parametrize("path", ["/", "/icons/icon-192.png", "/api/cookie", "/sign-in-failed"])
async def test_every_answer_carries_the_security_headers(visitor: Visitor, path: str) -> None:
    """One forgotten route is the one that gets framed or sniffed."""
    headers = (await visitor.open(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


async def test_another_name_of_this_machine_leads_to_the_public_one(host: ASGIApp) -> None:
    """The cookie lives under one name; under the other the resident would seem signed out."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(host)) as http:
        page = {"Accept": "text/html"}
        moved = await http.get("http://localhost:8639/cards?x=1", headers=page)
        assert (moved.status_code, moved.headers["location"]) == (307, f"{PUBLIC_URL}/cards?x=1")
        assert (await http.get("http://localhost:8639/api/cookie")).status_code == 200


@pytest.mark.parametrize(
    "name", ["evil.example", "127.0.0.1", "127.0.0.1:8638", "ihanoi.example:8639"]
)
async def test_a_foreign_host_name_is_refused(host: ASGIApp, name: str) -> None:
    """A name that its owner points at this machine would read everything as its own (rebinding)."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(host)) as http:
        for path in ("/", "/api/cookie", "/connection"):
            assert (
                await http.get(f"{PUBLIC_URL}{path}", headers={"Host": name})
            ).status_code == 421


def test_compression_happens_once_and_can_be_interrupted(tmp_path: Path) -> None:
    """The second start is instant, and half a file from a cut first one is not served."""
    assets, client, cache = tmp_path / "a", tmp_path / "c", tmp_path / "cache"
    assets.mkdir()
    client.mkdir()
    (client / "main.dart.js").write_bytes(b"word " * 1000)
    (assets / "small.json").write_bytes(b"{}")
    (assets / "noise.bin").write_bytes(bytes(range(256)) * 2 + b"\x93\x11" * 3)
    seen: list[tuple[int, int]] = []
    first = prepare(assets, client, cache, progress=lambda done, of: seen.append((done, of)))
    assert seen[-1] == (4, 4)
    encodings = first.files["main.dart.js"].encodings
    assert brotli.decompress(encodings["br"].read_bytes()) == b"word " * 1000
    assert gzip.decompress(encodings["gzip"].read_bytes()) == b"word " * 1000
    assert first.files["small.json"].encodings == {}
    (cache / "cut.br.part").write_bytes(b"half")
    seen.clear()
    again = prepare(assets, client, cache, progress=lambda done, of: seen.append((done, of)))
    assert seen == []
    assert again.version == first.version
    assert not (cache / "cut.br.part").exists()
