"""Checking a paper that somebody shows, with or without an account (pictures 16).

Each kind of paper has a reader; one more kind is one more line in READERS.
"""

from collections.abc import Callable

import flet as ft

from app import paths
from app.hooks import (
    Action,
    component,
    use_action,
    use_device,
    use_look,
    use_state,
    view,
)
from app.text import _
from services.errors import Rejected
from services.picture_codes import read_code
from views.certificates.check import CERTIFICATES
from views.certificates.check_fields import CheckByNumber
from views.certificates.check_shown import SHOWN_PARTS
from views.components import (
    ErrorPanel,
    Heading,
    LinkButton,
    MainButton,
    Note,
    OutlineButton,
    Screen,
    Text,
    TextBox,
    stacked,
)
from views.components.paper_reader import Paper, PaperReader
from views.health_sharing.papers import HEALTH_CARDS, HEALTH_LINKS

READERS: tuple[PaperReader, ...] = (CERTIFICATES, SHOWN_PARTS, HEALTH_LINKS, HEALTH_CARDS)
"""The first that reads a paper answers for it."""


def reader_of(paper: Paper) -> PaperReader | None:
    """The reader of a paper, None when no kind of paper looks like it."""
    return next((one for one in READERS if one.reads(paper)), None)


@view
def VerifyView() -> ft.Control:
    """The ways in, or the answer on what was shown last; what was typed stays meanwhile."""
    nothing: Paper | None = None
    shown, show = use_state(nothing)
    code, set_code = use_state("")
    numbered, set_numbered = use_state(False)

    def by_number() -> None:
        set_numbered(True)

    def by_code() -> None:
        set_numbered(False)

    def another() -> None:
        show(None)

    if numbered:
        return CheckByNumber(by_code)
    reader = reader_of(shown) if shown is not None else None
    if shown is None or reader is None:
        return Entry(code, set_code, show, by_number)
    return reader.screen(shown, another)


@component
def Entry(
    code: str,
    write: Callable[[str], None],
    show: Callable[[Paper | None], None],
    by_number: Callable[[], None],
) -> ft.Control:
    """A picture of the QR code, the code's letters, the file, or the fields on the paper."""
    device = use_device()
    said, say = use_state("")

    async def scan() -> None:
        say("")
        picked = await device.pick_photos(1)
        if picked:
            _take(Paper(text=await read_code(picked[0].data)), show)

    async def choose() -> None:
        say("")
        endings = tuple(ending for one in READERS for ending in one.endings)
        picked = await device.pick_file(endings)
        if picked is not None:
            _take(Paper(data=picked.data, name=picked.name), show)

    async def check() -> None:
        say("")
        if not code.strip():
            say(_("Enter the code that stands on the paper."))
        elif reader_of(Paper(text=code.strip())) is None:
            say(_("This is no code of a paper we know. Look at it again."))
        else:
            show(Paper(text=code.strip()))

    scanning, choosing, checking = use_action(scan), use_action(choose), use_action(check)
    failure = scanning.error or choosing.error
    return Screen(
        _("Document check"),
        Heading(_("Check a paper somebody shows you"), 2, "headline_small"),
        Text(_("Anyone can check, without an account.")),
        *([ErrorPanel(failure)] if failure else []),
        MainButton(
            _("Take or choose a picture of the QR code"),
            scanning,
            ft.Icons.QR_CODE_SCANNER_ROUNDED,
            busy_label=_("Reading the code…"),
        ),
        OutlineButton(_("Choose the PDF file"), choosing, ft.Icons.PICTURE_AS_PDF_OUTLINED),
        Heading(_("Or type the code"), 2, "title_small"),
        CodeBox(code, write, said, checking),
        LinkButton(
            _("Only a printed copy? Check by number and details"), by_number, ft.Icons.PIN_OUTLINED
        ),
        Note(
            _("Nothing is kept."),
            _("Picture and file go to the server to be checked and are then dropped."),
            icon=ft.Icons.SHIELD_OUTLINED,
        ),
        back=paths.ME,
        close=True,
    )


def _take(paper: Paper, show: Callable[[Paper | None], None]) -> None:
    if reader_of(paper) is None:
        raise Rejected("unknown_paper")
    show(paper)


@component
def CodeBox(code: str, write: Callable[[str], None], error: str, checking: Action) -> ft.Control:
    """The code, however it is typed."""
    help_text = _("Eight letters and digits (ABCD-2345), or a health link or card")
    scale = use_look().scale
    box = TextBox(_("Checking code"), code, write, help_text=help_text, error=error, scale=scale)
    return stacked([box, OutlineButton(_("Check the code"), checking, ft.Icons.SEARCH_ROUNDED)])
