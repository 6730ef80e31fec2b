"""What can be reported, and what a city asks about it (GeoReport v2: services, definitions)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.errors import FieldError
from services.reading import count, mapping, mappings, moment_of, objects, text, words, yes

OWN_FIELDS = frozenset({"urgency", "hide_name"})
"""Attributes of our city that the app asks in its own way, not among the extra questions."""
DATATYPES = ("string", "number", "datetime", "text", "singlevaluelist", "multivaluelist")


@dataclass(frozen=True, slots=True)
class Service:
    """One kind of problem that can be reported.

    `working_days` or `working_hours` is the time a city allows itself, where it says so.
    """

    service_code: str
    service_name: str
    description: str = ""
    group: str = ""
    keywords: tuple[str, ...] = ()
    type: str = "realtime"
    metadata: bool = False
    working_days: int | None = None
    working_hours: int | None = None

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Service:
        """Read one element of GET services."""
        more = mapping(item.get("extended_attributes"))
        keywords = words(item, "keywords").split(",")
        return cls(
            service_code=words(item, "service_code"),
            service_name=words(item, "service_name"),
            description=words(item, "description"),
            group=words(item, "group"),
            keywords=tuple(word.strip() for word in keywords if word.strip()),
            type=text(item, "type") or "realtime",
            metadata=yes(item, "metadata"),
            working_days=count(more, "working_days"),
            working_hours=count(more, "working_hours"),
        )


@dataclass(frozen=True, slots=True)
class AttributeValue:
    """One answer to choose: `key` is sent, `name` is shown."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """One extra question; with `variable` False it is only something to read.

    `datatype` is string, number, datetime, text, singlevaluelist or multivaluelist; what a city
    calls otherwise is text. An answer is text: a number in decimal, a datetime in ISO 8601, the key
    of a value, or the keys of several, joined by `join_keys`.
    """

    code: str
    description: str
    datatype: str = "string"
    required: bool = False
    variable: bool = True
    datatype_description: str = ""
    order: int = 0
    values: tuple[AttributeValue, ...] = ()

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Attribute:
        """Read one element of a definition's `attributes`."""
        datatype = words(item, "datatype").lower()
        return cls(
            code=words(item, "code"),
            description=words(item, "description"),
            datatype=datatype if datatype in DATATYPES else "text",
            required=yes(item, "required"),
            variable=yes(item, "variable") or "variable" not in item,
            datatype_description=words(item, "datatype_description"),
            order=count(item, "order") or 0,
            values=tuple(
                AttributeValue(words(one, "key"), words(one, "name") or words(one, "key"))
                for one in mappings(item.get("values"))
                if words(one, "key")
            ),
        )

    def wrong(self, answer: str) -> str:
        """Return the code of what is wrong with an answer (`missing`, …), empty when it is right."""
        if not answer.strip():
            return "missing" if self.required else ""
        if self.datatype == "number":
            return "" if _is_number(answer) else "not_a_number"
        if self.datatype == "datetime":
            return "" if moment_of(answer) else "not_a_moment"
        keys = {value.key for value in self.values}
        chosen = split_keys(answer) if self.datatype == "multivaluelist" else (answer,)
        unknown = "valuelist" in self.datatype and not keys.issuperset(chosen)
        return "unknown" if unknown else ""


@dataclass(frozen=True, slots=True)
class ServiceDefinition:
    """The extra questions of one service, in the city's order."""

    service_code: str
    attributes: tuple[Attribute, ...] = ()

    @classmethod
    def from_json(cls, body: Any) -> ServiceDefinition:
        """Read GET services/{code}; some cities put it into a list of one."""
        item = mapping(body[0] if isinstance(body, list) and body else body)
        read = (Attribute.from_json(one) for one in mappings(item.get("attributes")))
        found = sorted((one for one in read if one.code), key=lambda one: one.order)
        return cls(words(item, "service_code"), tuple(found))

    @property
    def questions(self) -> tuple[Attribute, ...]:
        """What is to be asked, and what is to be read, besides urgency and name."""
        return tuple(one for one in self.attributes if one.code not in OWN_FIELDS)

    def problems(self, answers: Mapping[str, str]) -> tuple[FieldError, ...]:
        """Return what is wrong with the answers, as the gateway would name it."""
        asked = (one for one in self.questions if one.variable)
        found = ((one.code, one.wrong(answers.get(one.code, ""))) for one in asked)
        return tuple(FieldError(f"attribute[{code}]", wrong) for code, wrong in found if wrong)


def join_keys(keys: tuple[str, ...]) -> str:
    """Return several chosen keys as one answer."""
    return "\n".join(keys)


def split_keys(answer: str) -> tuple[str, ...]:
    """Return the keys that `join_keys` joined."""
    return tuple(key for key in answer.split("\n") if key)


def services_of(body: Any) -> list[Service]:
    """Read GET services; an entry without a code is left out."""
    return [one for one in map(Service.from_json, objects(body)) if one.service_code]


def _is_number(answer: str) -> bool:
    try:
        return abs(float(answer.strip())) < 1e15
    except ValueError:
        return False
