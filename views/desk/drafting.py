"""What an officer has entered for an act: kept within a second of typing, found again later."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, TypeAlias

import flet as ft

from app.hooks import Ready, component, use_resource, use_services
from services.device import PickedFile
from services.photos import Photo
from views.components import Loaded
from views.components.drafting import Drafting as Kept
from views.components.drafting import use_drafting

TABLE = "desk_drafts"


@dataclass(frozen=True, slots=True)
class ActDraft:
    """One act's form: words, choices, photos and a document; `other` is a split's second part."""

    description: str = field(default="", repr=False)
    other: str = field(default="", repr=False)
    agency_code: str = ""
    reason_code: str = ""
    colleague: str = ""
    into: str = ""
    service_codes: tuple[str, str] = ("", "")
    photos: tuple[Photo, ...] = ()
    document: PickedFile | None = field(default=None, repr=False)

    def to_json(self) -> dict[str, Any]:
        """Write it for the vault."""
        plain = asdict(replace(self, photos=(), document=None))
        photos = [photo.to_json() for photo in self.photos]
        return plain | {"photos": photos, "document": _plain(self.document)}

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> ActDraft:
        """Read what `to_json` wrote."""
        first, second = item["service_codes"]
        document = item["document"]
        return cls(
            **{
                **item,
                "service_codes": (first, second),
                "photos": tuple(map(Photo.from_json, item["photos"])),
                "document": document
                and PickedFile(document["name"], base64.b64decode(document["data"])),
            }
        )


ActDrafting: TypeAlias = Kept[ActDraft]


@dataclass(frozen=True, slots=True)
class Drafts:
    """The kept forms of one report, an act each."""

    read: Callable[[str], Any]
    write: Callable[[str, ActDraft], Any]
    forget: Callable[[str], Any]


def use_act_drafts(service_request_id: str) -> Drafts:
    """Read, write and forget what was entered for the acts on a report."""
    vault = use_services().vault

    async def read(act: str) -> ActDraft:
        kept = await vault.get(TABLE, f"{service_request_id} {act}")
        return ActDraft.from_json(kept) if kept else ActDraft()

    async def write(act: str, draft: ActDraft) -> None:
        key = f"{service_request_id} {act}"
        # A form that was opened and left empty is nothing to keep.
        await (vault.put(TABLE, key, draft.to_json()) if draft != ActDraft() else _drop(key))

    async def _drop(key: str) -> None:
        await vault.delete(TABLE, key)

    async def forget(act: str) -> None:
        await _drop(f"{service_request_id} {act}")

    return Drafts(read, write, forget)


@component
def WithDraft(drafts: Drafts, act: str, draw: Callable[[ActDraft], ft.Control]) -> ft.Control:
    """Open what was entered before, then draw the form with it."""

    async def read() -> ActDraft:
        found: ActDraft = await drafts.read(act)
        return found

    opened = use_resource(read)
    return draw(opened.value) if isinstance(opened, Ready) else Loaded(opened, _nothing)


def use_act_drafting(drafts: Drafts, act: str, opened: ActDraft) -> ActDrafting:
    """Work on one act's form."""

    async def save(draft: ActDraft) -> None:
        await drafts.write(act, draft)

    return use_drafting(opened, save)


def _plain(document: PickedFile | None) -> dict[str, str] | None:
    if document is None:
        return None
    return {"name": document.name, "data": base64.b64encode(document.data).decode()}


def _nothing(_found: object) -> ft.Control:
    return ft.Container(height=0)
