"""The GeoReport service list: what can be reported, from `registers/services.json`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from gateway.settings import Deadlines
from gateway.working_time import Deadline, after_working_days, after_working_hours

URGENCIES = {"normal": "Bình thường", "complex": "Phức tạp", "urgent": "Khẩn"}
"""The three urgencies of Decision 1207 from the mildest to the gravest, code to name."""

_FILE = Path(__file__).parent.parent / "registers" / "services.json"


@dataclass(frozen=True, slots=True)
class Question:
    """One attribute of a service definition; `datatype` is one of GeoReport's six."""

    code: str
    datatype: str
    description: str
    required: bool = False
    datatype_description: str = ""
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """One kind of thing a resident can report, and how urgent it is unless said otherwise.

    A report within `similar_metres`, no older than `similar_days`, may be about the same thing;
    a `home_like` one is shown to everybody to 50 m only.
    """

    service_code: str
    service_name: str
    description: str
    group: str
    keywords: tuple[str, ...]
    urgency: str
    similar_metres: int
    similar_days: int
    home_like: bool = False
    questions: tuple[Question, ...] = ()


@cache
def services() -> dict[str, Service]:
    """Every service by its code, in the order of the file."""
    found = json.loads(_FILE.read_text(encoding="utf-8"))["services"]
    made = map(_service, found)
    return {service.service_code: service for service in made}


def _service(item: dict[str, Any]) -> Service:
    questions = tuple(map(_question, item.get("questions", [])))
    return Service(**{**item, "keywords": tuple(item["keywords"]), "questions": questions})


def _question(item: dict[str, Any]) -> Question:
    values = tuple((value["key"], value["name"]) for value in item.get("values", []))
    return Question(**{**item, "values": values})


def graver(first: str, second: str | None) -> str:
    """The graver of the service's own urgency and the resident's: nobody can make an urgent thing
    wait.
    """
    order = list(URGENCIES)
    return max(first, second or first, key=order.index)


def deadline_of(urgency: str, sent: datetime, deadlines: Deadlines) -> Deadline:
    """When a report of that urgency sent at that moment is due."""
    if urgency == "urgent":
        return after_working_hours(sent, deadlines.urgent_hours)
    days = deadlines.complex_days if urgency == "complex" else deadlines.normal_days
    return after_working_days(sent, days)


def notice_of(agency: str, urgency: str, deadlines: Deadlines) -> str:
    """One sentence for the resident: who handles it, and within what time."""
    if urgency == "urgent":
        return f"{agency} xử lý trong {deadlines.urgent_hours} giờ làm việc."
    days = deadlines.complex_days if urgency == "complex" else deadlines.normal_days
    return f"{agency} xử lý trong {days} ngày làm việc, tính từ ngày sau khi gửi."


def list_entry(service: Service, deadlines: Deadlines) -> dict[str, Any]:
    """The service as GeoReport's service list has it; the deadline is an extension."""
    return {
        "service_code": service.service_code,
        "service_name": service.service_name,
        "description": service.description,
        "metadata": True,
        "type": "realtime",
        "keywords": ", ".join(service.keywords),
        "group": service.group,
        "extended_attributes": {
            "urgency": service.urgency,
            **_time_allowed(service.urgency, deadlines),
        },
    }


def definition(service: Service) -> dict[str, Any]:
    """The service definition: the attributes a report may carry, its own questions first."""
    questions = [
        *service.questions,
        Question("urgency", "singlevaluelist", "Mức độ", values=tuple(URGENCIES.items())),
        Question(
            "hide_name",
            "singlevaluelist",
            "Ẩn tên tôi với mọi người",
            values=(("true", "Có"), ("false", "Không")),
        ),
    ]
    attributes = [_attribute(order, question) for order, question in enumerate(questions, 1)]
    return {"service_code": service.service_code, "attributes": attributes}


def _attribute(order: int, question: Question) -> dict[str, Any]:
    return {
        "variable": True,
        "code": question.code,
        "datatype": question.datatype,
        "required": question.required,
        "datatype_description": question.datatype_description,
        "order": order,
        "description": question.description,
        "values": [{"key": key, "name": name} for key, name in question.values],
    }


def _time_allowed(urgency: str, deadlines: Deadlines) -> dict[str, int]:
    if urgency == "urgent":
        return {"working_hours": deadlines.urgent_hours}
    return {
        "working_days": deadlines.complex_days if urgency == "complex" else deadlines.normal_days
    }
