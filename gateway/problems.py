"""Problem documents (RFC 9457): the one shape of every answer that is not a success."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

MEDIA_TYPE = "application/problem+json"
REQUEST_ID = "ihanoi.request_id"
"""Where the envelope leaves the request id in the ASGI scope."""
TOO_LARGE = "body-too-large"
_SLUGS = {400: "malformed-body", 413: TOO_LARGE}


Form = Callable[["Request", "Problem", str], Response | None]
"""Makes a refusal's answer in another form, or None where it does not apply."""
_FORMS: list[Form] = []


class FieldError(BaseModel):
    """What is wrong with one field, as a code a client can turn into its own words."""

    field: str
    code: str
    detail: str = ""


class ProblemDocument(BaseModel):
    """An RFC 9457 problem document; `reference` is the request id a resident can tell the
    hotline.
    """

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["/problems/not-found"])
    title: str
    status: int
    detail: str = ""
    reference: str
    errors: list[FieldError] | None = None


class Problem(Exception):
    """Raise it anywhere under a route: it becomes the problem document of that answer."""

    def __init__(
        self,
        status: int,
        type_slug: str,
        title: str,
        detail: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        **extensions: Any,
    ) -> None:
        super().__init__(type_slug)
        self.status, self.type_slug, self.title, self.detail = status, type_slug, title, detail
        self.headers, self.extensions = dict(headers or {}), extensions


def not_found() -> Problem:
    """The answer for what does not exist and for what is another resident's: nobody can tell
    which.
    """
    return Problem(404, "not-found", "Not found")


def invalid(errors: Sequence[FieldError]) -> Problem:
    """The answer for fields that cannot be accepted: 422, each field with its code."""
    found = [error.model_dump() for error in errors]
    return Problem(422, "validation", "Some fields are not acceptable", errors=found)


def response(problem: Problem, reference: str) -> JSONResponse:
    """The problem as an HTTP answer."""
    body = {
        "type": f"/problems/{problem.type_slug}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "reference": reference,
        **problem.extensions,
    }
    return JSONResponse(body, problem.status, problem.headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Make every refusal of the application a problem document."""
    app.add_exception_handler(Problem, answer)
    app.add_exception_handler(HTTPException, answer)
    app.add_exception_handler(RequestValidationError, answer)


async def answer(request: Request, error: Exception) -> Response:
    """The answer to whatever was raised, as Starlette asks for it."""
    return refusal(request, _problem_of(error))


def refusal(request: Request, problem: Problem) -> Response:
    """The problem as an HTTP answer, in the form the operation's own standard has, if any."""
    reference = reference_of(request)
    for form in _FORMS:
        if (found := form(request, problem, reference)) is not None:
            return found
    return response(problem, reference)


def answer_as(form: Form) -> None:
    """Let a standard's own error documents stand in for problem documents where they belong."""
    if form not in _FORMS:
        _FORMS.append(form)


def reference_of(request: Request) -> str:
    """The request id of this request, as its answer's X-Request-Id has it."""
    return str(request.scope.get(REQUEST_ID, ""))


def _problem_of(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        return _of_validation(error)
    if isinstance(error, HTTPException):
        return _of_http(error)
    raise error


def _of_http(error: HTTPException) -> Problem:
    """Starlette's own refusals. Their texts can quote the request, so only the status is kept."""
    phrase = HTTPStatus(error.status_code).phrase
    slug = _SLUGS.get(error.status_code, phrase.lower().replace(" ", "-"))
    return Problem(error.status_code, slug, phrase, headers=error.headers)


def _of_validation(error: RequestValidationError) -> Problem:
    if any(item["type"] == "json_invalid" for item in error.errors()):
        return Problem(400, "malformed-body", "The body is not valid JSON")
    return invalid([field_error(item) for item in error.errors()])


def field_error(item: Mapping[str, Any]) -> FieldError:
    """One of pydantic's errors, without the value the resident typed."""
    path = [str(part) for part in item["loc"] if part not in {"body", "query", "path", "header"}]
    code = str(item["type"]).removeprefix("string_")
    return FieldError(field=".".join(path), code=code, detail=str(item["msg"]))
