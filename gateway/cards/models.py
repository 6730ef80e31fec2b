"""The bodies of the cards' routes: what is accepted, and what is answered."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Row

from gateway.registers.passes import Pass

SLOTS_A_REQUEST = 72
_Slot = Annotated[int, Field(ge=0, le=0xFFFFFFFF)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class EnrolmentBody(_Strict):
    """A device that wants to hold the card: the name its owner knows it by, and its kind."""

    device_name: str = Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")
    platform: Literal["android", "ios", "linux", "macos", "windows", "web"]


class AnchorBody(_Strict):
    """The end of one slot's hash chain: 16 bytes as 32 hex digits."""

    slot: _Slot
    anchor: str = Field(pattern=r"^[0-9a-f]{32}$")


class GrantsBody(_Strict):
    """The anchors of the coming hours of one card."""

    card_id: str = Field(pattern=r"^[0-9a-f]{16}$")
    anchors: list[AnchorBody] = Field(min_length=1, max_length=SLOTS_A_REQUEST)


class Device(BaseModel):
    """The device that holds the card now; `enrolled_at` is UTC seconds."""

    card_id: str
    name: str
    platform: str
    enrolled_at: int

    @classmethod
    def of(cls, row: Row[Any]) -> Device:
        """The device of an enrolment."""
        return cls(
            card_id=row.card_id,
            name=row.device_name,
            platform=row.platform,
            enrolled_at=row.enrolled_at,
        )


class Card(BaseModel):
    """The resident's card. Dates are included, `group` is the fare class, names are vi and en."""

    number: str
    product: int
    product_name: dict[str, str]
    group: int
    group_name: dict[str, str]
    holder_name: str
    valid_from: str
    valid_until: str
    state: Literal["active", "not_yet_valid", "expired", "blocked"]
    device: Device | None

    @classmethod
    def of(cls, held: Pass, state: Any, device: Row[Any] | None) -> Card:
        """The card of a pass, in a state, on a device or on none."""
        return cls(
            number=held.number,
            product=held.product.number,
            product_name=dict(held.product.name),
            group=held.group.number,
            group_name=dict(held.group.name),
            holder_name=held.holder_name,
            valid_from=held.valid_from.isoformat(),
            valid_until=held.valid_until.isoformat(),
            state=state,
            device=None if device is None else Device.of(device),
        )


class Enrolled(BaseModel):
    """The new card id with what its headers will say; `valid_until` counts days since 1970."""

    card_id: str
    key_number: int
    product: int
    group: int
    valid_until: int
    card: Card


class Grant(BaseModel):
    """One slot's grant: the 18-byte header and the 64-byte signature, in hex."""

    slot: int
    header: str
    grant: str


class Grants(BaseModel):
    """The grants, by ascending slot; hours the pass does not cover are left out."""

    grants: list[Grant]


class GateKey(BaseModel):
    """One issuer key: its number and the 32 bytes of the Ed25519 public key in hex."""

    number: int
    public_key: str


class GateKeys(BaseModel):
    """Every key a gate must know."""

    keys: list[GateKey]


class DenyList(BaseModel):
    """The card ids every gate must refuse now."""

    card_ids: list[str]
