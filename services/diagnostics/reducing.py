"""Takes an answer, a request's body or an address, and gives back what may be recorded of it."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit
from xml.sax.saxutils import escape

from services import georeport_xml
from services.diagnostics.classes import AREAS
from services.diagnostics.classification import (
    CODED,
    DROP,
    INSIDE,
    KEEP,
    MOST_NAMES,
    VALUE,
    WHOLE,
    Area,
    Place,
    Plan,
    Wire,
    filled,
)
from services.diagnostics.pictures import greyed
from services.diagnostics.shapes import SHAPES
from services.diagnostics.stand_ins import StandIns
from services.errors import GatewayUnavailable
from services.health_records.sections import NONE_AT_ALL, NONE_OF_A_KIND

HOST = "https://gateway.invalid"
"""Instead of the gateway's own address (RFC 2606: nobody can ever answer there)."""
ELSEWHERE = "https://elsewhere.invalid"
LARGEST = 512 * 1024
"""Bytes of an answer of which something is recorded."""
DEEPEST = 40
REMEMBERED = 128
"""Addresses and bodies of one session whose reduced form is remembered, in memory alone; of bodies no more
than LARGEST characters together."""

WIRE = Wire(AREAS)
TEXTS = frozenset({"text", "display", "title", "div", "comment", "valueString"})
"""Elements of FHIR that people write."""
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/{}%^*<>=-]{0,99}")
_NAME = re.compile(r"_?[A-Za-z][A-Za-z_]{0,39}[0-9]{0,3}")
_ROOT = re.compile(rb"<([A-Za-z_]+)")


class Reducer:
    """Reduces with the stand-ins of one recording or bundle; `base` is the gateway's address.

    `unclassified` names the fields that were left out because nobody classified them.
    """

    def __init__(self, stand_ins: StandIns, base: str) -> None:
        self.unclassified: set[str] = set()
        self._base = base.rstrip("/")
        self._plans: dict[tuple[str, str], Plan] = {}
        # What is asked again and again comes out the same; of addresses and texts one session's alone.
        self.place = lru_cache(REMEMBERED)(self._place)
        self.url = lru_cache(REMEMBERED)(self._url)
        self._texts: dict[tuple[str, bytes], str] = {}
        self.use(stand_ins)

    def use(self, stand_ins: StandIns) -> None:
        """Take other stand-ins from now on, and forget what the former ones gave."""
        self.stand_ins = stand_ins
        self.place.cache_clear()
        self.url.cache_clear()
        self._texts.clear()

    def url_of(self, path: str) -> str:
        """The gateway's address of a path."""
        return f"{self._base}/{path.lstrip('/')}"

    def _place(self, url: str) -> Place | None:
        """The operation an address belongs to; None outside the gateway and for unknown paths."""
        path = self._path(url)
        return WIRE.place_of(path) if path is not None else None

    def _url(self, url: str) -> str:
        """The address with stand-ins for identifiers and without what nobody classified."""
        path, place = self._path(url), self.place(url)
        if path is None:
            return f"{ELSEWHERE}/"
        if place is None:
            return f"{HOST}/" + "/".join("•" for _segment in path.split("/")[1:])
        values = {
            name: self._parameter(place, name, value) for name, value in place.parameters.items()
        }
        query = [
            (name, self._query(place, name, value))
            for name, value in parse_qsl(urlsplit(url).query, keep_blank_values=True)
        ]
        return HOST + filled(place.template, values) + ("?" + urlencode(query) if query else "")

    def json(self, value: Any, area: Area) -> Any:
        """The value with every field kept, replaced or left out as its area says."""
        return self._inside(value, area, "", 0)

    def text(self, content: bytes, area: Area | None) -> str:
        """A JSON body, reduced; `•` for what is no JSON or of no known operation."""
        key = (area.name if area else "", blake2b(content, digest_size=16).digest())
        found = self._texts.get(key)
        if found is None:
            found = self._texts[key] = self._text(content, area)
            while len(self._texts) > REMEMBERED or sum(map(len, self._texts.values())) > LARGEST:
                del self._texts[next(iter(self._texts))]
        return found

    def _text(self, content: bytes, area: Area | None) -> str:
        try:
            value = json.loads(content)
        except (ValueError, RecursionError):
            return "•" if content.strip() else ""
        return "•" if area is None else json.dumps(self.json(value, area), ensure_ascii=False)

    def form(self, content: bytes, area: Area) -> str:
        """A form body (`application/x-www-form-urlencoded`), reduced."""
        pairs = parse_qsl(content.decode("utf-8", "replace"), keep_blank_values=True)
        kept = [(name, self._field(area, name, value)) for name, value in pairs]
        return urlencode([(name, value) for name, value in kept if value is not None])

    def xml(self, content: bytes, area: Area) -> str:
        """An XML body (GeoReport v2), reduced as its JSON would be; `•` for what the app refuses."""
        try:
            value = georeport_xml.parse(content)
        except GatewayUnavailable:
            return "•"
        root = _ROOT.search(content)
        return xml_of(root[1].decode() if root else "•", self.json(value, area))

    def picture(self, value: Any) -> str:
        """A picture in base64 as a grey one of its size."""
        return str(self._leaf(value, "picture"))

    def _field(self, area: Area, name: str, value: str) -> Any:
        # GeoReport's `attribute[CODE]` is one field, but for the codes that have a class.
        plain = name if area.class_of("", name) else name.partition("[")[0]
        return self._leaf(value, self._plan(area, "")[plain])

    def _path(self, url: str) -> str | None:
        if url.startswith(self._base + "/"):
            return urlsplit(url[len(self._base) :]).path
        return None

    def _parameter(self, place: Place, name: str, value: str) -> str:
        class_ = place.area.class_of_parameter(name)
        if class_ is None:
            self._note(f"{place.template} ?{name}")
        if class_ == KEEP:
            return value
        # Without something in its place there would be no address.
        kind = "reference" if class_ in (None, DROP) else class_
        return quote(str(self.stand_ins.of(str(kind), unquote(value))), safe="")

    def _query(self, place: Place, name: str, value: str) -> str:
        class_ = place.area.class_of_parameter(name)
        if class_ is None:
            self._note(f"{place.template} ?{name}")
        found = self._leaf(value, class_)
        return "" if found is None else str(found)

    def _inside(self, value: Any, area: Area, parent: str, depth: int) -> Any:
        if value is None or depth > DEEPEST:
            return None
        if isinstance(value, list):
            return [self._inside(item, area, parent, depth + 1) for item in value]
        plan = self._plan(area, parent)
        if not isinstance(value, dict):
            # A list of bare values at the top, or a value where an object was promised.
            return self._leaf(value, plan[VALUE])
        # Most fields are kept or a text: those are looked at here, the others below.
        found, of = {}, self.stand_ins.of
        for name, item in value.items():
            class_ = plan[name]
            if class_ == KEEP and type(item) not in (list, dict):
                found[name] = item
            elif class_ in SHAPES and type(item) is str:
                found[name] = of(class_, item)
            elif class_ is not None and class_ != DROP:
                if class_ != KEEP or not holds_objects(item):
                    found[name] = self._of_class(item, class_, area, name, depth + 1)
                else:
                    # It was a value when it was classified.
                    self._note(f"{area.name}: {parent}.{name} (an object)")
        return found

    def _plan(self, area: Area, parent: str) -> Plan:
        plan = self._plans.get((area.name, parent))
        if plan is None:
            if len(self._plans) >= MOST_NAMES:
                self._plans.clear()
            plan = self._plans[area.name, parent] = Plan(area, parent, self._note)
        return plan

    def _note(self, name: str) -> None:
        if len(self.unclassified) < MOST_NAMES:
            self.unclassified.add(name)

    def _of_class(self, item: Any, class_: str, area: Area, name: str, depth: int) -> Any:
        if class_ in (KEEP, WHOLE):
            return item
        if class_ == INSIDE:
            return self._inside(item, area, name, depth)
        if class_ == CODED:
            return self._coded(item, name, depth)
        return self._each(item, class_, depth)

    def _coded(self, value: Any, name: str, depth: int) -> Any:
        if depth > DEEPEST:
            return None
        if isinstance(value, list):
            return [self._coded(item, name, depth + 1) for item in value]
        if isinstance(value, dict):
            return {self._key(key): self._coded(one, key, depth + 1) for key, one in value.items()}
        written = name in TEXTS or (isinstance(value, str) and not _CODE.fullmatch(value))
        return self.stand_ins.of("words", value) if written else value

    def _each(self, value: Any, kind: str, depth: int) -> Any:
        if isinstance(value, list):
            return [self._each(item, kind, depth + 1) for item in value]
        if isinstance(value, dict):
            return {
                self._key(name): self._each(one, kind, depth + 1) for name, one in value.items()
            }
        return self._leaf(value, kind) if depth <= DEEPEST else None

    def _key(self, name: str) -> str:
        """A field's name where nobody looks at names; what is no name stands for somebody, too."""
        return name if _NAME.fullmatch(name) else str(self.stand_ins.of("reference", name))

    def _leaf(self, value: Any, class_: str | None) -> Any:
        if class_ == KEEP:
            return value
        if class_ in (None, DROP, INSIDE, WHOLE, CODED):
            return None
        if class_ == "concept":
            # "None known" is what a screen is made of, and is told by it.
            none = value in NONE_AT_ALL or value in NONE_OF_A_KIND
            return value if none else self.stand_ins.of("reference", value)
        if class_ == "degrees":
            return self.stand_ins.of("degrees", _degrees(value))
        if class_ == "link":
            return self._link(value)
        if class_ == "picture":
            return greyed(value)
        if class_ == "relation":
            return self._relation(value)
        return self.stand_ins.of(str(class_), value)

    def _relation(self, value: Any) -> Any:
        """A FHIR reference: the type stays, the identifier is the one its resource has."""
        if not isinstance(value, str) or not value:
            return None if value else value
        if "://" in value:
            return self._link(value)
        before, mark, name = value.rpartition(":" if value.startswith("urn:") else "/")
        kept = before if before in ("urn:uuid", "urn:oid") or before.isalpha() else "•"
        return (kept + mark if mark else "") + str(self.stand_ins.of("reference", name))

    def _link(self, value: Any) -> Any:
        """An address inside an answer: ours stays one of ours, any other leads nowhere."""
        if not isinstance(value, str) or not value:
            return None if value else value
        if value.startswith("/"):
            return self.url(self._base + value).removeprefix(HOST)
        return self.url(value)


def holds_objects(value: Any) -> bool:
    """Whether a value is more than one plain value or a list of such."""
    if isinstance(value, list):
        return any(isinstance(item, dict | list) for item in value)
    return isinstance(value, dict)


def xml_of(name: str, value: Any) -> str:
    """Plain values as an element: the other way of `services.georeport_xml.parse`."""
    if isinstance(value, list):
        inner = "".join(xml_of(georeport_xml.ITEMS.get(name, "item"), one) for one in value)
    elif isinstance(value, dict):
        inner = "".join(xml_of(key, one) for key, one in value.items())
    else:
        inner = escape("" if value is None else str(value))
    return f"<{name}>{inner}</{name}>"


def _degrees(value: Any) -> Any:
    """GeoReport's coordinates come as numbers and as texts."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
