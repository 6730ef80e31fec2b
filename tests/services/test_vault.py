"""The encrypted local store."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.errors import NotFound, Rejected, SignInRequired
from services.vault import SubjectVault, Vault

KEY = bytes(range(32))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "vault.sqlite3"


def opened(path: Path, subject: str = "s-1", key: bytes = KEY) -> SubjectVault:
    return Vault(path, key).for_subject(subject)


def rows(path: Path) -> list[tuple[bytes, str, str, bytes]]:
    with sqlite3.connect(path) as connection:
        return list(connection.execute('SELECT owner, "table", "key", value FROM entries'))


async def test_a_draft_is_there_after_a_restart(path: Path) -> None:
    """Never lose work."""
    draft = {"description": "Ổ gà trước số 28", "lat": 21.03, "photos": []}
    await opened(path).put("drafts", "d-1", draft)
    assert await opened(path).get("drafts", "d-1") == draft


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=st.text(), key=st.text(), value=JSON)
async def test_whatever_json_holds_comes_back(
    tmp_path_factory: pytest.TempPathFactory, table: str, key: str, value: object
) -> None:
    """Names of people and streets have every letter there is."""
    vault = opened(tmp_path_factory.mktemp("vault") / "v")
    try:
        f"{table}{key}{value}".encode()
    except UnicodeEncodeError:
        return
    await vault.put(table, key, value)
    assert await vault.get(table, key) == value
    assert await vault.list(table) == {key: value}


async def test_the_list_is_in_the_order_of_first_putting(path: Path) -> None:
    """The outbox sends the oldest first, also after an item was updated."""
    vault = opened(path)
    for key in ("b", "a", "c"):
        await vault.put("t", key, 1)
    await vault.put("t", "b", 2)
    assert list((await vault.list("t")).items()) == [("b", 2), ("a", 1), ("c", 1)]


async def test_deleting_and_clearing_take_only_what_was_meant(path: Path) -> None:
    """Erasing my data erases mine."""
    vault = Vault(path, KEY)
    mine, other = vault.for_subject("s-1"), vault.for_subject("s-2")
    for one in (mine, other):
        await one.put("t", "a", 1)
        await one.put("t", "b", 1)
        await one.put("u", "a", 1)
    await mine.delete("t", "a")
    await mine.delete("t", "nothing")
    assert (await mine.list("t"), await mine.list("u")) == ({"b": 1}, {"a": 1})
    await mine.clear()
    assert (await mine.list("t"), await mine.list("u")) == ({}, {})
    assert await other.list("t") == {"a": 1, "b": 1}


async def test_two_residents_never_see_each_others_rows(path: Path) -> None:
    """On the web, and on a family's tablet, one file holds many residents."""
    vault = Vault(path, KEY)
    await vault.for_subject("s-1").put("drafts", "d", "mine")
    stranger = vault.for_subject("s-2")
    assert await stranger.get("drafts", "d") is None
    assert await stranger.list("drafts") == {}
    assert await vault.for_everyone().list("drafts") == {}
    await stranger.put("drafts", "d", "theirs")
    await stranger.delete("drafts", "d")
    await stranger.clear()
    assert await vault.for_subject("s-1").get("drafts", "d") == "mine"


async def test_a_copied_row_opens_for_nobody_else(path: Path) -> None:
    """Who can write the file still cannot read another resident's record."""
    vault = Vault(path, KEY)
    await vault.for_subject("s-1").put("health", "summary", "secret")
    await vault.for_subject("s-2").put("health", "mine", "own")
    (_, _, _, secret), (owner, *_) = rows(path)
    with sqlite3.connect(path) as connection:
        connection.execute(
            'INSERT INTO entries (owner, "table", "key", value) VALUES (?, ?, ?, ?)',
            (owner, "health", "summary", secret),
        )
    stranger = vault.for_subject("s-2")
    with pytest.raises(NotFound):
        await stranger.get("health", "summary")
    assert await stranger.list("health") == {"mine": "own"}


async def test_a_row_moved_to_another_place_opens_nowhere(path: Path) -> None:
    """A saved copy of last year must not be passed off as today's."""
    vault = opened(path)
    await vault.put("saved", "old", "last year")
    with sqlite3.connect(path) as connection:
        connection.execute("""UPDATE entries SET "key" = 'new'""")
    with pytest.raises(NotFound):
        await vault.get("saved", "new")


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "text"])
async def test_a_damaged_row_costs_only_itself(path: Path, damage: str) -> None:
    """One bad sector does not take the other drafts with it."""
    vault = opened(path)
    await vault.put("drafts", "a", "first")
    await vault.put("drafts", "b", "second")
    sealed = rows(path)[0][3]
    broken: dict[str, bytes | str] = {
        "flip": sealed[:-1] + bytes([sealed[-1] ^ 1]),
        "cut": sealed[:5],
        "empty": b"",
        "text": "not even bytes",
    }
    with sqlite3.connect(path) as connection:
        connection.execute("""UPDATE entries SET value = ? WHERE "key" = 'a'""", (broken[damage],))
    with pytest.raises(NotFound) as caught:
        await vault.get("drafts", "a")
    assert caught.value.code == "saved_copy_unreadable"
    assert await vault.list("drafts") == {"b": "second"}
    await vault.put("drafts", "a", "again")
    assert await vault.get("drafts", "a") == "again"


async def test_the_wrong_key_opens_nothing_and_destroys_nothing(path: Path) -> None:
    """A keyring that was reset must not make the app delete what it cannot read."""
    await opened(path).put("drafts", "d", "mine")
    wrong = opened(path, key=bytes(32))
    assert await wrong.get("drafts", "d") is None
    assert await wrong.list("drafts") == {}
    await wrong.put("drafts", "d", "new")
    assert await opened(path).get("drafts", "d") == "mine"
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(path, b"short")


async def test_the_file_tells_neither_who_nor_what(path: Path) -> None:
    """A lost laptop gives nothing away."""
    vault = Vault(path, KEY)
    await vault.for_subject("sandbox-nguyen-minh-anh").put("drafts", "d", "Hàng Trống")
    await vault.run(lambda connection: connection.execute("PRAGMA wal_checkpoint(TRUNCATE)"))
    content = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"minh-anh" not in content
    assert "Hàng Trống".encode() not in content
    assert b"drafts" in content
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_the_same_value_never_looks_the_same(path: Path) -> None:
    """Equal rows must not tell that two records are equal; a nonce is never reused."""
    vault = opened(path)
    sealed = set()
    for _ in range(20):
        await vault.put("t", "k", "same")
        sealed.add(rows(path)[0][3])
    assert len(sealed) == 20


async def test_nobody_signed_in_has_no_rows(path: Path) -> None:
    """A guest's typing is not kept under an empty name."""
    vault = Vault(path, KEY).for_subject(lambda: None)
    with pytest.raises(SignInRequired):
        await vault.list("t")
    with pytest.raises(SignInRequired):
        await vault.put("t", "k", 1)
    with pytest.raises(SignInRequired):
        vault.pinned()


async def test_rows_follow_who_is_signed_in_unless_pinned(path: Path) -> None:
    """Work that began for one resident ends in that resident's rows."""
    who = "s-1"
    mine = Vault(path, KEY).for_subject(lambda: who)
    pinned = mine.pinned()
    assert pinned.belongs_to(mine)
    await mine.put("t", "k", 1)
    who = "s-2"
    assert not pinned.belongs_to(mine)
    assert (await mine.get("t", "k"), await pinned.get("t", "k")) == (None, 1)


async def test_a_file_that_is_no_database_is_put_aside(path: Path) -> None:
    """The app starts; what was there is not thrown away."""
    path.parent.mkdir()
    path.write_bytes(b"not a database, not at all" * 100)
    vault = opened(path)
    await vault.put("t", "k", 1)
    assert await vault.get("t", "k") == 1
    assert path.with_name("vault.sqlite3.damaged").read_bytes().startswith(b"not a database")


async def test_a_full_device_says_so(path: Path) -> None:
    """The resident can drop a photo; the row before stays whole."""
    vault = Vault(path, KEY)
    mine = vault.for_subject("s-1")
    await mine.put("t", "k", "small")
    await vault.run(lambda connection: connection.execute("PRAGMA max_page_count = 12"))
    with pytest.raises(Rejected) as caught:
        await mine.put("t", "k", "x" * 200_000)
    assert caught.value.code == "storage_full"
    assert await mine.get("t", "k") == "small"


async def test_who_listens_hears_of_every_writing_and_of_none_of_its_content(path: Path) -> None:
    """The recording of a session tells that the device was full, and of which table."""
    heard: list[tuple[list[str], str]] = []
    vault = Vault(path, KEY)
    mine = vault.for_subject("s-1").telling(lambda tables, code: heard.append((list(tables), code)))
    await mine.change(put=[("u", "k", 1), ("t", "k", 1)], delete=[("t", "gone")])
    await vault.run(lambda connection: connection.execute("PRAGMA max_page_count = 12"))
    with pytest.raises(Rejected):
        await mine.pinned().put("t", "k", "x" * 200_000)
    assert await mine.get("t", "k") == 1
    assert heard == [(["t", "u"], ""), (["t"], "storage_full")]


async def test_many_at_once_lose_nothing(path: Path) -> None:
    """A screen saves its draft while the outbox is being sent."""
    one, other = opened(path), opened(path)
    await asyncio.gather(
        *(vault.put(f"t{n}", str(k), k) for n, vault in enumerate((one, other)) for k in range(40))
    )
    for table in ("t0", "t1"):
        assert await one.list(table) == {str(k): k for k in range(40)}
