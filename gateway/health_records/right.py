"""What a right to read a record is: its basis, and how much it covers."""

from __future__ import annotations

from dataclasses import dataclass

ALWAYS = frozenset({"Patient", "Practitioner", "PractitionerRole", "Organization", "Location"})
"""Types that say whose record it is and who wrote it: readable with any part of it."""


@dataclass(frozen=True, slots=True)
class Right:
    """Why somebody may read a record, and how much of it.

    `basis`: "patient" (their own), "parent" (of a child under 16), "consent" (an adult's to a
    carer) or "facility". `sections`: LOINC codes of IPS sections and names of resource types;
    None is the whole record.
    """

    basis: str
    sections: frozenset[str] | None = None

    def covers(self, resource_type: str, section: str | None) -> bool:
        """Whether a resource of that type, which belongs to that section, may be read."""
        if self.sections is None or resource_type in ALWAYS | self.types:
            return True
        return section in self.sections

    @property
    def types(self) -> frozenset[str]:
        """The resource types named by themselves; a document comes with its file."""
        named = self.sections or frozenset()
        return named | {"Binary"} if "DocumentReference" in named else named

    @property
    def sees_looks(self) -> bool:
        """Whether its holder may read who looked: the patient, and who acts for them."""
        return self.basis in {"patient", "parent"}
