"""The query of GET Service Requests, read strictly."""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from gateway.problems import FieldError, invalid
from gateway.service_requests.records import Filters

_STATUSES = {"open", "closed"}


class FilterQuery(BaseModel):
    """GeoReport's filters. Lists are separated by commas; moments need an offset."""

    model_config = ConfigDict(extra="forbid")

    service_request_id: str = Field("", max_length=4000)
    service_code: str = Field("", max_length=1000)
    status: str = Field("", max_length=100)
    start_date: AwareDatetime | None = None
    end_date: AwareDatetime | None = None
    jurisdiction_id: str = ""
    extensions: str = ""


def filters_of(query: FilterQuery) -> Filters:
    """The filters asked for.

    Raises a 422 `Problem` for a status that is neither open nor closed.
    """
    statuses = _items("status", query.status)
    if not _STATUSES.issuperset(statuses):
        raise invalid([FieldError(field="status", code="unknown")])
    return Filters(
        service_request_ids=_items("service_request_id", query.service_request_id),
        service_codes=_items("service_code", query.service_code),
        statuses=statuses,
        start=query.start_date,
        end=query.end_date,
    )


def _items(field: str, text: str) -> tuple[str, ...]:
    """The parts between commas. A zero byte, which PostgreSQL cannot hold, is refused."""
    if "\0" in text:
        raise invalid([FieldError(field=field, code="control_characters")])
    return tuple(part.strip() for part in text.split(",") if part.strip())
