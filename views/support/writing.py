"""What the resident writes to support: kept within a second, until it is sent."""

from dataclasses import dataclass, field

import flet as ft

from app.hooks import use_look, use_services
from app.text import _
from views.components import TextBox
from views.components.drafting import Drafting, use_drafting

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Writing:
    """The words, and the key under which they are sent: the same words twice are one message."""

    about: str
    text: str = field(default="", repr=False)


def use_writing(about: str, kept: str) -> Drafting[Writing]:
    """Work on words to a thread (`about` is its code), or to a bundle that was not sent."""
    services = use_services()

    async def save(latest: Writing) -> None:
        await services.support.keep_words(about, latest.text)

    return use_drafting(Writing(about, kept), save)


def WritingBox(drafting: Drafting[Writing], label: str, error: str = "") -> ft.Control:
    """The field for it. Call it in the component that holds the draft: it uses hooks."""
    write = ft.use_callback(lambda text: drafting.change(text=text), [])
    return TextBox(
        label,
        drafting.draft.text,
        write,
        error=error,
        help_text=_("Write no passwords."),
        lines=3,
        max_length=LONGEST,
        scale=use_look().scale,
    )
