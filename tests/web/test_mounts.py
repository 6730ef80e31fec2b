"""Addresses of the apps beside the Flet app."""

from pathlib import Path

import httpx
import pytest

from app.config import Config
from app.serve import make_web_app

ADDRESS = "http://127.0.0.1:8550"


async def test_a_typed_address_without_its_slash_reaches_the_checking_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An employer types the address off a printed certificate."""
    monkeypatch.setenv("IHANOI_DATA", str(tmp_path))
    cache = Path(__file__).parent.parent.parent / ".pytest_cache" / "web-client"
    cache.mkdir(parents=True, exist_ok=True)
    (tmp_path / "cache").symlink_to(cache, target_is_directory=True)
    app = make_web_app(Config("embedded", "embedded", "embedded", "ihanoi-app"), ADDRESS)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as http:
        answer = await http.get("/verify?code=7HC4-K2QD", headers={"Accept": "text/html"})
    assert answer.status_code == 307
    assert answer.headers["location"].endswith("/verify/?code=7HC4-K2QD")
