"""The desktop's keyring: the vault's key and the tokens."""

from __future__ import annotations

from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.backends.fail import Keyring as FailKeyring
from keyring.backends.null import Keyring as NullKeyring
from keyring.errors import KeyringLocked, PasswordDeleteError

from services.errors import NotPermitted
from services.keychain import Keychain, KeychainPlace
from services.lock import DeviceKey
from services.tokens import KeyringTokenStore, Tokens, VaultTokenStore
from services.vault import Vault


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


async def test_the_vaults_key_is_made_once_and_kept(tmp_path: Path) -> None:
    """With a new key every draft would be gone."""
    backend = MemoryKeyring()
    key = await vault_key(Keychain(backend=backend), tmp_path)
    assert key is not None
    assert len(key) == 32
    assert await vault_key(Keychain(backend=backend), tmp_path) == key
    assert await vault_key(Keychain(backend=MemoryKeyring()), tmp_path) != key


async def vault_key(keychain: Keychain, folder: Path) -> bytes | None:
    vault = Vault(folder / "vault.sqlite3", None)
    await DeviceKey(vault, KeychainPlace(keychain)).begin()
    return vault.key


@pytest.mark.parametrize("backend", [PlainText, NullKeyring, FailKeyring, LockedKeyring])
async def test_a_store_that_hides_nothing_is_refused(backend: type[KeyringBackend]) -> None:
    """`keyrings.alt` writes plain text and says nothing."""
    keychain = Keychain(backend=backend())
    with pytest.raises(NotPermitted) as caught:
        await KeychainPlace(keychain).read("vault")
    assert caught.value.code == "keychain_unavailable"
    with pytest.raises(NotPermitted):
        await KeyringTokenStore(keychain).load()
    assert keychain.usable is (backend is LockedKeyring), "a locked store is one that can be opened"


async def test_a_chain_uses_its_first_safe_member(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desktop with both kinds installed must not fall through to plain text."""
    plain, safe = PlainText(), MemoryKeyring()
    monkeypatch.setattr(ChainerBackend, "backends", [plain, safe])
    chain = ChainerBackend()  # type: ignore[no-untyped-call]
    await KeychainPlace(Keychain(backend=chain)).write("vault", "secret")
    assert safe.kept
    assert not plain.kept
    monkeypatch.setattr(ChainerBackend, "backends", [plain])
    with pytest.raises(NotPermitted):
        await KeychainPlace(Keychain(backend=chain)).write("vault", "secret")


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


async def test_without_a_keychain_the_sign_in_lies_in_the_vault(tmp_path: Path) -> None:
    """A headless desktop stays signed in, behind its PIN."""
    vault = Vault(tmp_path / "vault.sqlite3", bytes(32))
    store = VaultTokenStore(vault.for_everyone())
    assert await store.load() is None
    await store.save(tokens(3000))
    assert await VaultTokenStore(vault.for_everyone()).load() == tokens(3000)
    vault.lock()
    assert await VaultTokenStore(vault.for_everyone()).load() is None
    await store.clear()


async def test_a_sign_in_at_the_lock_is_kept_once_the_vault_is_open(tmp_path: Path) -> None:
    """Who forgot the PIN signs in first; the vault opens only afterwards."""
    vault = Vault(tmp_path / "vault.sqlite3", None)
    store = VaultTokenStore(vault.for_everyone())
    await store.save(tokens())
    assert await store.load() == tokens()
    vault.unlock(bytes(32))
    await store.flush()
    assert await VaultTokenStore(vault.for_everyone()).load() == tokens()
