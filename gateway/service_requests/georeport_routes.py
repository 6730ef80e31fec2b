"""Open311 GeoReport v2 over HTTP, JSON and XML. Reading is public and names nobody (decision 7)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.problems import not_found
from gateway.security import PUBLIC
from gateway.service_requests import answers, records
from gateway.service_requests import report_answers as wire
from gateway.service_requests.discovery import discovery
from gateway.service_requests.filters import FilterQuery, check_jurisdiction, filters_of
from gateway.service_requests.georeport_answers import Format, document
from gateway.service_requests.services import definition, list_entry, services
from gateway.service_requests.viewing import Viewer, shown

router = APIRouter(prefix="/open311/v2", tags=["Open311 GeoReport v2"])

Jurisdiction = Annotated[str, Query(max_length=200)]
_CACHED = "public, max-age=300"
_XML: dict[int | str, dict[str, Any]] = {200: {"content": {"text/xml": {}}}}


def get(path: str, model: Any) -> Callable[[Callable[..., Awaitable[Response]]], Any]:
    """Serve a public operation at `path` with both endings; the handler is told which."""

    def register(make: Callable[..., Awaitable[Response]]) -> Any:
        for format_ in get_args(Format):
            router.add_api_route(
                f"{path}.{format_}",
                make(format_),  # type: ignore[arg-type]
                methods=["GET"],
                name=f"{make.__name__}_{format_}",
                description=make.__doc__,
                openapi_extra=PUBLIC,
                response_model=model if format_ == "json" else None,
                responses=_XML if format_ == "xml" else None,
                response_class=Response,
            )
        return make

    return register


@get("/discovery", answers.Discovery)
def discover(format_: Format) -> Any:
    """Where this city's endpoints are."""

    async def endpoint(request: Request, settings: CurrentSettings) -> Response:
        found = discovery(settings)
        return document(request, format_, "discovery", found, cache_control=_CACHED)

    return endpoint


@get("/services", list[answers.ServiceEntry])
def list_services(format_: Format) -> Any:
    """What can be reported."""

    async def endpoint(
        request: Request, settings: CurrentSettings, jurisdiction_id: Jurisdiction = ""
    ) -> Response:
        check_jurisdiction(jurisdiction_id, settings)
        found = [list_entry(service, settings.deadlines) for service in services().values()]
        return document(request, format_, "services", found, cache_control=_CACHED)

    return endpoint


@get("/services/{service_code}", answers.ServiceDefinition)
def define_service(format_: Format) -> Any:
    """What a report of that service may carry."""

    async def endpoint(
        request: Request,
        service_code: str,
        settings: CurrentSettings,
        jurisdiction_id: Jurisdiction = "",
    ) -> Response:
        check_jurisdiction(jurisdiction_id, settings)
        service = services().get(service_code)
        if service is None:
            raise not_found()
        found = definition(service)
        return document(request, format_, "service_definition", found, cache_control=_CACHED)

    return endpoint


@get("/requests", list[wire.ServiceRequest])
def list_requests(format_: Format) -> Any:
    """Everybody's reports, newest first: at most 1000 of at most 90 days, without names."""

    async def endpoint(
        request: Request,
        query: Annotated[FilterQuery, Query()],
        settings: CurrentSettings,
        database: CurrentDatabase,
    ) -> Response:
        check_jurisdiction(query.jurisdiction_id, settings)
        viewer = Viewer(settings)
        filters = filters_of(query, viewer.now)

        def read(connection: Connection) -> list[dict[str, Any]]:
            return shown(connection, records.list_public(connection, filters), viewer)

        found = await database.run(read, write=False)
        return document(request, format_, "service_requests", found)

    return endpoint


@get("/requests/{service_request_id}", list[wire.ServiceRequest])
def show_request(format_: Format) -> Any:
    """One report as everybody may see it, in a list of one as GeoReport has it."""

    async def endpoint(
        request: Request,
        service_request_id: str,
        settings: CurrentSettings,
        database: CurrentDatabase,
        jurisdiction_id: Jurisdiction = "",
    ) -> Response:
        check_jurisdiction(jurisdiction_id, settings)

        def read(connection: Connection) -> list[dict[str, Any]]:
            if not records.is_id(service_request_id):
                raise not_found()
            rows = records.list_public(connection, records.one_of(service_request_id))
            return shown(connection, rows, Viewer(settings))

        found = await database.run(read, write=False)
        if not found:
            raise not_found()
        return document(request, format_, "service_requests", found)

    return endpoint


@get("/tokens/{token}", list[answers.TokenEntry])
def find_by_token(format_: Format) -> Any:
    """The id of a report by the token its submitter was given."""

    async def endpoint(
        request: Request,
        token: str,
        settings: CurrentSettings,
        database: CurrentDatabase,
        jurisdiction_id: Jurisdiction = "",
    ) -> Response:
        check_jurisdiction(jurisdiction_id, settings)
        found = None
        if records.is_token(token):
            found = await database.run(lambda db: records.id_of_token(db, token), write=False)
        if found is None:
            raise not_found()
        entry = {"service_request_id": found, "token": token}
        return document(request, format_, "service_requests", [entry])

    return endpoint
