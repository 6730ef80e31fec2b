"""Every field of every answer is classified once; what nobody classified never leaves the device."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.asgi import create_app
from gateway.settings import Settings
from services.diagnostics import classes
from services.diagnostics.classification import CODED, DROP, INSIDE, KEEP, WHOLE
from services.diagnostics.classification import classes as listed
from services.diagnostics.reducing import WIRE, Reducer
from services.diagnostics.shapes import SHAPES
from services.diagnostics.stand_ins import StandIns

NOT_THE_APP = (
    "/gate/v1/",  # gates and barriers
    "/certificates/v1/payments/callback",  # the payment provider
    "/fhir/R4/.well-known/",  # other FHIR clients
    "/fhir/R4/metadata",
)
"""Paths that the app never asks for: nothing of them can be in a recording."""
KINDS = {
    KEEP,
    WHOLE,
    CODED,
    "picture",
    "concept",
    INSIDE,
    DROP,
    "link",
    "relation",
    "number",
    "degrees",
    "date",
    "birthdate",
    *SHAPES,
}
VAGUE = ("name", "text", "note", "title", "description", "address", "comment", "detail", "value")
"""Words that in one answer mean a thing and in another a person."""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    settings = Settings(Path("/nonexistent"), public_url="http://127.0.0.1:8550")
    found: dict[str, Any] = create_app(settings).openapi()
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        if not path.startswith(NOT_THE_APP):
            for method, operation in methods.items():
                yield method.upper(), path, operation


def bodies(operation: dict[str, Any]) -> Iterator[Any]:
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            yield from (
                c.get("schema") for m, c in answer.get("content", {}).items() if "json" in m
            )
    for content in operation.get("requestBody", {}).get("content", {}).values():
        yield content.get("schema")


def test_every_operation_belongs_to_an_area(document: dict[str, Any]) -> None:
    """A recording of an operation nobody classified shows a request and nothing of it."""
    unknown = sorted(
        {path for _m, path, _o in operations(document) if WIRE.place_of(_filled(path)) is None}
    )
    assert not unknown, f"add to the paths of an area in services/diagnostics/classes: {unknown}"


def test_every_field_of_every_answer_and_request_is_classified(document: dict[str, Any]) -> None:
    """A field that is added and forgotten is dropped; this says where to write it down."""
    missing = set()
    for method, path, operation in operations(document):
        place = WIRE.place_of(_filled(path))
        if place is None:
            continue
        for schema in bodies(operation):
            for parent, name, inner in reached(document, schema, place.area):
                plain = name.partition("[")[0]
                if not any(place.area.class_of(parent, one) for one in (name, plain)):
                    missing.add(f"{place.area.name}: {parent}.{name} ({method} {path})")
                elif place.area.class_of(parent, name) == KEEP and is_object(inner):
                    missing.add(f"{place.area.name}: {parent}.{name} is an object: whole or inside")
    assert not missing, (
        "name each in keep, inside, drop or a kind of stand-in in the area's module of "
        f"services/diagnostics/classes: {sorted(missing)}"
    )


def test_every_parameter_is_classified(document: dict[str, Any]) -> None:
    """An address can hold an identifier as well as an answer can."""
    missing = set()
    for method, path, operation in operations(document):
        place = WIRE.place_of(_filled(path))
        for parameter in operation.get("parameters", ()):
            if place is None or parameter["in"] not in ("query", "path"):
                continue
            if place.area.class_of_parameter(parameter["name"]) is None:
                missing.add(f"{place.area.name}: ?{parameter['name']} ({method} {path})")
    assert not missing, f"name each in services/diagnostics/classes: {sorted(missing)}"


def is_object(schema: Any) -> bool:
    if not isinstance(schema, dict):
        return False
    inner = [*schema.get("anyOf", ()), *schema.get("allOf", ()), schema.get("items")]
    return "$ref" in schema or schema.get("type") == "object" or any(map(is_object, inner))


def reached(document: dict[str, Any], schema: Any, area: Any) -> Iterator[tuple[str, str, Any]]:
    """The fields that are looked at: what lies under one that is kept or replaced whole is not."""

    def down(schema: Any, parent: str, open_: tuple[str, ...]) -> Iterator[tuple[str, str, Any]]:
        if not isinstance(schema, dict):
            return
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            if name not in open_:
                inner = document["components"]["schemas"].get(name)
                yield from down(inner, parent, (*open_, name))
            return
        for choice in [
            *schema.get("anyOf", ()),
            *schema.get("oneOf", ()),
            *schema.get("allOf", ()),
        ]:
            yield from down(choice, parent, open_)
        yield from down(schema.get("items"), parent, open_)
        for name, inner in schema.get("properties", {}).items():
            yield parent, name, inner
            if area.class_of(parent, name) == INSIDE:
                yield from down(inner, name, open_)

    return down(schema, "", ())


@pytest.mark.parametrize(
    "area", [*classes.AREAS, classes.PROBLEM, *classes.STORED.values()], ids=lambda area: area.name
)
def test_every_class_is_one_there_is(area: Any) -> None:
    """A misspelt kind would be taken for words."""
    assert set(area.fields.values()) <= KINDS


@pytest.mark.parametrize("area", classes.AREAS, ids=lambda area: area.name)
def test_a_vague_name_is_never_kept_wherever_it_stands(area: Any) -> None:
    """`name` of a ward is kept; `name` of whatever comes next year must not be."""
    kept = [name for name in VAGUE if area.fields.get(name) == KEEP and area.name not in PUBLIC]
    assert kept == []


PUBLIC = ("services", "people")
"""Areas whose texts are the city's own: the list of services, the text of the consent."""


def test_a_field_in_two_classes_is_refused() -> None:
    """Which of the two would count is not for the reader to guess."""
    with pytest.raises(ValueError, match="name is keep and words"):
        listed(keep="name", words="name")


def test_what_nobody_classified_is_left_out_and_noted() -> None:
    """The default is safe: only the test complains."""
    reducer = Reducer(StandIns(b"k" * 32), "http://gateway/api")
    place = reducer.place("http://gateway/api/reports/mine")
    assert place is not None
    answer = [{"status": "open", "mother_tongue": "Tày", "assigned": [{"blood_type": "0"}]}]
    assert reducer.json(answer, place.area) == [{"status": "open", "assigned": [{}]}]
    assert reducer.unclassified == {"requests: .mother_tongue", "requests: assigned.blood_type"}


def test_an_object_where_a_text_was_promised_keeps_no_text() -> None:
    """A gateway that changes its answers must not make the recorder leak."""
    reducer = Reducer(StandIns(b"k" * 32), "http://gateway/api")
    place = reducer.place("http://gateway/api/reports/mine")
    assert place is not None
    answer = {
        "description": {"of": ["Nguyễn Thị Mẫu", {"more": "0912345678"}]},
        "assigned": "Nguyễn",
    }
    found = json.dumps(reducer.json(answer, place.area), ensure_ascii=False)
    assert not [word for word in ("Nguyễn", "Mẫu", "0912345678") if word in found]


def _filled(path: str) -> str:
    return path.replace("{", "").replace("}", "")
