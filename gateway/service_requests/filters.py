"""The query of GET Service Requests, read strictly."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from gateway.problems import FieldError, Problem, invalid
from gateway.service_requests.records import MOST, Filters
from gateway.settings import Settings
from gateway.written import Written

SPAN = timedelta(days=90)
"""The longest time one answer covers, as GeoReport says."""

_STATUSES = {"open", "closed"}
_YEARS = range(1900, 3000)
"""A calendar ends, and 90 days before its beginning or another offset lie outside it."""


class FilterQuery(BaseModel):
    """GeoReport's filters. Lists are separated by commas; moments need an offset. `page` counts
    from 1.
    """

    model_config = ConfigDict(extra="forbid")

    service_request_id: str = Field("", max_length=4000)
    service_code: str = Field("", max_length=1000)
    status: str = Field("", max_length=100)
    start_date: Written[AwareDatetime] | None = None
    end_date: Written[AwareDatetime] | None = None
    page: int = Field(1, ge=1, le=1000)
    page_size: int = Field(MOST, ge=1, le=MOST)
    jurisdiction_id: str = Field("", max_length=200)
    extensions: str = Field("", max_length=20)


def filters_of(query: FilterQuery, now: datetime) -> Filters:
    """The filters asked for. Ids override all others; without ids at most 90 days are covered,
    the last ones unless dates say otherwise.

    Raises a 422 `Problem` for a status that is neither open nor closed, or a year far away.
    """
    ids = _items("service_request_id", query.service_request_id)
    limit, offset = query.page_size, (query.page - 1) * query.page_size
    if ids:
        return Filters(service_request_ids=ids, limit=limit, offset=offset)
    statuses = _items("status", query.status)
    if not _STATUSES.issuperset(statuses):
        raise invalid([FieldError(field="status", code="unknown")])
    start, end = _span(query.start_date, query.end_date, now)
    return Filters(
        service_codes=_items("service_code", query.service_code),
        statuses=statuses,
        start=start,
        end=end,
        limit=limit,
        offset=offset,
    )


def check_jurisdiction(jurisdiction_id: str, settings: Settings) -> None:
    """Raises a 404 `Problem` for a jurisdiction that is not this city; none named is this city."""
    if jurisdiction_id and jurisdiction_id != settings.jurisdiction_id:
        raise Problem(404, "unknown-jurisdiction", "There is no such jurisdiction here")


def _span(
    start: datetime | None, end: datetime | None, now: datetime
) -> tuple[datetime, datetime | None]:
    for name, moment in (("start_date", start), ("end_date", end)):
        if moment is not None and moment.year not in _YEARS:
            raise invalid([FieldError(field=name, code="out_of_range")])
    if start is None:
        return (end or now) - SPAN, end
    if end is None:
        return start, start + SPAN
    return max(start, end - SPAN), end


def _items(field: str, text: str) -> tuple[str, ...]:
    """The parts between commas. A zero byte, which PostgreSQL cannot hold, is refused."""
    if "\0" in text:
        raise invalid([FieldError(field=field, code="control_characters")])
    return tuple(part.strip() for part in text.split(",") if part.strip())
