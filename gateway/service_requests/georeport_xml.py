"""GeoReport v2 documents as XML, from the same values that make the JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

MEDIA_TYPE = "text/xml; charset=utf-8"
_ITEMS = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "media": "photo",
    "working_days": "day",
    "acts": "act",
    "split_into": "service_request_id",
}
"""What an element of each list is called; the first seven names are the standard's."""

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml(root: str, content: Any) -> bytes:
    """The document with its declaration; `content` is what JSON would hold."""
    element = ET.Element(root)
    _fill(element, content)
    text = ET.tostring(element, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}'.encode()


def _fill(element: ET.Element, value: Any) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _fill(_child(element, str(name)), inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            _fill(ET.SubElement(element, _ITEMS.get(element.tag, "item")), item)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None:
        element.text = _NOT_IN_XML.sub("", str(value))


def _child(element: ET.Element, name: str) -> ET.Element:
    """An element of that name; a key that is no XML name stands in an attribute instead."""
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", name):
        return ET.SubElement(element, name)
    return ET.SubElement(element, "item", {"key": _NOT_IN_XML.sub("", name)})
