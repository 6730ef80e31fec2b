"""Chosen sections of a summary as a printed page: allergies first, nothing that is not said."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from gateway.health_records.bundles import text
from gateway.health_records.naming import short
from gateway.health_records.parameters import day_values
from gateway.health_records.printing import Letter, Part, draw
from gateway.health_records.sections import TITLES, codes, key_of
from gateway.working_time import HANOI

Resource = Mapping[str, Any]

_MOST_ROWS = 400
_TITLE = "Tóm tắt hồ sơ sức khỏe"
_SANDBOX = "Dữ liệu mẫu: không phải giấy tờ y tế thật"
_GENDERS = {"female": "Nữ", "male": "Nam", "other": "Khác"}
_EMPTY = {"nilknown": "Không có", "withheld": "Không nằm trong phần được in"}
_LEVELS = {"H": "cao", "HH": "rất cao", "L": "thấp", "LL": "rất thấp", "N": "trong ngưỡng"}
_STATES = {
    "not-done": "không thực hiện",
    "not-taken": "không dùng",
    "stopped": "đã ngừng",
    "cancelled": "đã hủy",
    "refuted": "đã loại trừ",
    "unconfirmed": "chưa xác nhận",
    "provisional": "tạm thời",
    "resolved": "đã khỏi",
    "inactive": "không còn",
}
_NAMES = (
    "code",
    "vaccineCode",
    "medicationCodeableConcept",
    "type",
    "reasonCode",
    "recommendation.vaccineCode",
)


def print_summary(summary: str, chosen: tuple[str, ...], made_at: datetime, sandbox: bool) -> bytes:
    """The PDF of these sections (LOINC codes, in this order; none is all) of a document Bundle."""
    document = json.loads(summary, parse_float=Decimal)  # 1.50 stays 1,50.
    known = _by_name(document)
    composition = next((r for r in known.values() if r.get("resourceType") == "Composition"), {})
    patient = next((r for r in known.values() if r.get("resourceType") == "Patient"), {})
    sections: dict[str, list[Resource]] = {}
    for section in _flat(composition):
        sections.setdefault(key_of(section), []).append(section)
    order = chosen or (
        *(c for c in TITLES if c in sections),
        *(s for s in sections if s not in TITLES),
    )
    local = made_at.astimezone(HANOI)
    letter = Letter(
        title=_TITLE,
        subtitle=f"In lúc {local:%H:%M} ngày {local:%d/%m/%Y} từ hồ sơ do các cơ sở gửi",
        author="iHaNoi, bản mở, không chính thức",
        identity=tuple(_identity(patient)),
        parts=tuple(_part(code, sections.get(code, []), known) for code in order),
        footer=f"{_TITLE} · {_name(patient)}",
        mark=_SANDBOX if sandbox else "",
    )
    return draw(letter, int(made_at.timestamp()))


def _by_name(document: Resource) -> dict[str, Resource]:
    """Resources by each name a reference may use."""
    found: dict[str, Resource] = {}
    for entry in _objects(document.get("entry")):
        resource = entry.get("resource")
        if isinstance(resource, dict):
            kind, own = text(resource.get("resourceType")), text(resource.get("id"))
            names = (text(entry.get("fullUrl")), f"{kind}/{own}", f"urn:uuid:{own}")
            for name in names:
                found.setdefault(name, resource)
    return found


def _flat(parent: Resource) -> Iterator[Resource]:
    for section in _objects(parent.get("section")):
        yield section
        yield from _flat(section)


def _part(code: str, sections: list[Resource], known: Mapping[str, Resource]) -> Part:
    title = TITLES.get(code) or next((text(s.get("title")) for s in sections), code)
    rows = []
    for section in sections:
        for entry in _objects(section.get("entry")):
            said = text(entry.get("reference"))
            resource = known.get(said) or known.get(short(said))
            if resource is None:
                rows.append(("Không đọc được 1 mục", ""))
            elif "entered-in-error" not in _states(resource):
                rows.append(_row(resource))
    if rows:
        more = len(rows) - _MOST_ROWS
        note = f"Còn {more} mục không in ở đây." if more > 0 else ""
        return Part(title, tuple(rows[:_MOST_ROWS]), note)
    reasons = {one for s in sections for one in codes(s.get("emptyReason"))}
    note = next((_EMPTY[one] for one in sorted(reasons) if one in _EMPTY), "Chưa có thông tin")
    return Part(title, note=note)


def _row(resource: Resource) -> tuple[str, str]:
    """The day, and what it was with its value, as the resource says it."""
    if resource.get("resourceType") == "ImmunizationRecommendation":
        return _due(resource)
    day = next((_day(value) for value in day_values(resource)), "")
    said = ", ".join(_STATES[state] for state in _states(resource) if state in _STATES)
    words = [_title(resource) + (f" ({said})" if said else ""), *_values(resource)]
    return day or "Không rõ ngày", ": ".join(one for one in words if one) or "Không đọc được 1 mục"


def _due(resource: Resource) -> tuple[str, str]:
    """A vaccination that is advised, not one that was given."""
    days = (
        _day(criterion.get("value"))
        for advice in _objects(resource.get("recommendation"))
        for criterion in _objects(advice.get("dateCriterion"))
    )
    return "Nên tiêm", ", trước ".join(filter(None, (_title(resource), next(days, ""))))


def _states(resource: Resource) -> list[str]:
    """Every status a resource has, its own first."""
    concepts = (resource.get("verificationStatus"), resource.get("clinicalStatus"))
    return [text(resource.get("status")), *(c for one in concepts for c in sorted(codes(one)))]


def _title(resource: Resource) -> str:
    for path in _NAMES:
        value: Any = resource
        for name in path.split("."):
            value = value[0] if isinstance(value, list) and value else value
            value = value.get(name) if isinstance(value, dict) else None
        if words := _concept(value):
            return words
    return text(resource.get("title")) or text(resource.get("description"))


def _values(resource: Resource) -> Iterator[str]:
    if value := _value(resource):
        yield value + _level(resource)
    parts = [f"{_concept(c.get('code'))} {_value(c)}" for c in _objects(resource.get("component"))]
    if parts:
        yield ", ".join(parts)
    for dosage in _objects(resource.get("dosage")) + _objects(resource.get("dosageInstruction")):
        if words := text(dosage.get("text")):
            yield words
    shown = [
        _concept(one)
        for reaction in _objects(resource.get("reaction"))
        for one in _objects(reaction.get("manifestation"))
    ]
    if shown:
        yield ", ".join(shown)
    if text(resource.get("title")) and text(resource.get("description")):
        yield text(resource.get("description"))


def _value(resource: Resource) -> str:
    quantity = resource.get("valueQuantity")
    if isinstance(quantity, dict) and isinstance(quantity.get("value"), int | Decimal):
        number = str(quantity["value"]).replace(".", ",")
        return f"{number} {text(quantity.get('unit'))}".strip()
    return _concept(resource.get("valueCodeableConcept")) or text(resource.get("valueString"))


def _level(resource: Resource) -> str:
    found = codes(resource.get("interpretation"))
    words = next((_LEVELS[code] for code in sorted(found) if code in _LEVELS), "")
    return f" ({words})" if words else ""


def _concept(value: object) -> str:
    first = value[0] if isinstance(value, list) and value else value
    if not isinstance(first, dict):
        return ""
    shown = (text(c.get("display")) or text(c.get("code")) for c in _objects(first.get("coding")))
    return text(first.get("text")) or next(filter(None, shown), "")


def _day(value: object) -> str:
    said = value.get("start") or value.get("end") if isinstance(value, dict) else value
    parts = text(said).split("T")[0].split("-")
    return "/".join(reversed(parts)) if parts[0].isdigit() else ""


def _identity(patient: Resource) -> Iterable[tuple[str, str]]:
    yield "Họ và tên", _name(patient)
    if day := _day(patient.get("birthDate")):
        yield "Ngày sinh", day
    if gender := _GENDERS.get(text(patient.get("gender"))):
        yield "Giới tính", gender


def _name(patient: Resource) -> str:
    for name in _objects(patient.get("name")):
        given = " ".join(text(one) for one in name.get("given") or [] if text(one))
        if words := text(name.get("text")) or f"{text(name.get('family'))} {given}".strip():
            return words
    return "Không rõ tên"


def _objects(value: object) -> list[dict[str, Any]]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]
