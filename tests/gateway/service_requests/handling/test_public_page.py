"""The public page of a report: whoever gets the link reads how far it is, and nothing private."""

from __future__ import annotations

import re

import httpx
import pytest
from sqlalchemy import update

from gateway.service_requests.tables import media
from tests.gateway.conftest import RESIDENT, STRANGER
from tests.gateway.service_requests.handling.city import QUAN, City, as_officer

QUESTION = "Cổng sau nhà bạn ở đâu?"
REPLY = "Ngõ sau số 28, gọi tôi trước."


async def page(city: City, found: str, **query: str) -> httpx.Response:
    """The page as a browser without an account asks for it."""
    accept = {"Accept": "text/html", "Accept-Language": query.pop("browser", "vi-VN,vi;q=0.9")}
    return await city.client.get(f"/reports/public/{found}", headers=accept, params=query)


async def test_everybody_reads_how_far_a_report_is(city: City) -> None:
    """A neighbour who gets the link needs no account."""
    found = await city.report()
    await city.handle(found, "accept")
    shown = await page(city, found)
    assert shown.status_code == 200
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    for words in (
        "Ổ gà, mặt đường hỏng",
        "Đang xử lý",
        "Ổ gà sâu giữa đường",
        found,
        "28 Hàng Trống",
    ):
        assert words in shown.text
    assert "UBND phường Hoàn Kiếm" in shown.text
    assert "17:00, 15/10/2026" in shown.text


async def test_its_address_is_the_one_the_report_names(city: City) -> None:
    """What the app shares must open."""
    found = await city.report()
    address = (await city.see(found)).json()["extended_attributes"]["public_url"]
    opened = await city.client.get(address)
    assert opened.status_code == 200
    assert found in opened.text


async def test_what_two_residents_and_the_agency_write_to_each_other_is_not_on_it(
    city: City,
) -> None:
    """Who sent it, what was asked and answered, and what is behind it stay private."""
    mine = await city.report(
        RESIDENT,
        service_code="urban-order",
        address_string="Số 28 Hàng Trống",
        **{"attribute[hide_name]": "true"},
    )
    theirs = await city.report(STRANGER, description="Cây nghiêng sắp đổ ra đường.")
    city.upload(RESIDENT)
    await city.handle(mine, "accept")
    await city.handle(mine, "ask", description=QUESTION)
    await city.do(mine, "answer", description=REPLY)
    text = (await page(city, mine)).text
    for private in (
        RESIDENT,
        STRANGER,
        QUESTION,
        REPLY,
        "Hàng Trống",
        "105.8496",
        "Đức Quân",
        theirs,
    ):
        assert private not in text
    assert "Cây nghiêng" not in text
    assert "Người gửi đã trả lời" in text
    assert text == (await city.client.get(f"/reports/public/{mine}", headers=as_officer())).text


async def test_only_cleared_photos_are_on_it(city: City) -> None:
    """A face is not shown before an officer has looked."""
    found = await city.report()
    await city.handle(found, "accept")
    hidden, cleared = city.upload(QUAN), city.upload(QUAN)
    await city.handle(
        found, "done", description="Đã vá ổ gà và kẻ lại vạch.", media_ids=[hidden, cleared]
    )
    assert "<img" not in (await page(city, found)).text
    clear(city, cleared)
    text = (await page(city, found)).text
    assert f"../../media/{cleared}/public.jpg" in text
    assert hidden not in text
    assert "Sau khi xử lý" in text


def clear(city: City, media_id: str) -> None:
    """Mark the photo as cleared."""
    changed = update(media).where(media.c.media_id == media_id).values(cleared=True)
    city.database.run_here(lambda db: db.execute(changed))


@pytest.mark.parametrize("lost", ["withdrawn", "hoax", "never", "no number"])
async def test_what_is_not_public_is_a_page_that_says_so(city: City, lost: str) -> None:
    """Nobody can tell a report that was taken back from one that never was."""
    found = await city.report()
    if lost == "withdrawn":
        await city.do(found, "withdraw")
    elif lost == "hoax":
        city.put(found, hoax=True)
    else:
        found = "HN-2610-99999" if lost == "never" else "<script>alert(1)<script>"
    shown = await page(city, found)
    assert shown.status_code == 404
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    assert "Không có phản ánh này" in shown.text
    assert found not in shown.text
    assert shown.headers["Cache-Control"] == "no-store"


async def test_what_a_resident_writes_cannot_become_a_part_of_the_page(city: City) -> None:
    """A page of ours must not run somebody's script, nor load from elsewhere."""
    found = await city.report(description='<script>alert("x")</script> & <img src=//evil.test>')
    shown = await page(city, found)
    assert "<script" not in shown.text
    assert "&lt;script&gt;" in shown.text
    policy = shown.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "unsafe" not in policy
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert not re.search(r'(?:src|href)="(?:https?:)?//', shown.text)


async def test_what_is_shared_with_the_link_names_nobody(city: City) -> None:
    """A chat shows title and description of a page, and searching machines leave it alone."""
    found = await city.report(description="Tôi ở nhà số 12, hàng xóm đổ rác trước cửa.")
    text = (await page(city, found)).text
    assert '<meta name="robots" content="noindex">' in text
    for meta in re.findall(
        r'<meta (?:name|property)="[^"]*(?:title|description)" content="[^"]*"', text
    ):
        assert "số 12" not in meta
    assert "<meta property" in text


async def test_it_speaks_the_readers_language(city: City) -> None:
    """A visitor reads English, a resident Vietnamese; either may choose."""
    found = await city.report()
    assert '<html lang="vi">' in (await page(city, found)).text
    assert '<html lang="en">' in (await page(city, found, browser="en-GB,en;q=0.9")).text
    chosen = await page(city, found, lang="en")
    assert ">Sent<" in chosen.text
    assert '<html lang="vi">' in (await page(city, found, browser="en", lang="vi")).text
    assert "Accept-Language" in chosen.headers["Vary"]


async def test_a_late_report_says_so_and_a_paused_one_does_not(city: City) -> None:
    """The clock is shown as it runs."""
    found = await city.report()
    await city.handle(found, "accept")
    city.clock.wait(days=7)
    assert "Quá hạn 2 ngày làm việc" in (await page(city, found)).text
    await city.handle(found, "ask")
    text = (await page(city, found)).text
    assert "Quá hạn" not in text
    assert "Tạm dừng, chờ người gửi bổ sung" in text


async def test_it_is_not_sent_again_while_nothing_changed(city: City) -> None:
    """A link that is passed around costs little."""
    found = await city.report()
    first = await page(city, found)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    again = await city.client.get(
        f"/reports/public/{found}",
        headers={"If-None-Match": first.headers["ETag"], "Accept-Language": "vi"},
    )
    assert again.status_code == 304
