"""One report that is two jobs: the words and the kind of each part."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from app.hooks import component, use_look, use_resource, use_services
from app.text import _
from services.saved import Saved
from services.service_requests import Service
from views.components import Heading, Loaded, Text, TextBox, stacked
from views.desk.acting import Acting, error_of
from views.desk.choosing import Chooser


@component
def SplitFields(acting: Acting) -> ft.Control:
    """Both parts below each other; the report's own words stand ready to be cut."""
    services = use_services()

    async def fetch() -> Saved[list[Service]]:
        return await services.service_requests.list_services()

    kinds = use_resource(fetch)
    whole = acting.desk.report.request.description
    return stacked(
        [
            Text(_("The resident wrote:"), "label"),
            Text(f"“{whole}”"),
            Loaded(kinds, lambda found: _Parts(acting, tuple(found))),
        ],
        8,
    )


@component
def _Parts(acting: Acting, kinds: tuple[Service, ...]) -> ft.Control:
    return stacked([_Part(acting, kinds, 0), _Part(acting, kinds, 1)], 16)


@component
def _Part(acting: Acting, kinds: tuple[Service, ...], number: int) -> ft.Control:
    look, draft = use_look(), acting.drafting.draft
    name = "other" if number else "description"
    write: Callable[[str], None] = ft.use_callback(
        lambda text: acting.drafting.change(**{name: text}), []
    )

    def choose(code: str) -> None:
        codes = list(acting.drafting.slate.latest.service_codes)
        codes[number] = code
        acting.drafting.change(service_codes=(codes[0], codes[1]))

    options = tuple((one.service_code, one.service_name, one.group) for one in kinds)
    return stacked(
        [
            Heading(_("Part {n}").format(n=number + 1), 3, "title_small"),
            TextBox(
                _("What part {n} is about").format(n=number + 1),
                draft.other if number else draft.description,
                write,
                error=error_of(acting, f"descriptions.{number}"),
                lines=2,
                max_length=2000,
                scale=look.scale,
            ),
            Chooser(
                _("Kind of problem"),
                options,
                draft.service_codes[number],
                choose,
                error_of(acting, f"service_codes.{number}"),
            ),
        ],
        8,
    )
