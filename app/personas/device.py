"""A persona's device: a browser tab that keeps its preferences and its sign-in in memory."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from app.device import FletDevice
from services.errors import NotPermitted
from services.identity import Identity
from services.personas import Begin

LEVELS = ("loa1", "loa2")


class PersonaDevice(FletDevice):
    """Signs in by beginning the persona anew; never touches the sign-in of whoever plays it."""

    keeps_health_copies = False

    def __init__(
        self,
        page: ft.Page,
        save: Callable[[dict[str, str | float]], Awaitable[None]],
        identity: Identity,
        begin: Begin,
        signed_in: Callable[[], None],
    ) -> None:
        super().__init__(page, save)
        self._identity, self._begin, self._signed_in = identity, begin, signed_in

    async def sign_in(
        self, next_path: str, acr: str | None = None, max_age: int | None = None
    ) -> bool:
        """A fresh sign-in of the same resident, logged as the first. Raises NotPermitted(`level`)."""
        begun = await self._begin()
        person = await self._identity.admit(begun.answer)
        self._signed_in()
        if acr in LEVELS and LEVELS.index(acr) > _level(person.acr):
            raise NotPermitted("level")
        return True

    async def sign_out(self) -> bool:
        """Forget the tokens; the persona's tab stays, as a guest's."""
        await self._identity.sign_out()
        return True


def _level(acr: str | None) -> int:
    return LEVELS.index(acr) if acr in LEVELS else -1
