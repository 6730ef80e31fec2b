"""The extra questions of a service: all types of the standard, and what is wrong with an answer."""

from __future__ import annotations

import pytest

from services.errors import FieldError
from services.service_definitions import Attribute, ServiceDefinition, join_keys, split_keys

VALUES = [{"key": "a", "name": "Ô tô"}, {"key": "b"}]


def question(datatype: str, *, required: bool = False) -> Attribute:
    return Attribute.from_json(
        {"code": "Q", "datatype": datatype, "required": required, "values": VALUES}
    )


@pytest.mark.parametrize(
    ("datatype", "answer", "wrong"),
    [
        ("string", "một dòng", ""),
        ("text", "nhiều\ndòng", ""),
        ("number", "3.5", ""),
        ("number", "-2", ""),
        ("number", "three", "not_a_number"),
        ("number", "nan", "not_a_number"),
        ("number", "inf", "not_a_number"),
        ("datetime", "2026-11-20T08:00:00+07:00", ""),
        ("datetime", "2026-11-20", ""),
        ("datetime", "yesterday", "not_a_moment"),
        ("singlevaluelist", "a", ""),
        ("singlevaluelist", "c", "unknown"),
        ("multivaluelist", "a\nb", ""),
        ("multivaluelist", "a\nc", "unknown"),
        ("SingleValueList", "c", "unknown"),
        ("colour", "red", ""),
    ],
)
def test_an_answer_fits_its_type(datatype: str, answer: str, wrong: str) -> None:
    """The mistake is said beside the field, before anything is sent."""
    assert question(datatype).wrong(answer) == wrong


@pytest.mark.parametrize("datatype", ["string", "number", "singlevaluelist", "multivaluelist"])
def test_only_a_required_answer_has_to_be_given(datatype: str) -> None:
    """Blanks are no answer."""
    assert question(datatype).wrong("  ") == ""
    assert question(datatype, required=True).wrong("  ") == "missing"


def test_questions_come_in_the_citys_order_without_our_own() -> None:
    """Urgency and the hidden name have places of their own; a notice is shown, not asked."""
    found = ServiceDefinition.from_json(
        [
            {
                "service_code": "pothole",
                "attributes": [
                    {"code": "B", "order": "2", "required": "true"},
                    {"code": "urgency", "order": 0},
                    {"code": "A", "order": 1, "variable": "false", "required": True},
                    {"order": 3},
                    "nonsense",
                ],
            }
        ]
    )
    assert [one.code for one in found.questions] == ["A", "B"]
    assert found.problems({}) == (FieldError("attribute[B]", "missing"),)
    assert found.problems({"B": "x"}) == ()


def test_a_value_without_a_name_is_shown_by_its_key() -> None:
    """Some cities name only keys."""
    assert [value.name for value in question("singlevaluelist").values] == ["Ô tô", "b"]


def test_several_keys_are_one_answer() -> None:
    """And come apart again."""
    assert split_keys(join_keys(("a", "b"))) == ("a", "b")
    assert split_keys("") == ()
