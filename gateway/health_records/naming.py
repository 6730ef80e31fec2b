"""One logical id for each resource of a record, and what a reference in a bundle means by it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from gateway.health_records.bundles import Entry

_ABSOLUTE = ("urn:", "http://", "https://")
REFERENCE = re.compile(r'("reference"\s*:\s*)("(?:[^"\\]|\\.)*")')
"""A reference in JSON text: an inner quote is always escaped, so nothing inside strings fits."""
ATTACHMENT = re.compile(r'("url"\s*:\s*)("(?:urn:uuid:|(?:[^"\\]|\\.)*Binary/)(?:[^"\\]|\\.)*")')
"""An address of an attachment that may stand in the same bundle."""


@dataclass(frozen=True, slots=True)
class Names:
    """How one bundle's resources are called here.

    The same absolute fullUrl is the same resource; a relative one counts inside `scope` only. What a
    facility sends never meets what another sent: `sender` stands before every name.
    """

    patient_id: str
    scope: str = field(repr=False)
    patient: frozenset[str] = field(default=frozenset(), repr=False)
    sender: str = ""
    inside: Mapping[str, str] = field(default_factory=dict, repr=False)

    def of_entry(self, entry: Entry) -> str:
        """The logical id of an entry's resource."""
        if entry.type == "Patient":
            return self.patient_id
        if entry.full_url.startswith(_ABSOLUTE):
            return self._id(entry.full_url)
        if entry.id:
            return self._id(f"{self.scope}#{entry.type}/{entry.id}")
        return self._id(f"{self.scope}#{entry.digest}")

    def of_reference(self, reference: str, full_url: str) -> str:
        """What a reference in the resource at `full_url` most likely means; perhaps nothing stored.

        Resolved as FHIR R4 says of bundles (section 2.36.4.1), and then more leniently.
        """
        named = reference.split("/_history/", maxsplit=1)[0]
        if named in self.patient or short(named) in self.patient:
            return self.patient_id
        if found := self.inside.get(named) or self.inside.get(short(named)):
            return found
        if named.startswith(_ABSOLUTE):
            return self._id(named)
        base = base_of(full_url)
        return self._id(f"{base}/{named}" if base else f"{self.scope}#{named}")

    def _id(self, name: str) -> str:
        return str(uuid5(UUID(self.patient_id), self.sender + name))


def base_of(full_url: str) -> str:
    """The server a fullUrl such as http://clinic/fhir/Patient/1 belongs to, or nothing."""
    if not full_url.startswith(("http://", "https://")) or full_url.count("/") < 4:
        return ""
    return full_url.split("/_history/", maxsplit=1)[0].rsplit("/", 2)[0]


def short(reference: str) -> str:
    """`Type/id` of a reference by path."""
    return "/".join(reference.split("/")[-2:])
