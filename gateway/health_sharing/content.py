"""What a link says of the person: who they are, and no number, address or telephone."""

from __future__ import annotations

import json
from dataclasses import replace

from gateway.health_records.bundles import Entry, read_bundle, rebuild

SHARED = ("resourceType", "id", "language", "name", "gender", "birthDate")
"""Elements of Patient that go into a link; the rest is not needed to treat and easy to misuse."""


def with_bare_patient(bundle: str) -> str:
    """The Bundle with every Patient cut down to SHARED; all else stays word for word."""
    read = read_bundle(bundle.encode())
    return rebuild(read.envelope, [_bare(entry).raw for entry in read.entries])


def _bare(entry: Entry) -> Entry:
    if entry.type != "Patient":
        return entry
    kept = {name: value for name, value in entry.resource.items() if name in SHARED}
    return replace(entry, raw=json.dumps(kept, ensure_ascii=False))
