"""The first of many reports, read from an index however many there are.

An index that begins with a status or a service has the reports of each in order, not those of
several together: one question about several would read and sort them all. So the first few of each
are asked for, and the first few of those are the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, UnaryExpression, select, union_all

from gateway.service_requests.tables import service_requests

Order = Sequence[ColumnElement[Any] | UnaryExpression[Any]]


def first_of_each(
    parts: Sequence[ColumnElement[bool]],
    wanted: Sequence[ColumnElement[bool]],
    order: Order,
    most: int,
) -> Select[Any]:
    """The reports of any of the parts that are `wanted`, in that order; complete up to `most`."""
    if len(parts) == 1:
        return select(service_requests).where(parts[0], *wanted).order_by(*order).limit(most)
    found = service_requests.c.service_request_id
    firsts = [
        select(select(found).where(part, *wanted).order_by(*order).limit(most).subquery())
        for part in parts
    ]
    return select(service_requests).where(found.in_(union_all(*firsts))).order_by(*order)
