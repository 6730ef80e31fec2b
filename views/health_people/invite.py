"""Letting an adult read: whom, which parts, until when, by which text; then the code to give them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    component,
    use_action,
    use_device,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    use_state,
    view,
)
from app.text import _, explain_field, language, local, show_moment
from services.chance import new_id
from services.errors import FieldError, Rejected, ServiceError
from services.health_people import Consent
from services.health_people.people import ConsentText, NewInvitation, new_code
from views.components import (
    Card,
    CardList,
    ChoiceChips,
    ErrorPanel,
    Heading,
    Loaded,
    MainButton,
    Note,
    Screen,
    SwitchRow,
    Text,
    TextBox,
    TonalButton,
    keyed,
    open_path,
    stacked,
)
from views.health_people.words import PARTS, part_word, parts_words, until_words

PEOPLE = "people"
LENGTHS = ("7", "30", "365", "")
SHORTEST_NAME = 2


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form; nothing is chosen or agreed to beforehand."""

    name: str = ""
    whole: bool = False
    sections: tuple[str, ...] = ()
    days: str = "30"
    agreed: bool = False

    def toggled(self, code: str, on: bool) -> "Filled":
        """With a part more, or less."""
        chosen = {*self.sections, code} if on else {*self.sections} - {code}
        return replace(self, sections=tuple(one for one in PARTS if one in chosen))


@view
def InviteView() -> ft.Control:
    """The text is read first: without it nothing can be agreed to."""
    services = use_services()
    text = use_resource(services.health_people.consent_text)
    if isinstance(text, Ready):
        return keyed(text.value.version, InviteForm, text.value)
    back = paths.health(None, PEOPLE)
    return Screen(_("Let somebody read"), Loaded(text, lambda _t: ft.Container()), back=back)


@component
def InviteForm(text: ConsentText) -> ft.Control:
    """What was typed stays until the invitation stands."""
    services, revisions = use_services(), use_revisions()
    filled, set_filled = use_state(Filled())
    tried, set_tried = use_state(False)
    nothing: tuple[Consent, str] | None = None
    made, set_made = use_state(nothing)
    # The same form sent twice is one invitation, under one code.
    no_attempt: NewInvitation | None = None
    attempt = ft.use_ref(no_attempt)
    wrong = _wrong(filled)

    async def invite() -> None:
        set_tried(True)
        if wrong:
            return
        today = local(services.clock.now()).date()
        until = today + timedelta(days=int(filled.days)) if filled.days else None
        attempt.current = _attempt(attempt.current, filled, until, text.version)
        consent = await services.health_people.invite(attempt.current)
        revisions.health_people += 1
        set_made((consent, attempt.current.code))

    inviting = use_action(invite)
    if made is not None:
        return keyed("made", Made, *made)
    refused = _fields_of(inviting.error)
    missing = wrong if tried else {}
    error = [ErrorPanel(inviting.error)] if inviting.error and not refused else []
    return Screen(
        _("Let somebody read"),
        keyed("form", Fields, filled, set_filled, missing | refused),
        Agreement(text, filled, set_filled, missing.get("agreed", "")),
        *error,
        back=paths.health(None, PEOPLE),
        foot=(MainButton(_("Make the code"), inviting, ft.Icons.PIN_ROUNDED),),
    )


@component
def Fields(
    filled: Filled,
    fill: Callable[[Callable[[Filled], Filled]], None],
    errors: dict[str, str],
) -> ft.Control:
    """Whom, what, until when."""
    look = use_look()
    write = ft.use_callback(lambda typed: fill(lambda kept: replace(kept, name=typed)), [])

    def set_whole(on: bool) -> None:
        fill(lambda kept: replace(kept, whole=on))

    def set_days(days: str) -> None:
        fill(lambda kept: replace(kept, days=days))

    lengths = {
        "7": _("7 days"),
        "30": _("30 days"),
        "365": _("1 year"),
        "": _("Until I withdraw"),
    }
    parts: list[ft.Control] = [
        TextBox(
            _("Their full name"),
            filled.name,
            write,
            help_text=_("As on their ID card. The code opens for that name only."),
            error=_sentence(errors.get("name", "")),
            scale=look.scale,
        ),
        Heading(_("What they may read")),
        CardList(
            SwitchRow(
                _("The whole record"),
                _("Also what comes later"),
                filled.whole,
                set_whole,
            ),
            *([] if filled.whole else [_part(filled, fill, code) for code in PARTS]),
        ),
    ]
    if errors.get("sections"):
        parts.append(Text(_("Choose at least one part."), "small_label", ft.Colors.ERROR))
    parts += [
        Heading(_("How long they may read")),
        ChoiceChips(tuple((days, lengths[days]) for days in LENGTHS), filled.days, set_days),
    ]
    if errors.get("until"):
        parts.append(Text(_sentence(errors["until"]), "small_label", ft.Colors.ERROR))
    return stacked(parts)


def _part(
    filled: Filled, fill: Callable[[Callable[[Filled], Filled]], None], code: str
) -> ft.Control:
    def choose(on: bool) -> None:
        fill(lambda kept: kept.toggled(code, on))

    return SwitchRow(part_word(code), "", code in filled.sections, choose)


@component
def Agreement(
    text: ConsentText,
    filled: Filled,
    fill: Callable[[Callable[[Filled], Filled]], None],
    error: str,
) -> ft.Control:
    """The text in force, and the switch that is never on beforehand (Law 91/2025)."""

    def agree(on: bool) -> None:
        fill(lambda kept: replace(kept, agreed=on))

    wrong = [Text(_("Read the text and agree first."), "small_label", ft.Colors.ERROR)]
    return stacked(
        [
            Heading(_("What you agree to")),
            Card(Text(text.words.get(language(), "") or text.words.get("vi", ""))),
            CardList(
                SwitchRow(
                    _("I have read it and agree"),
                    _("You can withdraw at any time."),
                    filled.agreed,
                    agree,
                )
            ),
            *(wrong if error else []),
        ]
    )


@component
def Made(consent: Consent, code: str) -> ft.Control:
    """The code, once; whoever loses it takes the invitation back and makes another."""
    device = use_device()
    copied, set_copied = use_state(False)

    async def share() -> None:
        set_copied(await device.share_link(_("Code for iHaNoi"), code))

    sharing = use_action(share)
    spelled = " ".join(code.replace("-", ""))
    works = (
        _("It works until {time}, once.").format(time=show_moment(consent.code_until))
        if consent.code_until
        else ""
    )
    parts: list[ft.Control] = [
        Note(
            _("Give {name} this code.").format(name=consent.name),
            _("Tell it in person or on the phone. {works}").format(works=works),
            "primary",
            live=True,
        ),
        Card(
            ft.Semantics(
                label=_("Code: {code}").format(code=spelled),
                exclude_semantics=True,
                content=Text(code, "headline", align=ft.TextAlign.CENTER),
            )
        ),
        Text(f"{parts_words(consent.sections)} · {until_words(consent.until)}", "supporting"),
        Text(_("The code is shown here only now: it is kept nowhere."), "supporting"),
        TonalButton(
            _("Copied") if copied else _("Copy the code"), sharing, ft.Icons.CONTENT_COPY_ROUNDED
        ),
    ]
    people = paths.health(None, PEOPLE)
    done = MainButton(_("Done"), open_path(people), ft.Icons.CHECK_ROUNDED)
    return Screen(_("Code made"), *parts, back=people, foot=(done,))


def _attempt(
    earlier: NewInvitation | None, filled: Filled, until: date | None, version: str
) -> NewInvitation:
    """The earlier attempt again if it asks for the same."""
    code = earlier.code if earlier else new_code()
    key = earlier.key if earlier else new_id()
    sections = () if filled.whole else filled.sections
    wanted = NewInvitation(filled.name.strip(), sections, until, version, code, key)
    if earlier is None or wanted == earlier:
        return wanted
    return replace(wanted, code=new_code(), key=new_id())


def _wrong(filled: Filled) -> dict[str, str]:
    found = {}
    if len(filled.name.strip()) < SHORTEST_NAME:
        found["name"] = "missing"
    if not filled.whole and not filled.sections:
        found["sections"] = "missing"
    if not filled.agreed:
        found["agreed"] = "missing"
    return found


def _fields_of(error: ServiceError | None) -> dict[str, str]:
    if not isinstance(error, Rejected):
        return {}
    return {one.field: one.code for one in error.field_errors}


def _sentence(code: str) -> str:
    return explain_field(FieldError("", code)) if code else ""
