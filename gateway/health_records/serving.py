"""A stored resource as this server serves it: its own text, with this server's id, meta and links."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from gateway.health_records.bundles import members_of, parsed
from gateway.health_records.naming import ATTACHMENT, REFERENCE, Names, base_of, short
from gateway.health_records.tables import bundles, current, entries, resources

_OURS = {"resourceType", "id", "meta"}
_TYPE = re.compile(r"[A-Z][A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Served:
    """One resource as it is sent."""

    type: str
    logical_id: str
    patient_id: str
    version: str
    updated: datetime
    text: str = field(repr=False)

    @property
    def tag(self) -> str:
        """The weak entity tag FHIR derives from the version."""
        return f'W/"{self.version}"'

    @property
    def resource(self) -> dict[str, Any]:
        """The resource, parsed."""
        found: dict[str, Any] = parsed(self.text)
        return found


def query() -> Select[Any]:
    """What a resource is served from; the caller adds whose, which and in what order."""
    return (
        select(
            current,
            resources.c.raw,
            bundles.c.source,
            bundles.c.facility_id,
            bundles.c.scope,
            bundles.c.patient_names,
        )
        .join(bundles, bundles.c.bundle_id == current.c.bundle_id)
        .outerjoin(resources, resources.c.row_id == current.c.row_id)
    )


def serve(connection: Connection, rows: Iterable[Row[Any]]) -> list[Served]:
    """These rows as resources; two more queries find what their references mean here."""
    found = [_Raw.of(row) for row in rows]
    known = _known(connection, found)
    loose = _loose(connection, found, known)
    return [_served(raw, known, loose) for raw in found]


@dataclass(frozen=True, slots=True)
class _Raw:
    """A row, and what each of its references would be called here."""

    row: Row[Any]
    text: str = field(repr=False)
    links: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, row: Row[Any]) -> _Raw:
        sender = f"facility:{row.facility_id}#" if row.facility_id else ""
        called = frozenset(json.loads(row.patient_names))
        names = Names(row.patient_id, row.scope, called, sender)
        text = row.raw or json.dumps({"resourceType": row.type})
        said = {parsed(m[2]) for p in (REFERENCE, ATTACHMENT) for m in p.finditer(text)}
        links = {one: names.of_reference(one, row.full_url) for one in said if one[:1] != "#"}
        return cls(row, text, links)


def _known(connection: Connection, found: list[_Raw]) -> dict[str, str]:
    """`Type/id` by logical id, of all that is pointed at and stands."""
    wanted = {link for raw in found for link in raw.links.values()}
    owners = {raw.row.patient_id for raw in found}
    if not wanted:
        return {}
    these = select(current.c.logical_id, current.c.type).where(
        current.c.logical_id.in_(wanted), current.c.patient_id.in_(owners)
    )
    return {r.logical_id: f"{r.type}/{r.logical_id}" for r in connection.execute(these)}


def _loose(
    connection: Connection, found: list[_Raw], known: Mapping[str, str]
) -> dict[tuple[int, str], str]:
    """`Type/id` by bundle and last part, for references that only the bundle itself explains."""
    missing = {
        (raw.row.bundle_id, _last(said)): raw.row.patient_id
        for raw in found
        for said, link in raw.links.items()
        if link not in known
    }
    if not missing:
        return {}
    these = (
        select(entries.c.bundle_id, resources.c.id, resources.c.type, entries.c.logical_id)
        .join(entries, entries.c.row_id == resources.c.row_id)
        .join(current, current.c.logical_id == entries.c.logical_id)
        .where(resources.c.patient_id.in_(set(missing.values())))
        .where(resources.c.id.in_({last for _, last in missing}))
        .where(entries.c.bundle_id.in_({bundle_id for bundle_id, _ in missing}))
    )
    rows = connection.execute(these)
    return {(r.bundle_id, r.id): f"{r.type}/{r.logical_id}" for r in rows}


def _served(raw: _Raw, known: Mapping[str, str], loose: Mapping[tuple[int, str], str]) -> Served:
    row = raw.row

    def follow(match: re.Match[str]) -> str:
        said = parsed(match[2])
        link = known.get(raw.links.get(said, ""))
        link = link or _of_kind(loose.get((row.bundle_id, _last(said))), said)
        base = base_of(row.full_url)
        if link is None and base and match.re is REFERENCE and not _is_absolute(said):
            link = f"{base}/{said}" if said[:1] != "#" else None
        return f"{match[1]}{json.dumps(link)}" if link else match[0]

    version = str(row.row_id or 0)
    parts = [
        f'"resourceType":{json.dumps(row.type)}',
        f'"id":{json.dumps(row.logical_id)}',
        f'"meta":{json.dumps(_meta(raw, version), ensure_ascii=False)}',
    ]
    for key, (start, end) in members_of(raw.text):
        if key not in _OURS:
            value = f"{json.dumps(key)}:{raw.text[start:end]}"
            parts.append(ATTACHMENT.sub(follow, REFERENCE.sub(follow, value)))
    text = "{" + ",".join(parts) + "}"
    return Served(row.type, row.logical_id, row.patient_id, version, row.updated, text)


def _meta(raw: _Raw, version: str) -> dict[str, Any]:
    spans = dict(members_of(raw.text))
    said = parsed(raw.text[slice(*spans["meta"])]) if "meta" in spans else {}
    meta = {**said} if isinstance(said, dict) else {}
    meta["versionId"] = version
    meta["lastUpdated"] = instant(raw.row.updated)
    if raw.row.facility_id:
        meta["source"] = f"urn:ihanoi:facility:{raw.row.facility_id}"
    return meta


def instant(moment: datetime) -> str:
    """A FHIR instant in milliseconds."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _last(said: str) -> str:
    named = said.split("/_history/", maxsplit=1)[0]
    return named.removeprefix("urn:uuid:").rsplit("/", 1)[-1]


def _of_kind(link: str | None, said: str) -> str | None:
    """The link, unless the reference names another type than it leads to."""
    if link is None:
        return None
    kind = short(said.split("/_history/", maxsplit=1)[0]).split("/")[0]
    return link if not _TYPE.fullmatch(kind) or link.startswith(f"{kind}/") else None


def _is_absolute(said: str) -> bool:
    return said.startswith(("urn:", "http://", "https://", "#"))
