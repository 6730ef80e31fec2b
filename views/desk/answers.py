"""The resident's answers to the questions of a kind of problem, in the questions' own words."""

from __future__ import annotations

import flet as ft

from app.hooks import Ready, component, use_resource, use_services
from services.service_definitions import Attribute, ServiceDefinition, split_keys
from services.service_requests import ServiceRequest
from views.components import Text, stacked


@component
def Answers(request: ServiceRequest) -> ft.Control:
    """A question over its answer; codes stand for themselves until the questions have come."""
    services = use_services()

    async def fetch() -> ServiceDefinition:
        return await services.service_requests.definition(request.service_code)

    found = use_resource(fetch, request.service_code)
    asked = found.value.attributes if isinstance(found, Ready) else ()
    by_code = {one.code: one for one in asked}
    rows = [
        stacked(
            [
                Text(by_code[code].description if code in by_code else code, "small_label"),
                Text(answer_words(by_code.get(code), value)),
            ],
            2,
        )
        for code, value in request.attributes.items()
        if value
    ]
    return stacked([*rows], 8)


def answer_words(asked: Attribute | None, value: str) -> str:
    """An answer as people read it: the names of chosen values, or the answer itself."""
    names = {one.key: one.name for one in asked.values} if asked else {}
    if not names:
        return value
    return ", ".join(names.get(key, key) for key in split_keys(value))
