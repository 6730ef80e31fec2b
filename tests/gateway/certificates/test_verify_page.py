"""The public page /verify."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import update
from starlette.applications import Starlette
from starlette.routing import Mount

from gateway.certificates import verify_app
from gateway.certificates.authority import Authority
from gateway.certificates.tables import certificates
from gateway.database import Database
from gateway.settings import Settings
from tests.gateway.certificates.conftest import CONTENT
from tests.gateway.conftest import PUBLIC_URL

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest_asyncio.fixture
async def visitor(
    settings: Settings, database: Database, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without an account, in front of the mounted page."""
    monkeypatch.setattr("gateway.certificates.pages.open_keys", lambda _: authority)
    host = Starlette(routes=[Mount("/verify", verify_app(settings, database))])
    transport = httpx.ASGITransport(host)
    async with httpx.AsyncClient(
        transport=transport, base_url=PUBLIC_URL, follow_redirects=True
    ) as client:
        yield client


def upload(document: bytes) -> dict[str, tuple[str, bytes, str]]:
    return {"file": ("phieu.pdf", document, "application/pdf")}


def heading(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page)
    assert found is not None
    return found[1]


async def test_the_page_runs_no_script_and_loads_from_nowhere_else(
    visitor: httpx.AsyncClient,
) -> None:
    """A page that decides what is genuine must itself be beyond doubt."""
    answer = await visitor.get("/verify")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "script" not in policy
    assert "unsafe" not in policy
    assert "<script" not in answer.text
    assert not re.search(r'(href|src|action)="https?:', answer.text)
    assert "Bản mở · không chính thức" in answer.text


async def test_style_and_fonts_come_from_the_page_itself(visitor: httpx.AsyncClient) -> None:
    """Vietnamese letters without another host's fonts."""
    style = await visitor.get("/verify/style.css")
    assert style.headers["Content-Type"].startswith("text/css")
    for name in re.findall(r'url\("([^"]+)"\)', style.text):
        assert (await visitor.get(f"/verify/{name}")).status_code == 200
    assert (await visitor.get("/verify/fonts/..%2fstyle.css")).status_code == 404


async def test_the_qr_of_a_genuine_certificate_says_valid(
    visitor: httpx.AsyncClient, registered: bytes
) -> None:
    """By its code alone; the page says that the content was not compared."""
    answer = await visitor.get(f"/verify?code={CONTENT.code}")
    assert answer.status_code == 200
    assert heading(answer.text) == "Phiếu hợp lệ"
    assert 'role="alert"' in answer.text
    assert CONTENT.number in answer.text
    assert "N••••• M••• Anh" in answer.text
    assert CONTENT.name not in answer.text
    assert "Chưa kiểm tra nội dung tệp" in answer.text


async def test_an_uploaded_genuine_file_says_valid(
    visitor: httpx.AsyncClient, registered: bytes
) -> None:
    """The journey of an employer: choose the file, read the verdict."""
    answer = await visitor.post("/verify/", files=upload(registered))
    assert heading(answer.text) == "Phiếu hợp lệ"
    for line in ("Chữ ký số đúng", "Nội dung không bị sửa", "Chưa bị thu hồi"):
        assert line in answer.text
    assert "So tên trên phiếu" in answer.text
    assert re.search(r"Kiểm tra lúc \d\d:\d\d:\d\d, \d\d/\d\d/\d{4}", answer.text)


async def test_an_altered_file_says_so_at_once(
    visitor: httpx.AsyncClient, registered: bytes
) -> None:
    """The verdict is the first thing a screen reader says, in words and not by colour."""
    changed = registered[:5000] + b"X" + registered[5001:]
    answer = await visitor.post("/verify/", files=upload(changed))
    assert heading(answer.text) == "Nội dung đã bị sửa"
    assert "Không dùng phiếu này." in answer.text
    assert CONTENT.number not in answer.text


@pytest.mark.parametrize(
    ("status", "title", "check"),
    [
        ("revoked", "Phiếu đã bị thu hồi", "Đã bị thu hồi ngày 18/11/2026"),
        ("superseded", "Phiếu đã được thay bằng phiếu mới", "Đã được thay từ 18/11/2026"),
    ],
)
async def test_a_certificate_out_of_force_says_so(
    visitor: httpx.AsyncClient,
    database: Database,
    registered: bytes,
    status: str,
    title: str,
    check: str,
) -> None:
    """A perfect file whose time is over: the register's word goes before the signature's."""
    ended = {"status": status, "ended_on": date(2026, 11, 18)}
    database.run_here(lambda db: db.execute(update(certificates).values(**ended)))
    answer = await visitor.post("/verify/", files=upload(registered))
    assert heading(answer.text) == title
    assert check in answer.text
    assert "Không còn giá trị từ 18/11/2026." in answer.text


async def test_an_unknown_code_gives_no_details(visitor: httpx.AsyncClient) -> None:
    """Whatever was typed is not written back into the page."""
    answer = await visitor.get("/verify/", params={"code": "<b>AAAA</b>"})
    assert heading(answer.text) == "Không tìm thấy số phiếu"
    assert "<b>" not in answer.text


async def test_a_file_of_something_else_has_words(visitor: httpx.AsyncClient) -> None:
    """A photo by mistake: said kindly, with what to do."""
    answer = await visitor.post("/verify/", files=upload(b"not a pdf"))
    assert heading(answer.text) == "Không nhận ra tệp này"
    assert "đề nghị người nộp gửi tệp PDF gốc" in answer.text


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        ({"files": {"file": ("a.pdf", b"x" * 2_100_000)}}, 413, "chỉ nhận tệp đến 2 mb"),
        ({"files": {"file": ("a.pdf", b"")}}, 400, "chọn tệp pdf"),
        ({"data": {"code": " "}}, 400, "chọn tệp pdf"),
        (
            {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}},
            400,
            "không đọc được",
        ),
    ],
)
async def test_what_cannot_be_checked_is_explained(
    visitor: httpx.AsyncClient, content: dict[str, object], status: int, words: str
) -> None:
    """Could not check is never shown as valid."""
    answer = await visitor.post("/verify/", **content)  # type: ignore[arg-type]
    assert answer.status_code == status
    assert words in answer.text.lower()
    assert "Phiếu hợp lệ" not in answer.text


async def test_a_body_without_a_length_is_bounded_too(visitor: httpx.AsyncClient) -> None:
    """Whoever streams for ever is stopped."""

    async def endless() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        while True:
            yield b"x" * 65536

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await visitor.post("/verify/", content=endless(), headers=headers)
    assert answer.status_code == 413


async def test_a_register_that_is_away_is_said(
    visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not valid, not altered: not checked."""

    def missing(_: Settings) -> Authority:
        raise FileNotFoundError

    monkeypatch.setattr("gateway.certificates.pages.open_keys", missing)
    answer = await visitor.get("/verify/?code=7HC4-K2QD")
    assert answer.status_code == 503
    assert "Chưa kiểm tra được" in answer.text


async def test_the_page_speaks_english(visitor: httpx.AsyncClient, registered: bytes) -> None:
    """By the browser's wish or by the link, which each page has."""
    english = {"Accept-Language": "en-GB,en;q=0.9"}
    answer = await visitor.get(f"/verify/?code={CONTENT.code}", headers=english)
    assert heading(answer.text) == "Certificate is valid"
    assert '<html lang="en">' in answer.text
    by_link = await visitor.get(f"/verify/?lang=en&code={CONTENT.code}")
    assert heading(by_link.text) == heading(answer.text)
    again = await visitor.get("/verify/?lang=vi", headers=english)
    assert heading(again.text) == "Kiểm tra phiếu lý lịch tư pháp"
