"""What residents measured or noted themselves; what is written without a network waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from services.chance import new_id
from services.client import GatewayClient, segment
from services.clock import ServerClock
from services.errors import FieldError, NotFound, Rejected
from services.keeping import Keep
from services.offline import read_or_saved
from services.outbox import Outbox
from services.reading import mapping, mappings, moment, one_object, text, words
from services.saved import Saved
from services.vault import SubjectVault

PATH = "/health/v1/observations"
WRITE, REMOVE = "measurement", "measurement_delete"
KINDS = ("blood_pressure", "pulse", "weight", "glucose", "note")
UNITS = {
    "blood_pressure": ("mmHg",),
    "pulse": ("/min",),
    "weight": ("kg",),
    "glucose": ("mmol/L", "mg/dL"),
    "note": ("",),
}
FIELDS = {
    "blood_pressure": ("systolic", "diastolic", "pulse"),
    "pulse": ("pulse",),
    "weight": ("weight",),
    "glucose": ("glucose",),
    "note": (),
}
OPTIONAL = frozenset({("blood_pressure", "pulse")})
BOUNDS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("systolic", ""): ("50", "300"),
    ("diastolic", ""): ("20", "200"),
    ("pulse", ""): ("20", "260"),
    ("weight", ""): ("0.5", "400"),
    ("glucose", "mmol/L"): ("0.5", "60"),
    ("glucose", "mg/dL"): ("9", "1080"),
}
"""What the gateway takes for plausible, both included, so that the form can say so at once."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One line: numbers with a decimal point as text, `effective` when it was, words in `note`.

    `waiting` says that it has not arrived; `by_other` that a parent wrote it.
    """

    kind: str
    values: Mapping[str, str] = field(repr=False)
    effective: datetime
    unit: str = ""
    note: str = field(default="", repr=False)
    measurement_id: str = field(default_factory=new_id)
    by_other: bool = False
    waiting: bool = False

    @classmethod
    def of(cls, item: Mapping[str, Any], *, waiting: bool = False) -> Measurement | None:
        """Read one from JSON; None when it has no kind or moment that can be read."""
        kind, effective = words(item, "kind"), moment(item, "effective")
        if kind not in KINDS or effective is None:
            return None
        values = mapping(item.get("values"))
        return cls(
            kind=kind,
            values={name: found for name in values if (found := text(values, name))},
            effective=effective,
            unit=words(item, "unit"),
            note=words(item, "note"),
            measurement_id=words(item, "observation_id"),
            by_other=words(item, "by") == "other",
            waiting=waiting,
        )

    def body(self, patient_id: str | None) -> dict[str, Any]:
        """Write it for the gateway."""
        return {
            "kind": self.kind,
            "values": dict(self.values),
            "unit": self.unit if len(UNITS[self.kind]) > 1 else "",
            "effective": self.effective.isoformat(),
            "note": self.note,
            "patient_id": patient_id,
        }


def typed_number(typed: str) -> str:
    """What was typed with a decimal point and without blanks: `65,5` becomes `65.5`."""
    return "".join(typed.split()).replace(",", ".")


def check(line: Measurement, now: datetime) -> None:
    """Raise Rejected with field errors where the gateway would refuse it."""
    errors = [error for name in FIELDS[line.kind] for error in _wrong(line, name)]
    if line.kind == "blood_pressure" and not errors and _crossed(line.values):
        errors.append(FieldError("diastolic", "not_below_systolic"))
    if line.kind == "note" and not line.note.strip():
        errors.append(FieldError("note", "missing"))
    if line.effective > now:
        errors.append(FieldError("effective", "in_the_future"))
    if errors:
        raise Rejected("validation", field_errors=tuple(errors), status=422)


def _crossed(values: Mapping[str, str]) -> bool:
    return Decimal(values["systolic"]) <= Decimal(values["diastolic"])


def _wrong(line: Measurement, name: str) -> list[FieldError]:
    typed = line.values.get(name, "")
    if not typed:
        needed = (line.kind, name) not in OPTIONAL
        return [FieldError(name, "missing")] if needed else []
    try:
        number = Decimal(typed)
    except InvalidOperation:
        return [FieldError(name, "not_a_number")]
    whole, _point, rest = typed.partition(".")
    if not (whole.isascii() and whole.isdigit() and (not rest or rest.isdigit())) or len(rest) > 2:
        return [FieldError(name, "not_a_number")]
    low, high = BOUNDS.get((name, "")) or BOUNDS[(name, line.unit)]
    return [] if Decimal(low) <= number <= Decimal(high) else [FieldError(name, "not_plausible")]


class Measurements:
    """The own lines of the resident's record, or of their child's (`patient_id`)."""

    def __init__(
        self,
        gateway: GatewayClient,
        vault: SubjectVault,
        outbox: Outbox,
        clock: ServerClock,
        *,
        keep_copies: Keep,
    ) -> None:
        self._gateway = gateway
        self._vault = vault
        self._outbox = outbox
        self._clock = clock
        self._keep_copies = keep_copies
        outbox.register(WRITE, self._send_write)
        outbox.register(REMOVE, self._send_remove)

    async def list_of(self, patient_id: str | None = None) -> Saved[list[Measurement]]:
        """Return the lines, the newest measurement first, with what waits in the outbox."""
        key = f"{PATH}/{patient_id or 'own'}"

        async def fetch() -> Any:
            return await self._gateway.get(PATH, patient=patient_id)

        if await self._keep_copies(patient_id):
            found = await read_or_saved(self._vault, self._clock, key, fetch)
        else:
            found = Saved(await fetch())
        read = map(Measurement.of, mappings(one_object(found.value).get("observations")))
        lines = {line.measurement_id: line for line in read if line is not None}
        await self._apply_waiting(lines, patient_id)
        newest = sorted(lines.values(), key=lambda line: line.effective, reverse=True)
        return Saved(newest, found.as_of)

    async def write(self, line: Measurement, patient_id: str | None = None) -> bool:
        """Write or change a line; False when it waits for a network.

        Raises Rejected with field errors; then nothing is kept.
        """
        check(line, self._clock.now())
        payload = {"id": line.measurement_id, "body": line.body(patient_id)}
        return await self._submit(WRITE, payload)

    async def remove(self, line: Measurement, patient_id: str | None = None) -> bool:
        """Delete a line; `write` brings it back. False when that waits for a network."""
        return await self._submit(
            REMOVE, {"id": line.measurement_id, "body": {"patient_id": patient_id}}
        )

    async def _submit(self, kind: str, payload: dict[str, Any]) -> bool:
        item_id = new_id()
        line = _line(payload["id"])
        try:
            answer = await self._outbox.submit(kind, payload, item_id=item_id, about=line)
        except (Rejected, NotFound):
            await self._outbox.delete(item_id)
            raise
        return answer is not None

    async def _apply_waiting(self, lines: dict[str, Measurement], patient_id: str | None) -> None:
        for item in await self._outbox.list():
            if item.kind not in (WRITE, REMOVE) or item.state == "failed":
                continue
            body = mapping(item.payload.get("body"))
            if body.get("patient_id") != patient_id:
                continue
            if item.kind == REMOVE:
                lines.pop(item.payload["id"], None)
                continue
            changed = {**body, "observation_id": item.payload["id"]}
            if (line := Measurement.of(changed, waiting=True)) is not None:
                lines[line.measurement_id] = line

    async def _send_write(self, payload: Any, idempotency_key: str) -> Any:
        # The line's own id makes a second try the same line.
        return await self._gateway.put(
            f"{PATH}/{segment(payload['id'])}", json=payload["body"], retry=False
        )

    async def _send_remove(self, payload: Any, idempotency_key: str) -> Any:
        patient_id = payload["body"]["patient_id"]
        query = f"?patient={segment(patient_id)}" if patient_id else ""
        await self._gateway.delete(f"{PATH}/{segment(payload['id'])}{query}", retry=False)
        return {"deleted": True}


def _line(measurement_id: str) -> str:
    """What keeps the changes of one line in order in the outbox."""
    return f"measurement-{measurement_id}"
