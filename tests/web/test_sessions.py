"""What a web session keeps, for how long, and in what form."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.web.rows import Rows
from app.web.sealing import Seal, load_key
from app.web.sessions import DAY, Lifetimes, WebSession, WebSessions
from services.identity import Identity
from services.tokens import Tokens, TokenStore


class Now:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.time = 1_790_000_000.0

    def __call__(self) -> float:
        return self.time


def tokens_of(subject: str) -> Tokens:
    """Tokens as a provider would give them."""
    claims = {"sub": subject, "name": f"Name of {subject}"}
    return Tokens(f"access-{subject}", f"refresh-{subject}", "id", 0.0, claims)


def no_identity(tokens: TokenStore) -> Identity:
    """These tests reach no provider."""
    raise AssertionError("nobody asked for an identity")


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Rows]:
    opened = Rows(tmp_path / "web.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def sessions(rows: Rows, now: Now) -> WebSessions:
    return WebSessions(rows, Seal(bytes(32)), no_identity, clock=now)


async def signed_in(sessions: WebSessions, subject: str) -> tuple[str, WebSession]:
    """A session with tokens, and its cookie."""
    cookie = await sessions.create(tokens=tokens_of(subject))
    found = await sessions.find(cookie)
    assert found
    return cookie, found


async def test_two_residents_have_their_own_tokens(sessions: WebSessions) -> None:
    """One missing WHERE would hand one resident's account to another."""
    _, minh_anh = await signed_in(sessions, "minh-anh")
    _, gia_huy = await signed_in(sessions, "gia-huy")
    await minh_anh.preferences.save({"language": "en"})
    await gia_huy.tokens.save(tokens_of("gia-huy"))
    assert (await minh_anh.tokens.load()) == tokens_of("minh-anh")
    assert (await gia_huy.preferences.load()) == {}
    await gia_huy.tokens.clear()
    assert (await minh_anh.tokens.load()) == tokens_of("minh-anh")
    assert (minh_anh.subject, gia_huy.subject) == ("minh-anh", None)


async def test_one_cookie_is_one_session_in_every_tab(sessions: WebSessions) -> None:
    """Two tabs with an identity each would spend one refresh token twice and sign her out."""
    cookie, first = await signed_in(sessions, "minh-anh")
    assert await sessions.find(cookie) is first


async def test_a_refresh_that_comes_late_signs_nobody_in_again(sessions: WebSessions) -> None:
    """The answer to a refresh may arrive after the resident has signed out."""
    cookie, session = await signed_in(sessions, "minh-anh")
    await session.end()
    await session.tokens.save(tokens_of("minh-anh"))
    again = await sessions.find(cookie)
    assert again
    assert again.person is None
    assert await again.tokens.load() is None


@pytest.mark.parametrize(("idle_days", "open_"), [(29, True), (31, False)])
async def test_an_unused_session_ends_after_thirty_days(
    sessions: WebSessions, now: Now, idle_days: int, open_: bool
) -> None:
    """A phone in a drawer is not a signed-in phone."""
    cookie, session = await signed_in(sessions, "minh-anh")
    await sessions.note_activity(session)
    now.time += idle_days * DAY
    await sessions.sweep()
    assert bool(await sessions.find(cookie)) is open_


async def test_a_session_in_daily_use_ends_after_ninety_days(
    sessions: WebSessions, now: Now
) -> None:
    """However often it is used, a stolen cookie is worth something only for so long."""
    cookie, session = await signed_in(sessions, "minh-anh")
    for _ in range(89):
        now.time += DAY
        assert await sessions.note_activity(session)
    now.time += 2 * DAY
    assert not await sessions.note_activity(session)
    assert await sessions.find(cookie) is None


async def test_activity_counts_after_a_restart_too(
    sessions: WebSessions, rows: Rows, now: Now
) -> None:
    """It has to be in the database, not only in the process that saw it."""
    cookie, session = await signed_in(sessions, "minh-anh")
    now.time += 20 * DAY
    await sessions.note_activity(session)
    now.time += 20 * DAY
    restarted = WebSessions(rows, Seal(bytes(32)), no_identity, clock=now)
    found = await restarted.find(cookie)
    assert found
    assert found.subject == "minh-anh"


async def test_a_visitor_who_never_opened_the_app_is_forgotten_after_a_day(
    sessions: WebSessions, rows: Rows, now: Now
) -> None:
    """Machines that only fetch the page must not fill the disk; a guest who came in stays."""
    passing, guest = await sessions.create(), await sessions.create()
    now.time += 5
    found = await sessions.find(guest)
    assert found
    await sessions.note_activity(found)
    now.time += 2 * DAY
    await sessions.sweep()
    assert await sessions.find(passing) is None
    assert await sessions.find(guest) is found


async def test_a_swept_session_leaves_nothing_of_its_tokens(
    sessions: WebSessions, rows: Rows, now: Now, tmp_path: Path
) -> None:
    """Deleted rows must not be readable in the file's free pages."""
    _, session = await signed_in(sessions, "minh-anh")
    sealed = rows.find(session.id)
    assert sealed
    assert sealed.tokens
    now.time += Lifetimes().absolute + 1
    await sessions.sweep()
    rows.close()
    assert sealed.tokens not in (tmp_path / "web.sqlite3").read_bytes()


async def test_a_sealed_value_opens_only_in_its_own_row(sessions: WebSessions, rows: Rows) -> None:
    """Who can write to the database must not move one resident's tokens to his own session."""
    _, minh_anh = await signed_in(sessions, "minh-anh")
    _, gia_huy = await signed_in(sessions, "gia-huy")
    stolen = rows.find(minh_anh.id)
    assert stolen
    rows.set_tokens(gia_huy.id, stolen.tokens)
    assert await gia_huy.tokens.load() is None


async def test_another_key_means_signed_out_not_broken(
    sessions: WebSessions, rows: Rows, now: Now
) -> None:
    """A backup restored without its key has to ask for sign-in, not to fail."""
    cookie, _ = await signed_in(sessions, "minh-anh")
    found = await WebSessions(rows, Seal(b"k" * 32), no_identity, clock=now).find(cookie)
    assert found
    assert found.person is None


async def test_preferences_are_small(sessions: WebSessions) -> None:
    """A guest's row must not become somebody's free storage."""
    cookie = await sessions.create()
    session = await sessions.find(cookie)
    assert session
    with pytest.raises(ValueError, match="too long"):
        await session.preferences.save({"language": "x" * 5000})
    await session.preferences.save({"text": "cỡ chữ", "scale": 2.0})
    assert await session.preferences.load() == {"text": "cỡ chữ", "scale": 2.0}


async def test_the_cookie_itself_is_nowhere_in_the_database(
    sessions: WebSessions, rows: Rows, tmp_path: Path
) -> None:
    """Reading the table must not be enough to become somebody."""
    cookie = await sessions.create()
    rows.close()
    assert cookie.encode() not in (tmp_path / "web.sqlite3").read_bytes()


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    """A new key at each start would sign everybody out; a readable one would hide nothing."""
    path = tmp_path / "keys" / "web.key"
    first = load_key(path)
    assert len(first) == 32
    assert load_key(path) == first
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    path.write_bytes(b"short")
    with pytest.raises(ValueError, match="32-byte"):
        load_key(path)
