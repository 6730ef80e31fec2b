"""Hooks that join a view to the services; the only three `except Exception` of the client.

`use_resource` reads, `use_action` writes, `@view` draws. Each turns a failure into something the
resident can see: in Flet a raising handler shows a traceback, a raising effect says nothing, and a
raising render freezes the app.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, ParamSpec, TypeAlias, TypeVar, cast, overload

import flet as ft

from app.state import Revisions, Session
from app.text import _
from app.theme import Look
from services import Services
from services.chance import new_id
from services.device import Device
from services.diagnostics import Recorder
from services.errors import GatewayUnavailable, ServiceError
from services.saved import Saved

logger = logging.getLogger(__name__)

T = TypeVar("T")
P = ParamSpec("P")

ServicesContext: ft.ContextProvider[Services | None] = ft.create_context(None)
DeviceContext: ft.ContextProvider[Device | None] = ft.create_context(None)
SessionContext: ft.ContextProvider[Session | None] = ft.create_context(None)
RevisionsContext: ft.ContextProvider[Revisions | None] = ft.create_context(None)


@dataclass(frozen=True, slots=True)
class Loading:
    """The answer has not arrived."""


@dataclass(frozen=True, slots=True)
class Ready(Generic[T]):
    """The answer; `as_of` is set when it is a saved copy because the gateway is out of reach."""

    value: T
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """Why there is no answer, and how to ask again."""

    error: ServiceError
    retry: Callable[[], None]


Resource: TypeAlias = Loading | Ready[T] | Failed


@dataclass(frozen=True, slots=True)
class Action:
    """Something the resident can set off, at most once at a time."""

    run: Callable[[], Awaitable[None]]
    running: bool
    error: ServiceError | None


def use_services() -> Services:
    """The services of this session."""
    return _present(ft.use_context(ServicesContext))


def use_device() -> Device:
    """The device this session runs on."""
    return _present(ft.use_context(DeviceContext))


def use_session() -> Session:
    """Who is signed in and how the app is shown; the component redraws when it changes."""
    return _present(ft.use_context(SessionContext))


def use_look() -> Look:
    """Colours, text scale and width to draw with."""
    return use_session().look


def use_revisions() -> Revisions:
    """Revision counters; the component redraws when one goes up."""
    return _present(ft.use_context(RevisionsContext))


@overload
def use_resource(fetch: Callable[[], Awaitable[Saved[T]]], *depends_on: object) -> Resource[T]: ...


@overload
def use_resource(fetch: Callable[[], Awaitable[T]], *depends_on: object) -> Resource[T]: ...


def use_resource(fetch: Callable[[], Awaitable[Any]], *depends_on: object) -> Resource[Any]:
    """Fetch on mount and whenever one of `depends_on` changes; an earlier answer stays meanwhile."""
    initial: Resource[Any] = Loading()
    resource, set_resource = use_state(initial)
    attempt, set_attempt = use_state(0)

    def retry() -> None:
        set_resource(Loading())
        set_attempt(attempt + 1)

    loops = use_session_loops()

    async def load() -> None:
        # A session that ends while it waits takes its loads along: there is nobody to tell.
        with _ending_with(loops):
            try:
                answer: Resource[Any] = _ready(await fetch())
            except Exception as error:
                answer = Failed(told(error), retry)
            set_resource(answer)

    # A cleanup, even an empty one, is what makes Flet cancel a load on unmount.
    ft.use_effect(load, [*depends_on, attempt], cleanup=lambda: None)
    return resource


def use_action(perform: Callable[[], Awaitable[None]]) -> Action:
    """Wrap an asynchronous handler so that it neither overlaps nor crashes."""
    running, set_running = use_state(False)
    initial: ServiceError | None = None
    error, set_error = use_state(initial)
    busy = ft.use_ref(False)

    async def run() -> None:
        if busy.current:
            return
        busy.current = True
        set_running(True)
        set_error(None)
        try:
            await perform()
        except Exception as failure:
            set_error(told(failure))
        finally:
            busy.current = False
            set_running(False)

    return Action(run, running, error)


def use_loop(body: Callable[[], Awaitable[None]], *depends_on: object) -> None:
    """Run an endless coroutine while the component is mounted and its session lives.

    Flet cancels an effect on unmount only if it has a cleanup, and never on a lost connection;
    the session's own set of loops is cancelled by `app.entry` when the session closes.
    """
    loops = use_session_loops()
    initial: Any = None
    task = ft.use_ref(initial)

    async def run() -> None:
        with _ending_with(loops) as own:
            task.current = own
            await body()

    def stop() -> None:
        if task.current is not None:
            task.current.cancel()

    ft.use_effect(run, list(depends_on), cleanup=stop)


def use_session_loops() -> set[Any]:
    """What runs or loads in this session; cancelled when it closes."""
    store = ft.context.page.session.store
    if not store.contains_key("loops"):
        store.set("loops", set())
    return cast("set[Any]", store.get("loops"))


@contextmanager
def _ending_with(loops: set[Any]) -> Iterator[Any]:
    """Let this task be cancelled when its session closes."""
    own = asyncio.current_task()
    loops.add(own)
    try:
        yield own
    finally:
        loops.discard(own)


def component(build: Callable[P, T]) -> Callable[P, T]:
    """`ft.component` with an error boundary: what cannot be drawn says so, the rest goes on.

    Flet stops updating the whole app, silently, when any component raises in a re-render.
    """

    def guarded(*args: P.args, **kwargs: P.kwargs) -> T | ft.Control:
        try:
            drawn = build(*args, **kwargs)
        except Exception:
            logger.exception("Could not draw %s", build.__name__)
            return _undrawable()
        # A re-render to None would leave the old content on the screen.
        return ft.Container(width=0, height=0) if drawn is None else drawn

    guarded.__name__ = build.__name__
    guarded.__doc__ = build.__doc__
    return cast("Callable[P, T]", ft.component(guarded))


view = component
"""A component that is a whole screen."""


def use_state(initial: T) -> tuple[T, Callable[[T | Callable[[T], T]], None]]:
    """`ft.use_state` with types that a checker can follow, its initial value made once."""
    hook = cast("Callable[[Callable[[], T]], tuple[T, Callable[[Any], None]]]", ft.use_state)
    return hook(lambda: initial)


def use_id() -> tuple[str, Callable[[str], None]]:
    """A new identifier, made once: what is sent again under it is sent once. And what sets another."""
    return cast("tuple[str, Callable[[str], None]]", ft.use_state(new_id))


def as_service_error(error: Exception) -> ServiceError:
    """The error itself, or an outage for what nobody expected; that one is logged with a reference."""
    if isinstance(error, ServiceError):
        return error
    reference = new_id()[:8]
    logger.error("%s: a service raised something unexpected", reference, exc_info=error)
    return GatewayUnavailable("unexpected", reference)


def _ready(answer: Any) -> Ready[Any]:
    if isinstance(answer, Saved):
        return Ready(answer.value, answer.as_of)
    return Ready(answer)


def _present(value: T | None) -> T:
    assert value is not None, "draw views inside the contexts of app.entry"
    return value


def _undrawable() -> ft.Control:
    return ft.Container(
        padding=24,
        content=ft.Text(_("Something went wrong in the app. Go back and try again.")),
    )


def told(error: Exception) -> ServiceError:
    """The error as the resident is told of it, kept by the session's recorder."""
    found = as_service_error(error)
    store = ft.context.page.session.store
    if store.contains_key("recorder"):
        cast("Recorder", store.get("recorder")).error(found)
    return found
