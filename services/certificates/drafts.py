"""What the resident has entered of an application, and how it becomes what is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from services.certificates.parsing import only
from services.chance import new_id


@dataclass(frozen=True, slots=True)
class FormerAddress:
    """Where one lived before; the years as typed, `until` empty for until today."""

    address: str = field(default="", repr=False)
    since: str = ""
    until: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was written in this row."""
        return not (self.address.strip() or self.since.strip() or self.until.strip())

    def body(self) -> dict[str, Any]:
        """The row as it is sent; a year that is none stays as it is, for the gateway to name."""
        return {
            "address": self.address.strip(),
            "from_year": _year(self.since),
            "to_year": _year(self.until),
        }


@dataclass(frozen=True, slots=True)
class CertificateDraft:
    """What the resident has entered so far, and the step (1 to 4) they reached.

    An empty `contact_phone` means the registered one, an empty `child_id` oneself; `passcode`
    is for form No. 2 alone; `renews` is the application whose certificate this one replaces.
    `draft_id` stays, so that an application whose answer was lost is not sent a second time.
    """

    purpose: str = ""
    contact_phone: str = field(default="", repr=False)
    certificate_type: int = 1
    delivery: str = "electronic"
    step: int = 1
    draft_id: str = field(default_factory=new_id)
    child_id: str = field(default="", repr=False)
    former_names: tuple[str, ...] = field(default=(), repr=False)
    former_addresses: tuple[FormerAddress, ...] = field(default=(), repr=False)
    passcode: str = field(default="", repr=False)
    renews: str = ""

    def to_json(self) -> dict[str, Any]:
        """Write it for the vault: lists, as JSON gives them back, so that it equals its copy."""
        rows = [asdict(row) for row in self.former_addresses]
        return asdict(self) | {"former_names": [*self.former_names], "former_addresses": rows}

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> CertificateDraft:
        """Read what `to_json` wrote, here or in another version of the app."""
        rows = [FormerAddress(**row) for row in item.get("former_addresses", ())]
        names = tuple(item.get("former_names", ()))
        known = only(cls, item) | {"former_names": names, "former_addresses": tuple(rows)}
        return cls(**known)

    def body(self) -> dict[str, Any]:
        """What is sent to apply; what was left empty is left out."""
        names = [name.strip() for name in self.former_names if name.strip()]
        addresses = [row.body() for row in self.former_addresses if not row.empty]
        sent: dict[str, Any] = {
            "certificate_type": self.certificate_type,
            "purpose": self.purpose,
            "contact_phone": self.contact_phone or None,
            "delivery": self.delivery,
        }
        optional = {
            "child_id": self.child_id,
            "former_names": names,
            "former_addresses": addresses,
            "passcode": self.passcode if self.certificate_type == 2 else "",
            "renews": self.renews,
        }
        return sent | {name: value for name, value in optional.items() if value}


def _year(text: str) -> int | str | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() else text or None
