"""What an officer's desk shows: the queue's filters, a report with its reporter and its log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from services.georeport import Agency, ServiceRequest, service_request_of
from services.reading import mapping, mappings, moment, objects, words, yes


@dataclass(frozen=True, slots=True)
class ReasonOption:
    """A coded reason that may be chosen, and how the resident may object to it."""

    code: str
    text: str
    objection: str = ""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Someone a report can be given to; `subject_key` stands for them on the wire."""

    subject_key: str
    name: str


@dataclass(frozen=True, slots=True)
class DeskOverview:
    """Whose desk it is, where reports can be handed over to, and the reasons to choose from."""

    agency: Agency
    agencies: tuple[Agency, ...] = ()
    colleagues: tuple[Colleague, ...] = ()
    reject_reasons: tuple[ReasonOption, ...] = ()
    transfer_reasons: tuple[ReasonOption, ...] = ()

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> DeskOverview:
        """Read GET desk."""
        reasons = mapping(item.get("reasons"))
        people = mappings(item.get("colleagues"))
        return cls(
            agency=Agency.from_json(item.get("agency")),
            agencies=tuple(map(Agency.from_json, mappings(item.get("agencies")))),
            colleagues=tuple(
                Colleague(words(one, "subject_key"), words(one, "name")) for one in people
            ),
            reject_reasons=_reasons(reasons.get("reject")),
            transfer_reasons=_reasons(reasons.get("transfer")),
        )


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the queue to show; empty shows all. `assigned` is me, none or empty.

    `sort` is deadline (default), newest or oldest, as the gateway names them.
    """

    status: str = ""
    urgency: str = ""
    service_code: str = ""
    ward: str = ""
    assigned: str = ""
    overdue: bool = False
    q: str = field(default="", repr=False)
    sort: str = ""

    def query(self) -> dict[str, str | None]:
        """Return the query; what is empty is left out."""
        given = asdict(self) | {"overdue": "true" if self.overdue else ""}
        return {name: value or None for name, value in given.items()}


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reported: a resident by name and telephone, or the holder of an API key (`submitter`)."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    submitter: str = ""

    @classmethod
    def from_json(cls, value: Any) -> Reporter:
        """Read `reporter`."""
        item = mapping(value)
        return cls(words(item, "name"), words(item, "phone"), words(item, "submitter"))


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One act in the desk's log: who did what, the states around it, and what it was about."""

    name: str
    act: str
    datetime: datetime | None = None
    agency: str = ""
    before: str = ""
    after: str = ""
    detail: str = field(default="", repr=False)

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> LogEntry:
        """Read one element of `log`."""
        return cls(
            name=words(item, "name"),
            act=words(item, "act"),
            datetime=moment(item, "datetime"),
            agency=words(item, "agency"),
            before=words(item, "before"),
            after=words(item, "after"),
            detail=words(item, "detail"),
        )


@dataclass(frozen=True, slots=True)
class Presence:
    """Another officer who has this report open now."""

    name: str
    seen: datetime | None = None

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Presence:
        """Read one element of `presence` or `others`."""
        return cls(words(item, "name"), moment(item, "seen"))


@dataclass(frozen=True, slots=True)
class DeskReport:
    """A report as an officer of its agency sees it."""

    request: ServiceRequest
    reporter: Reporter
    assigned_name: str = ""
    assigned_key: str = ""
    hoax: bool = False
    log: tuple[LogEntry, ...] = ()
    presence: tuple[Presence, ...] = ()

    @classmethod
    def from_json(cls, body: Any) -> DeskReport:
        """Read GET desk/{id}; GatewayUnavailable if it is no report."""
        request = service_request_of(body)
        item = mapping(body[0] if isinstance(body, list) else body)
        more = {**item, **mapping(item.get("extended_attributes"))}
        assigned = mapping(more.get("assigned"))
        return cls(
            request=request,
            reporter=Reporter.from_json(more.get("reporter")),
            assigned_name=words(more, "assigned_name") or words(assigned, "name"),
            assigned_key=words(assigned, "subject_key"),
            hoax=yes(more, "hoax"),
            log=tuple(map(LogEntry.from_json, mappings(more.get("log")))),
            presence=tuple(map(Presence.from_json, mappings(more.get("presence")))),
        )


def queue_of(body: Any) -> list[DeskReport]:
    """Read GET desk/queue: reports without reporter and log; one without an id is left out."""
    return [
        DeskReport.from_json(item) for item in objects(body) if words(item, "service_request_id")
    ]


def _reasons(value: Any) -> tuple[ReasonOption, ...]:
    return tuple(
        ReasonOption(words(one, "code"), words(one, "text"), words(one, "objection"))
        for one in mappings(value)
    )
