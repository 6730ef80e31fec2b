"""The desktop's keyring: the vault's key and the tokens."""

from __future__ import annotations

import pytest
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.backends.fail import Keyring as FailKeyring
from keyring.backends.null import Keyring as NullKeyring
from keyring.errors import KeyringLocked, PasswordDeleteError

from services.errors import NotPermitted
from services.keychain import Keychain
from services.tokens import KeyringTokenStore, Tokens


class MemoryKeyring(KeyringBackend):
    """A keyring in memory with the Windows store's limit."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        assert len(password.encode("utf-16-le")) <= 2560
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError


class LockedKeyring(MemoryKeyring):
    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked


PlainText = type("PlaintextKeyring", (MemoryKeyring,), {"__module__": "keyrings.alt.file"})


def tokens(size: int = 10) -> Tokens:
    return Tokens("á" * size, "r" * size, "i" * size, 5.0, {"sub": "s-1"})


async def test_the_vaults_key_is_made_once_and_kept() -> None:
    """With a new key every draft would be gone."""
    backend = MemoryKeyring()
    key = await Keychain(backend=backend).vault_key()
    assert len(key) == 32
    assert await Keychain(backend=backend).vault_key() == key
    assert await Keychain(backend=MemoryKeyring()).vault_key() != key


@pytest.mark.parametrize("backend", [PlainText, NullKeyring, FailKeyring, LockedKeyring])
async def test_a_store_that_hides_nothing_is_refused(backend: type[KeyringBackend]) -> None:
    """`keyrings.alt` writes plain text and says nothing."""
    keychain = Keychain(backend=backend())
    with pytest.raises(NotPermitted) as caught:
        await keychain.vault_key()
    assert caught.value.code == "keychain_unavailable"
    with pytest.raises(NotPermitted):
        await KeyringTokenStore(keychain).load()


async def test_a_chain_uses_its_first_safe_member(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desktop with both kinds installed must not fall through to plain text."""
    plain, safe = PlainText(), MemoryKeyring()
    monkeypatch.setattr(ChainerBackend, "backends", [plain, safe])
    chain = ChainerBackend()  # type: ignore[no-untyped-call]
    await Keychain(backend=chain).vault_key()
    assert safe.kept
    assert not plain.kept
    monkeypatch.setattr(ChainerBackend, "backends", [plain])
    with pytest.raises(NotPermitted):
        await Keychain(backend=chain).vault_key()


async def test_tokens_of_any_length_are_kept() -> None:
    """The Windows store takes 1280 characters; an ID token has more."""
    store = KeyringTokenStore(Keychain(backend=MemoryKeyring()))
    assert await store.load() is None
    await store.save(tokens(3000))
    assert await store.load() == tokens(3000)
    await store.save(tokens())
    assert await store.load() == tokens()


async def test_signing_out_leaves_nothing_in_the_keyring() -> None:
    """Not even a forgotten part of a longer token."""
    backend = MemoryKeyring()
    store = KeyringTokenStore(Keychain(backend=backend))
    await store.save(tokens(3000))
    await store.save(tokens())
    await store.clear()
    assert backend.kept == {}
    await store.clear()


async def test_half_written_tokens_mean_signing_in_again() -> None:
    """A crash while saving must not stop the app from starting."""
    backend = MemoryKeyring()
    store = KeyringTokenStore(Keychain(backend=backend))
    await store.save(tokens(3000))
    del backend.kept["ihanoi", "tokens.2"]
    assert await store.load() is None
    backend.kept["ihanoi", "tokens"] = "many"
    assert await store.load() is None
