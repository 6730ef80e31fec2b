"""Text out of FHIR narratives. The XHTML is never drawn: no script, picture or link."""

from __future__ import annotations

from html.parser import HTMLParser

from services.health_records.fhir import text

_SILENT = frozenset({"script", "style", "head", "title", "template", "iframe", "object"})
_BREAKS = frozenset(
    {"br", "p", "div", "li", "ul", "ol", "tr", "table", "caption", "thead", "tbody", "hr"}
    | {f"h{level}" for level in range(1, 7)}
)
_CELLS = frozenset({"td", "th"})


class _TextOnly(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        self._space(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._space(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        self._space(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(" ".join(data.split()) if not data.isspace() else " ")
            if data[-1:].isspace():
                self.parts.append(" ")

    def _space(self, tag: str) -> None:
        if tag in _BREAKS:
            self.parts.append("\n")
        elif tag in _CELLS:
            self.parts.append(" ")


def text_of(div: object) -> str:
    """Plain lines of a `Narrative.div`; anything that is not a string is an empty text."""
    if not isinstance(div, str):
        return ""
    reader = _TextOnly()
    try:
        reader.feed(div)
        reader.close()
    except (AssertionError, ValueError):
        return ""  # The parser refuses some broken declarations; what it cannot read stays unread.
    lines = (text(line) for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)
