"""Several bundles of one patient as resources with one address each, their references following."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from gateway.health_records.bundles import parsed
from gateway.health_records.store import StoredBundle, StoredEntry

# In JSON text an inner quote is always escaped, so this matches members and nothing inside strings.
_REFERENCE = re.compile(r'("reference"\s*:\s*)("(?:[^"\\]|\\.)*")')


@dataclass(frozen=True, slots=True)
class Placed:
    """A resource at its address in the merged record; of its text only references are changed."""

    address: str
    type: str
    raw: str = field(repr=False)

    @property
    def resource(self) -> dict[str, Any]:
        """The resource, parsed."""
        found: dict[str, Any] = parsed(self.raw)
        return found

    @property
    def references(self) -> Iterator[str]:
        """Every address this resource points at."""
        return (parsed(found[2]) for found in _REFERENCE.finditer(self.raw))


def merge(bundles: Iterable[StoredBundle]) -> tuple[str, list[list[Placed]]]:
    """The patient's address, and each bundle's resources; of all Patients only the first stays."""
    present = list(_not_superseded(bundles))
    patients = ((e, b.sender) for b in present for e in b.entries if e.type == "Patient")
    first, sender = next(patients, (None, ""))
    patient = _address(first, sender) if first else ""
    merged: list[list[Placed]] = []
    for bundle in present:
        places = _places(bundle, patient)
        stays = (entry for entry in bundle.entries if _stays(entry, first))
        merged.append([_place(entry, places, bundle.sender) for entry in stays])
    return patient, merged


def _stays(entry: StoredEntry, first: StoredEntry | None) -> bool:
    return entry.type != "Patient" or entry is first


def _not_superseded(bundles: Iterable[StoredBundle]) -> Iterator[StoredBundle]:
    """Of bundles with the same Bundle.identifier only the newest stands."""
    found = list(bundles)
    newest: dict[str, StoredBundle] = {}
    for bundle in found:
        if bundle.identifier:
            other = newest.setdefault(bundle.identifier, bundle)
            newest[bundle.identifier] = max(other, bundle, key=lambda b: b.timestamp)
    return (b for b in found if not b.identifier or newest[b.identifier] is b)


def _address(entry: StoredEntry, sender: str) -> str:
    """The same absolute fullUrl of one sender is the same resource; a relative one counts in its
    bundle only.
    """
    absolute = entry.full_url.startswith(("urn:", "http://", "https://"))
    name = entry.full_url if absolute else f"{entry.type}/{entry.id}#{entry.digest}"
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{sender}#{name}' if sender else name)}"


def _places(bundle: StoredBundle, patient: str) -> dict[str, str]:
    places: dict[str, str] = {}
    for entry in bundle.entries:
        address = patient if entry.type == "Patient" else _address(entry, bundle.sender)
        names = [entry.full_url]
        if entry.id:
            names += [f"{entry.type}/{entry.id}", f"urn:uuid:{entry.id}"]
        for name in filter(None, names):
            places.setdefault(name, address)
    return places


def _place(entry: StoredEntry, places: Mapping[str, str], sender: str) -> Placed:
    def follow(found: re.Match[str]) -> str:
        target = parsed(found[2]).split("/_history/")[0]
        address = places.get(target) or places.get("/".join(target.split("/")[-2:]))
        return f'{found[1]}"{address}"' if address else found[0]

    address = places.get(entry.full_url) or places.get(f"{entry.type}/{entry.id}")
    return Placed(address or _address(entry, sender), entry.type, _REFERENCE.sub(follow, entry.raw))


def reachable(start: Placed, everything: Mapping[str, Placed]) -> list[Placed]:
    """What a Composition reaches by references, itself first, in the record's order."""
    seen, waiting = {start.address}, [start]
    while waiting:
        for target in waiting.pop().references:
            if target in everything and target not in seen:
                seen.add(target)
                waiting.append(everything[target])
    return [start] + [p for a, p in everything.items() if a in seen and a != start.address]
