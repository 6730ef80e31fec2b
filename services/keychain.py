"""The desktop's own secret store, through `keyring`; a store that hides nothing is refused."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from services.errors import NotPermitted

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

REFUSED = ("keyrings.alt", "keyring.backends.fail", "keyring.backends.null")
"""Backends that keep plain text, keep nothing, or always fail."""


class Keychain:
    """Named secrets of one app in the desktop's store; `app` is the name the owner sees there.

    Every method raises NotPermitted(`keychain_unavailable`) where there is no safe store: a
    headless desktop, or one that has only `keyrings.alt`, which writes plain text.
    """

    def __init__(self, app: str = "ihanoi", backend: KeyringBackend | None = None) -> None:
        self._app = app
        self._given = backend

    def read(self, name: str) -> str | None:
        """Return a secret, None if there is none."""
        try:
            return self._backend().get_password(self._app, name)
        except _errors():
            raise NotPermitted("keychain_unavailable") from None

    def write(self, name: str, secret: str) -> None:
        """Keep a secret under a name."""
        try:
            self._backend().set_password(self._app, name, secret)
        except _errors():
            raise NotPermitted("keychain_unavailable") from None

    def forget(self, name: str) -> None:
        """Remove a secret; none there is no error."""
        from keyring.errors import PasswordDeleteError

        try:
            self._backend().delete_password(self._app, name)
        except PasswordDeleteError:
            return
        except _errors():
            raise NotPermitted("keychain_unavailable") from None

    @property
    def usable(self) -> bool:
        """Whether there is a safe store at all; it may still be closed."""
        try:
            self._backend()
        except NotPermitted:
            return False
        return True

    def _backend(self) -> KeyringBackend:
        # Imported late: it searches every installed package for backends; phones have none.
        import keyring

        found = self._given or keyring.get_keyring()
        # A chain tries its members in turn, so a plain-text one could take over silently.
        for backend in getattr(found, "backends", None) or (found,):
            if not type(backend).__module__.startswith(REFUSED):
                return backend
        raise NotPermitted("keychain_unavailable")


class KeychainPlace:
    """The keychain as the lock's `SafePlace`: its calls may ask the owner, so each has a thread."""

    def __init__(self, keychain: Keychain) -> None:
        self._keychain = keychain

    async def read(self, name: str) -> str | None:
        """Return a secret."""
        return await asyncio.to_thread(self._keychain.read, name)

    async def write(self, name: str, secret: str) -> None:
        """Keep a secret."""
        await asyncio.to_thread(self._keychain.write, name, secret)

    async def forget(self, name: str) -> None:
        """Remove a secret."""
        await asyncio.to_thread(self._keychain.forget, name)


def _errors() -> tuple[type[Exception], ...]:
    from keyring.errors import InitError, KeyringError

    return (KeyringError, InitError, OSError)
