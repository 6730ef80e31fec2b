"""Search answers: searchset Bundles whose resources stay the text they were served as."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from gateway.health_records.serving import Served


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource of an answer, as text."""

    type: str
    id: str
    text: str


def of_served(found: Iterable[Served]) -> list[Entry]:
    """Stored resources as entries."""
    return [Entry(one.type, one.logical_id, one.text) for one in found]


def of_made(found: Iterable[dict[str, Any]]) -> list[Entry]:
    """Resources this server made as entries."""
    return [
        Entry(one["resourceType"], one["id"], json.dumps(one, ensure_ascii=False)) for one in found
    ]


def searchset(
    base: str,
    path: str,
    asked: Sequence[tuple[str, str]],
    entries: Sequence[Entry],
    total: int | None,
    next_page: str | None,
) -> str:
    """A searchset Bundle; `next_page` is the token of the page behind this one."""
    query = f"?{urlencode(list(asked))}" if asked else ""
    links = [{"relation": "self", "url": f"{base}/{path}{query}"}]
    if next_page is not None:
        links.append({"relation": "next", "url": f"{base}/{path}?_page={next_page}"})
    head: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset"}
    if total is not None:
        head["total"] = total
    head["link"] = links
    inside = ",".join(
        f'{{"fullUrl":{json.dumps(f"{base}/{one.type}/{one.id}")},"resource":{one.text},'
        '"search":{"mode":"match"}}'
        for one in entries
    )
    return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "entry":[{inside}]}}'
