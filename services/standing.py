"""How the sign-in of one app, window or web session stands: under way, or over and why."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from services.tokens import Tokens

SIGNED_OUT, SESSION_ENDED, UNUSED = "signed_out", "session_ended", "unused"
ACCOUNT_ERASED = "account_erased"
"""Why a sign-in is over that nobody signed out of here: the provider renews it no more, it was
ended from another device, it was left unused for too long, or the whole account was erased.
"""


def sign_in_of(claims: Mapping[str, Any]) -> str:
    """The gateway's name of the sign-in that these claims of an ID token came from; empty where the
    provider names none (docs/sessions.md).
    """
    sid = claims.get("sid")
    if not isinstance(sid, str) or not sid:
        return ""
    return hashlib.sha256(f"{claims['sub']}\n{sid}".encode()).hexdigest()[:32]


class Standing:
    """Told to whoever watches. `over` is empty while signed in, and after a sign-out by choice.

    `replaced` holds the provider's names (`sid`) of sign-ins that a newer one took the place of.
    While `erasing`, the account is being erased from here, and the receipt stays on the screen.
    """

    def __init__(self) -> None:
        self.over = ""
        self.replaced: list[str] = []
        self.erasing = False
        self._watchers: list[Callable[[], None]] = []

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Be told of each new sign-in and each end; returns how to stop."""
        self._watchers.append(changed)
        return partial(self._watchers.remove, changed)

    def began(self, before: Tokens | None, now: Tokens) -> None:
        """Somebody signed in, perhaps again."""
        if before is not None and before.claims.get("sub") == now.claims["sub"]:
            sid = before.claims.get("sid")
            if isinstance(sid, str) and sid != now.claims.get("sid"):
                self.replaced.append(sid)
        self._tell("")

    @contextmanager
    def erasing_here(self) -> Iterator[None]:
        """Around the call that erases the account; when it fails all is as before."""
        self.erasing = True
        try:
            yield
        except BaseException:
            self.erasing = False
            raise

    def ended(self, why: str = "") -> None:
        """The sign-in is over; without a reason its resident wished so."""
        self._tell(why)

    def _tell(self, over: str) -> None:
        self.over = over
        self.erasing = self.erasing and bool(over)
        for watcher in list(self._watchers):
            watcher()
