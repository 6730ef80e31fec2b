"""The support bundle: what a resident chose to send of the last minutes, as one zip file.

docs/support-bundles.md describes the format. A bundle holds stand-ins wherever a person could be
recognised (`services.diagnostics.stand_ins`); `services.diagnostics.opening` reads one.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

FORMAT = 1
"""The number of this format; a reader refuses a higher one."""
MADE_BY = "ihanoi-open"
KEPT_FOR = timedelta(days=7)

MANIFEST = "manifest.json"
PHOTOS = "photos/"
FILES = {
    "machine": ("preferences.json",),
    "steps": ("acts.jsonl",),
    "requests": ("har.json", "stand_ins.json"),
    "screens": ("screens.jsonl", "state.json"),
    "photos": (PHOTOS,),
}
"""The items a resident turns on or off, and the files each consists of."""
ITEMS = tuple(FILES)
UNASKED = ("machine", "steps", "requests", "screens")
"""The items that are on at first: everything but the resident's own photos."""

EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle is. Times are the gateway's, in UTC; `offset` is gateway minus device, in seconds.

    `place` is phone, desktop or web; `profile` the runtime profile's name; `items` what the
    resident left on; `counts` how many steps, requests, screens and stand-ins of each kind.
    """

    bundle_id: str
    app_version: str
    created: datetime
    started: datetime
    ended: datetime
    offset: float = 0.0
    profile: str = ""
    place: str = ""
    platform: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    items: tuple[str, ...] = UNASKED
    counts: Mapping[str, int] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def expires(self) -> datetime:
        """From then on nobody opens it."""
        return self.created + KEPT_FOR

    def to_json(self) -> dict[str, Any]:
        """Write it for the zip; `made_by` tells it from any other zip."""
        times = {name: getattr(self, name).isoformat() for name in ("created", "started", "ended")}
        return {"made_by": MADE_BY, **asdict(self), **times, "expires": self.expires.isoformat()}

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> Manifest:
        """Read what `to_json` wrote; raises KeyError, TypeError or ValueError for anything else."""
        known = {one.name for one in fields(cls)}
        values = {name: value for name, value in written.items() if name in known}
        for name in ("created", "started", "ended"):
            values[name] = _moment(values[name])
        items = tuple(str(item) for item in values["items"])
        return cls(**{**values, "items": items, "format": int(values["format"])})


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened, `at` seconds after the start; `kind` is one of STEP_KINDS.

    `detail` is the kind's own: see docs/support-bundles.md. Nothing typed is ever in it.
    """

    number: int
    at: float
    kind: str
    detail: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """One line of acts.jsonl."""
        return {"number": self.number, "at": self.at, "kind": self.kind, **self.detail}

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> Step:
        """Read what `to_json` wrote."""
        detail = {k: v for k, v in line.items() if k not in ("number", "at", "kind")}
        return cls(int(line["number"]), float(line["at"]), str(line["kind"]), detail)


STEP_KINDS = (
    "start",
    "act",
    "route",
    "back",
    "device",
    "error",
    "network",
    "person",
    "chance",
    "found",
)
"""start: where the app stood. act: a control's event. route: an address opened from outside. back: the
system's back. device: what the device answered. error: what the resident was told. network: reach
came or went. person: signed in or out. chance: an identifier or number drawn at random.
found: what a search found for typed words, as places in a list that everybody has."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What stood on the screen just before step `step`: its address and the messages on it.

    `words` are message ids of the catalogue in reading order, or UNKNOWN for what is none;
    `digest` is the SHA-256 of address and words.
    """

    step: int
    at: float
    route: str
    words: tuple[str, ...]
    digest: str

    def to_json(self) -> dict[str, Any]:
        """One line of screens.jsonl."""
        return asdict(self)

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> Screen:
        """Read what `to_json` wrote."""
        words = tuple(str(word) for word in line["words"])
        return cls(
            int(line["step"]), float(line["at"]), str(line["route"]), words, str(line["digest"])
        )


@dataclass(frozen=True, slots=True)
class Bundle:
    """A whole bundle, in memory. An item that was left out is empty.

    `har` is a HAR 1.2 document; `stand_ins` maps each stand-in in it to its kind and number
    ("name 1"); `state` is table → key → value of the vault at the start, plus `person`;
    `photos` are the resident's own, by file name, only where they chose to send them.
    """

    manifest: Manifest
    preferences: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    screens: tuple[Screen, ...] = ()
    har: Mapping[str, Any] = field(default_factory=dict)
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)
    photos: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The HAR's entries, oldest first."""
        return list(self.har.get("log", {}).get("entries", ()))

    def only(self, items: Collection[str]) -> Bundle:
        """Return the bundle with these items and no others."""
        kept = tuple(item for item in ITEMS if item in items)
        return Bundle(
            replace(self.manifest, items=kept),
            self.preferences if "machine" in kept else {},
            self.steps if "steps" in kept else (),
            self.screens if "screens" in kept else (),
            self.har if "requests" in kept else {},
            self.stand_ins if "requests" in kept else {},
            self.state if "screens" in kept else {},
            self.photos if "photos" in kept else {},
        )


def write(bundle: Bundle) -> bytes:
    """Return the zip file; the same bundle gives the same bytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in _files(bundle).items():
            archive.writestr(_entry(name), content)
    return out.getvalue()


def sizes(bundle: Bundle) -> dict[str, int]:
    """Return the bytes each item takes in the zip file, the manifest counted with `machine`."""
    found = dict.fromkeys(ITEMS, 0)
    with zipfile.ZipFile(BytesIO(write(bundle))) as archive:
        for entry in archive.infolist():
            found[item_of(entry.filename) or "machine"] += entry.compress_size
    return found


def item_of(name: str) -> str | None:
    """Return the item a file belongs to; None for the manifest and for any foreign name."""
    return next((item for item, names in FILES.items() if _belongs(name, names)), None)


def _belongs(name: str, names: Iterable[str]) -> bool:
    return any(name == one or (one.endswith("/") and name.startswith(one)) for one in names)


def _files(bundle: Bundle) -> dict[str, bytes]:
    parts: dict[str, Any] = {
        "preferences.json": bundle.preferences,
        "har.json": bundle.har,
        "stand_ins.json": bundle.stand_ins,
        "state.json": bundle.state,
    }
    lines: dict[str, Sequence[Step | Screen]] = {
        "acts.jsonl": bundle.steps,
        "screens.jsonl": bundle.screens,
    }
    files = {MANIFEST: _json(bundle.manifest.to_json())}
    files |= {name: _json(part) for name, part in parts.items() if part}
    files |= {
        name: b"".join(_json(one.to_json()) + b"\n" for one in many)
        for name, many in lines.items()
        if many
    }
    return files | {f"{PHOTOS}{name}": photo for name, photo in bundle.photos.items()}


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _moment(text: Any) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment
