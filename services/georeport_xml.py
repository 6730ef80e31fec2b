"""GeoReport v2 in XML, brought into the form of its JSON.

Read with expat from the standard library, which every phone has. A document type, an entity or a
processing instruction that could reach outside is refused before anything is expanded.
"""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

from services.errors import GatewayUnavailable

DEEPEST = 20
ITEMS = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "media": "item",
    "working_days": "item",
}
"""Elements that hold a list, with what the standard or our gateway calls one of it."""


class _Refused(Exception):
    """The document holds what we do not read."""


class _Reader:
    """Builds plain values from expat's events."""

    def __init__(self) -> None:
        self.value: Any = None
        self._open: list[tuple[str, list[tuple[str, Any]], list[str]]] = []

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        if len(self._open) >= DEEPEST:
            raise _Refused
        self._open.append((name.rpartition(":")[2], [], []))

    def text(self, data: str) -> None:
        self._open[-1][2].append(data)

    def end(self, _name: str) -> None:
        name, children, texts = self._open.pop()
        value = _value(name, children, "".join(texts).strip())
        if self._open:
            self._open[-1][1].append((name, value))
        else:
            self.value = value


def parse(content: bytes) -> Any:
    """Return the document as JSON would have it; all plain values are text, empty ones None.

    Raises GatewayUnavailable: `xml_refused` for a DTD or entities, `broken_answer` for no XML.
    """
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    try:
        parser.Parse(content.strip(), True)
    except _Refused:
        raise GatewayUnavailable("xml_refused") from None
    except (expat.ExpatError, ValueError, LookupError):
        raise GatewayUnavailable("broken_answer") from None
    return reader.value


def _refuse(*_anything: Any) -> int:
    raise _Refused


def _value(name: str, children: list[tuple[str, Any]], text: str) -> Any:
    names = [child for child, _ in children]
    listed = name in ITEMS and all(child == ITEMS[name] for child in names)
    # A name that comes twice would be lost in an object.
    if listed or (len(names) > 1 and len(set(names)) == 1):
        return [value for _, value in children]
    return dict(children) if children else text or None
