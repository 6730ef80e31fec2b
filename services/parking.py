"""The resident's stays in parking places: begun by plate, prolonged, ended and paid once."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from services.chance import new_id
from services.client import GatewayClient, segment
from services.clock import ServerClock
from services.errors import FieldError, NotFound, Rejected
from services.offline import TABLE as SAVED
from services.offline import read_or_saved
from services.outbox import Outbox
from services.parking_sessions import ParkingAccount, ParkingPlace, ParkingSession
from services.plates import is_plate, plain
from services.saved import Saved
from services.vault import SubjectVault

PATH = "/parking/v1"
START, STOP = "parking_start", "parking_stop"
REMINDED = "parking_reminded"


@dataclass(frozen=True, slots=True)
class ParkingStart:
    """A stay to begin. `start_id` names it: sent again, it is the same stay."""

    plate: str = field(repr=False)
    vehicle: str
    place_id: str
    minutes: int
    start_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class ParkingChoices:
    """Where one can park, and how many minutes can be booked at once."""

    places: tuple[ParkingPlace, ...]
    minutes: tuple[int, ...]


class Parking:
    """The resident's own stays. What is begun or ended without a network waits in the outbox."""

    def __init__(
        self, gateway: GatewayClient, vault: SubjectVault, outbox: Outbox, clock: ServerClock
    ) -> None:
        self._gateway = gateway
        self._vault = vault
        self._outbox = outbox
        self._clock = clock
        outbox.register(START, self._send_start)
        outbox.register(STOP, self._send_stop)

    async def choices(self) -> Saved[ParkingChoices]:
        """Return where one can park."""
        found = await self._read(f"{PATH}/places")
        places = tuple(map(ParkingPlace.from_json, found.value["places"]))
        return Saved(ParkingChoices(places, tuple(found.value["minutes"])), found.as_of)

    async def list_mine(self) -> Saved[list[ParkingSession]]:
        """Return the resident's stays, the newest first, or the saved copy."""
        found = await self._read(f"{PATH}/sessions")
        sessions = [ParkingSession.from_json(item) for item in found.value["sessions"]]
        return Saved(sessions, found.as_of)

    async def get(self, session_id: str) -> Saved[ParkingSession]:
        """Return one stay; NotFound if it is not there or another resident's."""
        mine = await self.list_mine()
        for session in mine.value:
            if session.session_id == session_id:
                return Saved(session, mine.as_of)
        found = await self._read(f"{PATH}/sessions/{segment(session_id)}")
        return Saved(ParkingSession.from_json(found.value), found.as_of)

    async def account(self) -> ParkingAccount:
        """Return the balance that stays are paid from."""
        return ParkingAccount(**await self._gateway.get(f"{PATH}/account"))

    async def top_up(self, key: str) -> ParkingAccount:
        """Add play money to the sandbox's account; the same key again adds nothing."""
        path = f"{PATH}/account/sandbox-top-ups"
        return ParkingAccount(**await self._gateway.post(path, idempotency_key=key))

    async def start(self, wanted: ParkingStart) -> ParkingSession | None:
        """Begin a stay, or None when it waits for a network: then it has not begun.

        Raises Rejected with field errors (`plate`: plate_format), or Rejected(`already_parked`).
        """
        if not is_plate(wanted.plate, wanted.vehicle):
            errors = (FieldError("plate", "plate_format"),)
            raise Rejected("validation", field_errors=errors, status=422)
        body = asdict(wanted) | {"plate": plain(wanted.plate)}
        answer = await self._submit(START, body, wanted.start_id)
        return None if answer is None else ParkingSession.from_json(answer)

    async def extend(self, session_id: str, minutes: int, key: str) -> ParkingSession:
        """Park longer; the same key again adds nothing. Needs the network."""
        path = f"{PATH}/sessions/{segment(session_id)}/extensions"
        body = {"minutes": minutes}
        answer = await self._gateway.post(path, json=body, idempotency_key=key)
        with suppress(NotFound):
            await self._vault.delete(REMINDED, session_id)
        return ParkingSession.from_json(answer)

    async def stop(self, session_id: str) -> ParkingSession | None:
        """End a stay and pay for it, or None when that waits for a network.

        Raises Rejected(`balance_too_low`): then the stay goes on and nothing was taken. Asked
        twice, or from two windows, it is paid once.
        """
        item_id = _stop_id(session_id)
        waiting = next((item for item in await self._outbox.list() if item.id == item_id), None)
        # The moment of the first tap counts, and a changed item could not be sent again.
        asked = int(self._clock.now().timestamp())
        payload = {"session_id": session_id, "requested_at": asked}
        if waiting is not None and waiting.may_have_arrived:
            payload = waiting.payload
        answer = await self._submit(STOP, payload, item_id)
        return None if answer is None else ParkingSession.from_json(answer)

    async def waiting_starts(self) -> list[ParkingStart]:
        """Return the stays that wait for a network, oldest first."""
        items = await self._outbox.list()
        return [ParkingStart(**item.payload) for item in items if item.kind == START]

    async def stop_waits(self, session_id: str) -> bool:
        """Whether the end of that stay waits for a network."""
        return any(item.id == _stop_id(session_id) for item in await self._outbox.list())

    async def due_reminders(self) -> list[ParkingSession]:
        """Return the running stays whose time ends soon or is over, each once; uses no network."""
        vault = self._vault.pinned()
        kept: Mapping[str, Any] | None = None
        with suppress(NotFound):
            kept = await vault.get(SAVED, f"{PATH}/sessions")
        due = []
        for item in (kept or {"value": {"sessions": []}})["value"]["sessions"]:
            session = ParkingSession.from_json(item)
            state = session.state_at(self._clock.now())
            if state in ("ending_soon", "over_time") and await self._is_new(vault, session):
                due.append(session)
        return due

    async def _is_new(self, vault: SubjectVault, session: ParkingSession) -> bool:
        """Whether this end was not yet reminded of; then it is now."""
        until = int(session.until.timestamp())
        known = None
        with suppress(NotFound):
            known = await vault.get(REMINDED, session.session_id)
        if known == until:
            return False
        await vault.put(REMINDED, session.session_id, until)
        return True

    async def _submit(self, kind: str, payload: Any, item_id: str) -> Any:
        """Send by the outbox; what is refused now is for the screen to say, so nothing stays."""
        try:
            return await self._outbox.submit(kind, payload, item_id=item_id)
        except Rejected as refused:
            if refused.code != "may_have_arrived":
                await self._outbox.delete(item_id)
            raise

    async def _send_start(self, payload: Any, idempotency_key: str) -> Any:
        body = {name: payload[name] for name in ("plate", "vehicle", "place_id", "minutes")}
        answer = await self._gateway.post(
            f"{PATH}/sessions", json=body, idempotency_key=idempotency_key, retry=False
        )
        ParkingSession.from_json(answer)
        return answer

    async def _send_stop(self, payload: Any, idempotency_key: str) -> Any:
        path = f"{PATH}/sessions/{segment(payload['session_id'])}/stop"
        body = {"requested_at": payload["requested_at"]}
        # Safe to repeat: a stay that has ended answers with its one receipt.
        answer = await self._gateway.post(path, json=body, idempotency_key=idempotency_key)
        ParkingSession.from_json(answer)
        return answer

    async def _read(self, path: str) -> Saved[Any]:
        async def fetch() -> Any:
            return await self._gateway.get(path)

        return await read_or_saved(self._vault, self._clock, path, fetch)


def _stop_id(session_id: str) -> str:
    return f"parking-stop-{session_id}"
