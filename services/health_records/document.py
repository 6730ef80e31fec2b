"""A FHIR Bundle as one document: resources, references between them, words for people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from services.health_records.fhir import UnreadableError, many, mapping, text
from services.health_records.narrative import text_of

Resource = Mapping[str, object]

SNOMED = "http://snomed.info/sct"
_ENGLISH_SYSTEMS = (
    SNOMED,
    "http://loinc.org",
    "http://hl7.org/fhir/sid/",
    "http://www.whocc.no/atc",
)
_SEMANTIC_TAG = re.compile(
    r" \((?:finding|disorder|situation|substance|product|medicinal product|clinical drug|procedure"
    r"|regime/therapy|event|qualifier value|observable entity|morphologic abnormality)\)$"
)
# Letters few other languages use: a document without a language tag can still be ours.
_VIETNAMESE = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"


@dataclass(frozen=True, slots=True)
class Code:
    """One coding of a concept, word for word."""

    system: str
    code: str
    display: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """The readable entries of a Bundle. Build it with `open_document`."""

    language: str = ""
    entries: tuple[tuple[str, Resource], ...] = ()
    unreadable: int = 0
    index: Mapping[str, Resource] = field(default_factory=dict)
    addresses: Mapping[int, str] = field(default_factory=dict)

    def resources(self, *types: str) -> Iterator[Resource]:
        """Every resource of these types, in the document's order."""
        return (found for _, found in self.entries if found.get("resourceType") in types)

    def first(self, resource_type: str) -> Resource:
        """The first resource of a type, or an empty one."""
        return next(self.resources(resource_type), {})

    def address(self, resource: Resource) -> str:
        """What is unique about a resource here: its fullUrl, else its type and id."""
        return self.addresses.get(id(resource), "")

    def at(self, address: str) -> Resource | None:
        """The resource of an address that `address` gave."""
        place = address.rpartition("#")[2]
        if address not in self.index and place.isdigit() and int(place) < len(self.entries):
            return self.entries[int(place)][1]
        return self.index.get(address)

    def resolve(self, reference: object, container: Resource | None = None) -> Resource | None:
        """The resource a Reference points at, by urn, address, path or `#` within `container`."""
        target = text(mapping(reference).get("reference"))
        if target.startswith("#"):
            return _contained(target[1:], container or {})
        target = target.split("/_history/")[0]
        if not target:
            return None
        return self.index.get(target) or self.index.get("/".join(target.split("/")[-2:]))

    def concept(self, value: object) -> str:
        """A CodeableConcept in words: Vietnamese, then English, then its text, then its code."""
        found = mapping(value)
        own = text(found.get("text"))
        codings = [mapping(coding) for coding in many(found.get("coding"))]
        shown = [(coding, _plain(coding)) for coding in codings]
        translated = [pair for coding in codings for pair in _translations(coding)]
        vietnamese = [words for tag, words in translated if _speaks(tag, "vi")]
        vietnamese += [w for w in (own, *(words for _, words in shown)) if _is_vietnamese(w)]
        english = [words for tag, words in translated if _speaks(tag, "en")]
        if not self.language or _speaks(self.language, "en") or _speaks(self.language, "vi"):
            english.append(own)  # The writer's own words read better than a terminology's.
        english += [words for coding, words in shown if _is_english(coding)]
        codes = (text(coding.get("code")) for coding in codings)
        ranked = (*vietnamese, *english, own, *(words for _, words in shown), *codes)
        return next(filter(None, ranked), "")

    def codes(self, value: object) -> tuple[Code, ...]:
        """All codings of a concept, unchanged."""
        codings = [mapping(coding) for coding in many(mapping(value).get("coding"))]
        found = [Code(*(text(c.get(k)) for k in ("system", "code", "display"))) for c in codings]
        return tuple(code for code in found if code.code or code.display)

    def party(self, reference: object, container: Resource | None = None) -> str:
        """Who a Reference names: a practitioner, an organisation or the words beside it."""
        target = self.resolve(reference, container)
        if target is None:
            found = mapping(reference)
            return text(found.get("display")) or text(mapping(found.get("identifier")).get("value"))
        if target.get("resourceType") == "PractitionerRole":
            person = self.resolve(target.get("practitioner"), target) or {}
            place = self.resolve(target.get("organization"), target) or {}
            target = {"name": human_name(person.get("name")) or human_name(place.get("name"))}
        return human_name(target.get("name")) or text(mapping(reference).get("display"))


def open_document(bundle: object, language: str = "") -> Document:
    """Index a Bundle of any type; entries that hold no resource are counted as unreadable."""
    source = mapping(bundle)
    entries: list[tuple[str, Resource]] = []
    unreadable = 0
    for entry in many(source.get("entry")):
        resource = mapping(entry).get("resource")
        if isinstance(resource, dict) and text(resource.get("resourceType")):
            entries.append((text(mapping(entry).get("fullUrl")), resource))
        else:
            unreadable += 1
    composition = next((r for _, r in entries if r.get("resourceType") == "Composition"), {})
    spoken = text(composition.get("language")) or text(source.get("language")) or language
    index, addresses = _index(entries)
    return Document(spoken, tuple(entries), unreadable, index, addresses)


def _index(entries: list[tuple[str, Resource]]) -> tuple[dict[str, Resource], dict[int, str]]:
    index: dict[str, Resource] = {}
    addresses: dict[int, str] = {}
    for place, (full_url, resource) in enumerate(entries):
        kind, name = text(resource.get("resourceType")), text(resource.get("id"))
        addresses[id(resource)] = full_url or (f"{kind}/{name}" if name else f"{kind}#{place}")
        keys = [full_url] + ([f"{kind}/{name}", f"urn:uuid:{name}"] if name else [])
        for key in filter(None, keys):
            index.setdefault(key, resource)
    return index, addresses


def human_name(value: object) -> str:
    """A name for people from a HumanName, a list of them, or an organisation's plain name."""
    if isinstance(value, str):
        return text(value)
    names = [mapping(name) for name in many(value)]
    official = [name for name in names if name.get("use") in ("official", "usual")]
    for name in official + names:
        given = [text(part) for part in many(name.get("given"))]
        parts = [*given, text(name.get("family"))]
        words = text(name.get("text")) or " ".join(part for part in parts if part)
        if words:
            return words
    return ""


def narrative(resource: Resource) -> str:
    """The resource's own narrative as plain text."""
    return text_of(mapping(resource.get("text")).get("div"))


def require_concept(value: object, element: str) -> Mapping[str, object]:
    """The concept that says what a resource is about; else `UnreadableError`."""
    if value is None:
        return {}
    found = mapping(value)
    if not found:
        raise UnreadableError(element)
    return found


def _contained(name: str, container: Resource) -> Resource | None:
    for found in many(container.get("contained")):
        if isinstance(found, dict) and found.get("id") == name:
            return found
    return None


def _translations(coding: Mapping[str, object]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for extension in map(mapping, many(mapping(coding.get("_display")).get("extension"))):
        if extension.get("url") != _TRANSLATION:
            continue
        parts = {text(p.get("url")): p for p in map(mapping, many(extension.get("extension")))}
        tag = text(parts.get("lang", {}).get("valueCode"))
        content = parts.get("content", {})
        words = text(content.get("valueString")) or text(content.get("valueMarkdown"))
        pairs.append((tag, words))
    return pairs


def _speaks(tag: str, language: str) -> bool:
    return tag.lower().split("-")[0] == language


def _is_english(coding: Mapping[str, object]) -> bool:
    return text(coding.get("system")).startswith(_ENGLISH_SYSTEMS)


def _is_vietnamese(words: str) -> bool:
    return _VIETNAMESE.search(words) is not None


def _plain(coding: Mapping[str, object]) -> str:
    words = text(coding.get("display"))
    return _SEMANTIC_TAG.sub("", words) if coding.get("system") == SNOMED else words
