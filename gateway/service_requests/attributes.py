"""Answers to the questions of a service definition: GeoReport's six types, checked one by one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from gateway.problems import FieldError
from gateway.service_requests.services import Question, Service

Answers = Mapping[str, Sequence[str]]
"""What the form held for each code, as `attribute[CODE]` or `attribute[CODE][]`."""

LONGEST = {"string": 200, "text": 2000, "number": 40}
_OURS = frozenset({"urgency", "hide_name"})


def kept(service: Service, answers: Answers) -> dict[str, str]:
    """The answers as they are stored: one text a code, several keys a line each."""
    questions = {question.code: question for question in service.questions}
    found = {
        code: _parts(questions[code], values)
        for code, values in answers.items()
        if code in questions
    }
    return {code: "\n".join(parts) for code, parts in found.items() if parts}


def wrong(service: Service, answers: Answers) -> Iterator[FieldError]:
    """What is wrong with the answers, field by field."""
    questions = {question.code: question for question in service.questions}
    for code in answers:
        if code not in questions and code not in _OURS:
            yield FieldError(field=f"attribute[{code[:60]}]", code="unknown")
    for code, question in questions.items():
        given = _parts(question, answers.get(code, ()))
        if not given and question.required:
            yield FieldError(field=f"attribute[{code}]", code="missing")
        elif given and (refusal := _refusal(question, given)):
            yield FieldError(field=f"attribute[{code}]", code=refusal)


def _refusal(question: Question, given: Sequence[str]) -> str | None:
    if question.datatype == "multivaluelist":
        return None if {key for key, _ in question.values}.issuperset(given) else "unknown"
    if len(given) > 1:
        return "repeated"
    [value] = given
    if question.datatype == "singlevaluelist":
        return None if value in {key for key, _ in question.values} else "unknown"
    if question.datatype == "number":
        return None if _is_number(value) else "not_a_number"
    if question.datatype == "datetime":
        return None if _is_moment(value) else "not_a_datetime"
    if "\0" in value:
        return "control_characters"
    return None if len(value) <= LONGEST[question.datatype] else "too_long"


def _parts(question: Question, values: Sequence[str]) -> list[str]:
    """The values without empty ones; several keys may also come in one, between commas."""
    several = question.datatype == "multivaluelist"
    parts = [part for value in values for part in (value.split(",") if several else [value])]
    return [part.strip() for part in parts if part.strip()]


def _is_number(value: str) -> bool:
    try:
        return len(value) <= LONGEST["number"] and math.isfinite(float(value))
    except ValueError:
        return False


def _is_moment(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
