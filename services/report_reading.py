"""Reading service requests: from a city with our extension, or from any GeoReport v2 city."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

from services import georeport_xml
from services.city import City
from services.client import Answer, GatewayClient, segment
from services.clock import ServerClock
from services.errors import NotFound, ServiceError
from services.georeport import (
    Service,
    ServiceDefinition,
    ServiceRequest,
    Update,
    service_request_of,
    service_requests_of,
    services_of,
    updates_of,
)
from services.offline import read_if_changed
from services.outbox import Outbox
from services.report_acts import Sent
from services.saved import Saved
from services.sent_reports import SentReports
from services.vault import SubjectVault

T = TypeVar("T")


class ReportReading:
    """What `ServiceRequests` reads; every answer is kept in the vault for reading offline."""

    def __init__(
        self,
        gateway: GatewayClient,
        vault: SubjectVault,
        everyone: SubjectVault,
        outbox: Outbox,
        clock: ServerClock,
        city: City,
    ) -> None:
        self._gateway = gateway
        self._vault = vault
        self._everyone = everyone
        self._clock = clock
        self._city = city
        self._sent = SentReports(outbox, self._public)

    async def services(self) -> Saved[list[Service]]:
        """Return the kinds of problem, in the city's order."""
        return await self._read(self._everyone, self._city.address("services"), services_of)

    async def definition(self, service_code: str) -> ServiceDefinition:
        """Return the extra questions of a service."""
        listed = {one.service_code: one for one in (await self.services()).value}
        service = listed.get(service_code)
        if service is None:
            raise NotFound
        if not service.metadata:
            return ServiceDefinition(service_code)
        path = self._city.address(f"services/{segment(service_code)}")
        return (await self._read(self._everyone, path, ServiceDefinition.from_json)).value

    async def mine(self) -> Saved[list[ServiceRequest]]:
        """Return the resident's own reports."""
        if self._city.extended:
            return await self._read(self._vault, "/reports/mine", service_requests_of)
        return await self._sent_reports()

    async def followed(self) -> Saved[list[ServiceRequest]]:
        """Return the reports the resident follows."""
        self._only_extended()
        return await self._read(self._vault, "/reports/followed", service_requests_of)

    async def one(self, service_request_id: str) -> Saved[ServiceRequest]:
        """Return one report."""
        if self._city.extended and self._vault.present:
            path = f"/reports/{segment(service_request_id)}"
            return await self._read(self._vault, path, service_request_of)
        if not self._city.extended:
            for report in (await self._sent_reports()).value:
                if report.service_request_id == service_request_id:
                    return Saved(report)
        path = self._city.address(f"requests/{segment(service_request_id)}")
        found = await self._read(self._everyone, path, service_requests_of)
        if not found.value:
            raise NotFound
        return Saved(found.value[0], found.as_of)

    async def updates(self, service_request_id: str) -> Saved[list[Update]]:
        """Return what happened to one report; of a plain city, what its dates tell."""
        if not self._city.extended:
            found = await self.one(service_request_id)
            return Saved(_derived(found.value), found.as_of)
        if not self._vault.present:
            found = await self.one(service_request_id)
            return Saved(_derived(found.value), found.as_of)
        path = f"/reports/{segment(service_request_id)}/updates"
        return await self._read(self._vault, path, updates_of)

    async def after(self, answer: Any) -> Sent:
        """Return what an act's answer says: the report as it is now, or that it waits."""
        if answer is None:
            return Sent(queued=True)
        with suppress(ServiceError):
            return Sent(False, service_requests_of([answer])[0] if answer else None)
        return Sent(queued=False)

    def _only_extended(self) -> None:
        if not self._city.extended:
            raise NotFound

    async def _sent_reports(self) -> Saved[list[ServiceRequest]]:
        """Return what this device has sent, as the city shows it now, newest first."""
        known = await self._sent.known()
        ids = [one.receipt.service_request_id for one in known if one.receipt.service_request_id]
        found: Saved[list[ServiceRequest]] = Saved([])
        if ids:
            path = self._city.address("requests")
            found = await self._read(
                self._vault, path, service_requests_of, service_request_id=",".join(ids)
            )
        by_id = {report.service_request_id: report for report in found.value}
        reports = [by_id.get(one.id) or one.as_report() for one in known]
        return Saved([replace(report, mine=True) for report in reversed(reports)], found.as_of)

    async def _public(self, resource: str) -> Any:
        path = self._city.address(resource)
        answer = await self._fetch(path, "", public=True)
        return self._decoded(answer)

    async def _fetch(self, path: str, etag: str, *, public: bool, **params: str | None) -> Answer:
        return await self._gateway.fetch(
            path,
            etag=etag,
            accept=self._city.accept,
            public=public,
            query={**self._city.query, **params},
        )

    def _decoded(self, answer: Answer) -> Any:
        if self._city.format == "xml":
            return georeport_xml.parse(answer.content)
        return answer.json()

    async def _read(
        self, vault: SubjectVault, path: str, read: Callable[[Any], T], **params: str | None
    ) -> Saved[T]:
        public = vault is self._everyone or not self._city.extended

        async def fetch(etag: str) -> tuple[Any, str] | None:
            answer = await self._fetch(path, etag, public=public, **params)
            if answer.status == 304:
                return None
            body = self._decoded(answer)
            read(body)
            return body, answer.headers.get("etag", "")

        saved = await read_if_changed(vault, self._clock, path, fetch)
        return Saved(read(saved.value), saved.as_of)


def _derived(report: ServiceRequest) -> list[Update]:
    steps = [Update("1", "waiting", report.requested_datetime)]
    moved = report.updated_datetime not in (None, report.requested_datetime)
    if moved or report.status == "closed":
        code, notes = report.status_code, report.status_notes
        agency = report.agency_responsible
        steps.append(Update("2", code, report.updated_datetime, notes, agency, agency))
    return steps
