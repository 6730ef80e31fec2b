"""A Flet session whose redraws and effects wait while its browser is away.

Flet 1.0.5 forgets them: a screen that was loading when the network blinked would load for ever
after the browser is back (decision 0006).
"""

from __future__ import annotations

from typing import Any

from flet.messaging.connection import Connection
from flet.messaging.protocol import Message
from flet.messaging.session import Session
from flet_web.fastapi import flet_app


class PatientSession(Session):
    """Keeps what Flet would drop between `disconnect` and `attach_connection`, in order."""

    def __init__(self, conn: Connection) -> None:
        super().__init__(conn)
        self._waiting_updates: dict[Any, None] = {}
        self._waiting_effects: list[tuple[Any, bool]] = []

    @property
    def _away(self) -> bool:
        return self.connection is None and self.expires_at is not None

    def schedule_update(self, control: Any) -> None:
        """Redraw a component now, or once the browser is back."""
        if self._away:
            self._waiting_updates[control] = None
        else:
            super().schedule_update(control)

    def schedule_effect(self, hook: Any, is_cleanup: bool) -> None:
        """Run an effect now or once the browser is back."""
        if self._away:
            self._waiting_effects.append((hook, is_cleanup))
        else:
            super().schedule_effect(hook, is_cleanup)

    async def disconnect(self, session_timeout_seconds: int) -> None:
        """Put aside what is still to be done; Flet is about to clear it."""
        private: dict[str, Any] = vars(self)
        self._waiting_updates |= dict.fromkeys(private["_Session__pending_updates"])
        self._waiting_effects += private["_Session__pending_effects"]
        await super().disconnect(session_timeout_seconds)

    def attach_connection(self, conn: Connection) -> None:
        """Catch up with what waited, as ordinary updates after the screen as it was."""
        super().attach_connection(conn)
        updates, self._waiting_updates = self._waiting_updates, {}
        effects, self._waiting_effects = self._waiting_effects, []
        for control in updates:
            self.schedule_update(control)
        for hook, is_cleanup in effects:
            self.schedule_effect(hook, is_cleanup)


class PatientApp(flet_app.FletApp):  # type: ignore[misc]
    """One websocket's end of a session. What is sent after it closed is dropped, not raised.

    Between the last frame and `disconnect` a redraw would meet no queue, and what it raises ends the
    session's updates for good; the browser that comes back gets the whole screen anyway.
    """

    def send_message(self, message: Message) -> None:
        """Pack, which is when Flet takes its differences, and send while there is a socket."""
        try:
            super().send_message(message)
        except AttributeError:
            if getattr(self, "_FletApp__send_queue", None) is not None:
                raise


def install() -> None:
    """Make Flet's web server begin every session as a patient one."""
    flet_app.Session = PatientSession
