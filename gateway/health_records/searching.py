"""Finds what a question asks for in the index: a count, a page, and where to go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, false, func, not_, or_, select, tuple_

from gateway.health_records.dates import FOREVER
from gateway.health_records.indexing import plain
from gateway.health_records.questions import Condition, Question, prefixed, split
from gateway.health_records.right import ALWAYS, Right
from gateway.health_records.serving import Served, query, serve
from gateway.health_records.tables import current, search_values

Cursor = tuple[float | str, int]
Rights = Mapping[str, Right]


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what was found, how much there is in all (if asked), and the place to go on from."""

    found: list[Served]
    total: int | None
    cursor: Cursor | None


def search(
    connection: Connection, question: Question, rights: Rights, after: Cursor | None = None
) -> Page:
    """One page of the answer, from these records only."""
    where = and_(
        current.c.type == question.type,
        covered(rights),
        *(_fits(condition, question.type, rights) for condition in question.conditions),
    )
    total = None
    if question.total or question.count == 0:
        total = connection.scalar(select(func.count()).select_from(current).where(where))
    key = current.c[question.sort]
    return page(connection, where, (key, question.descending), question.count, total, after)


def page(
    connection: Connection,
    where: ColumnElement[bool],
    order: tuple[ColumnElement[Any], bool],
    count: int,
    total: int | None,
    after: Cursor | None,
) -> Page:
    """`count` rows in that order behind `after`, served."""
    key, descending = order
    if count == 0:
        return Page([], total, None)
    if after is not None:
        place = (_moment(after[0]) if isinstance(after[0], str) else after[0], after[1])
        here, there = tuple_(key, current.c.current_id), tuple_(*place)
        where = and_(where, here < there if descending else here > there)
    columns = [key, current.c.current_id]
    ordered = [column.desc() if descending else column for column in columns]
    rows = connection.execute(query().where(where).order_by(*ordered).limit(count + 1)).all()
    cursor = None
    if len(rows) > count:
        last = rows[count - 1]
        value = getattr(last, key.key or "")
        said = value.isoformat() if isinstance(value, datetime) else value
        cursor = (said, last.current_id)
    return Page(serve(connection, rows[:count]), total, cursor)


def covered(rights: Rights) -> ColumnElement[bool]:
    """What these rights let one read."""
    return or_(false(), *(_covers(patient_id, right) for patient_id, right in rights.items()))


def _covers(patient_id: str, right: Right) -> ColumnElement[bool]:
    mine = current.c.patient_id == patient_id
    if right.sections is None:
        return mine
    names = sorted(right.sections)
    types = sorted(ALWAYS | right.types)
    return and_(mine, or_(current.c.type.in_(types), current.c.section.in_(names)))


def _fits(condition: Condition, kind: str, rights: Rights) -> ColumnElement[bool]:
    parameter = condition.parameter
    if parameter.name == "_id":
        ids = [one.removeprefix(f"{kind}/") for one in condition.values]
        return current.c.logical_id.in_(ids)
    if parameter.name == "_lastUpdated":
        return or_(*(_updated(one) for one in condition.values))
    name = f"{parameter.name}:text" if condition.modifier == "text" else parameter.name
    these = select(search_values.c.current_id).where(
        search_values.c.patient_id.in_(list(rights)),
        search_values.c.type == kind,
        search_values.c.name == name,
    )
    if condition.modifier == "missing":
        inside = current.c.current_id.in_(these)
        return not_(inside) if condition.values == ("true",) else inside
    fitting = or_(*(_value(parameter.kind, condition.modifier, one) for one in condition.values))
    inside = current.c.current_id.in_(these.where(fitting))
    return not_(inside) if condition.modifier == "not" else inside


def _value(kind: str, modifier: str, said: str) -> ColumnElement[bool]:
    values = search_values.c
    if kind == "date":
        prefix, span = prefixed(said)
        return compared(prefix, values.low, values.high, span)
    if kind == "reference":
        return values.code == said.rsplit("/", 1)[-1]
    if modifier == "text":
        return values.code.contains(plain(split(said)[0]), autoescape=True)
    if kind == "token":
        return _token(said)
    words = said.replace("\\,", ",")
    if modifier == "exact":
        return values.system == words
    if modifier == "contains":
        return values.code.contains(plain(words), autoescape=True)
    return values.code.startswith(plain(words), autoescape=True)


def _token(said: str) -> ColumnElement[bool]:
    values = search_values.c
    parts = split(said, "|")
    if len(parts) == 1:
        return values.code == parts[0]
    system, code = parts[0], "|".join(parts[1:])
    if not code:
        return values.system == system
    return and_(values.system == system, values.code == code)


def compared(prefix: str, low: Any, high: Any, span: tuple[Any, Any]) -> ColumnElement[bool]:
    """A span of time against the one asked for (FHIR R4, section 3.2.1.5.6)."""
    start, end = span
    within = and_(low >= start, high <= end)
    conditions: dict[str, Any] = {
        "eq": within,
        "ne": not_(within),
        "gt": high > end,
        "lt": low < start,
        "ge": or_(high > end, within),
        "le": or_(low < start, within),
        "sa": low > end,
        "eb": high < start,
        "ap": and_(low <= end, high >= start),
    }
    found: ColumnElement[bool] = conditions[prefix]
    return found


def _updated(said: str) -> ColumnElement[bool]:
    return moment_fits(current.c.updated, said)


def moment_fits(column: Any, said: str) -> ColumnElement[bool]:
    """A column of moments against a date with a prefix. Raises a 400 `Problem`."""
    prefix, (low, high) = prefixed(said)
    bounded = (max(low, -FOREVER), min(high, FOREVER))
    start, end = (datetime.fromtimestamp(at / 1000, UTC) for at in bounded)
    return compared(prefix, column, column, (start, end + timedelta(microseconds=999)))


def _moment(said: str) -> datetime:
    return datetime.fromisoformat(said)
