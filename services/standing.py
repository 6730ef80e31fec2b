"""How the sign-in of one app, window or web session stands: under way, or over and why."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from services.tokens import Tokens

SIGNED_OUT, SESSION_ENDED, UNUSED = "signed_out", "session_ended", "unused"
"""Why a sign-in is over that nobody signed out of here: the provider renews it no more, it was
ended from another device, or it was left unused for too long.
"""


class Standing:
    """Told to whoever watches. `over` is empty while signed in, and after a sign-out by choice.

    `replaced` holds the provider's names (`sid`) of sign-ins that a newer one took the place of.
    """

    def __init__(self) -> None:
        self.over = ""
        self.replaced: list[str] = []
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

    def ended(self, why: str = "") -> None:
        """The sign-in is over; without a reason its resident wished so."""
        self._tell(why)

    def _tell(self, over: str) -> None:
        self.over = over
        for watcher in list(self._watchers):
            watcher()
