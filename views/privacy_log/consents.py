"""What the resident agreed to: each purpose with its text, one tap to withdraw, and every decision made."""

import flet as ft

from app import paths
from app.hooks import (
    component,
    use_action,
    use_resource,
    use_revisions,
    use_services,
    use_state,
    view,
)
from app.text import _, language, ngettext, show_moment
from services.consent_ledger import Ledger, PastDecision
from services.consents import PRIVACY_PAGE, WITHDRAWN, Purpose
from services.saved import Saved
from views.components import (
    AskConsent,
    Card,
    CardList,
    ErrorPanel,
    Heading,
    LinkButton,
    Loaded,
    NavigationRow,
    OutlineButton,
    Screen,
    StatusChip,
    Text,
    keyed,
    open_path,
    stacked,
)
from views.components.consenting import sensitive_word
from views.privacy_log.children import WhoseChips
from views.privacy_log.words import decision_word, state_of, text_words, way_words

GIVEN = ("agreed", "outdated")
"""What can be withdrawn stands first."""


@view
def ConsentsView() -> ft.Control:
    """One's own ledger, or a child's at a tap."""
    child, set_child = use_state("")
    return Screen(
        _("What I agreed to"),
        Text(
            _("Each purpose is asked when it is first needed. Nothing is agreed to by silence."),
            "supporting",
        ),
        WhoseChips(child, set_child),
        keyed(child or "own", OneLedger, child),
        back=paths.PRIVACY,
    )


@component
def OneLedger(child: str) -> ft.Control:
    """Read anew after each decision."""
    services, revisions = use_services(), use_revisions()

    async def fetch() -> Saved[Ledger]:
        return await services.consents.ledger(child)

    found = use_resource(fetch, revisions.consents)
    return Loaded(found, LedgerParts)


def LedgerParts(ledger: Ledger) -> ft.Control:
    """The purposes, who may read the health record, and the decisions, the newest first."""
    parts: list[ft.Control] = [
        keyed(f"{one.purpose}-{one.state}", PurposeCard, one, ledger.child)
        for one in sorted(ledger.purposes, key=lambda one: one.state not in GIVEN)
    ]
    if not ledger.child:
        parts += [Heading(_("Who may read my health record")), CardList(_carers(ledger))]
    if ledger.history:
        titles = {one.purpose: one.text(language()).title for one in ledger.purposes}
        rows = [_past(one, titles.get(one.purpose, one.purpose)) for one in ledger.history]
        parts += [Heading(_("Every decision")), CardList(*rows)]
    return stacked(parts)


def _carers(ledger: Ledger) -> ft.Control:
    reading = sum(one.state == "active" for one in ledger.carers)
    words = (
        ngettext("{n} person may read along", "{n} people may read along", reading)
        if reading
        else _("Nobody but you")
    )
    people = open_path(paths.health(None, "people"))
    return NavigationRow(ft.Icons.GROUP_OUTLINED, _("Family and carers"), words, people)


@component
def PurposeCard(purpose: Purpose, child: str) -> ft.Control:
    """How it stands, what a withdrawal stops, and the one tap for it; or the question again."""
    services, revisions = use_services(), use_revisions()
    reading, set_reading = use_state(False)

    async def withdraw() -> None:
        spoken = language()
        await services.consents.decide(purpose, WITHDRAWN, spoken, way=PRIVACY_PAGE, child=child)
        revisions.consents += 1
        revisions.outbox += 1

    def read(e: object = None) -> None:
        set_reading(True)

    withdrawing = use_action(withdraw)

    async def decided() -> None:
        set_reading(False)

    if reading:
        return AskConsent(purpose.purpose, child, decided, PRIVACY_PAGE)
    text, kind = purpose.text(language()), sensitive_word(purpose.sensitive)
    given = purpose.state in GIVEN
    parts: list[ft.Control] = [
        StatusChip(state_of(purpose.state)),
        Text(text.title, "title_small"),
        *([Text(kind, "small_label", ft.Colors.TERTIARY)] if kind else []),
        *[Text(line, "supporting") for line in _when(purpose)],
    ]
    if given:
        parts.append(Text(_("When you withdraw: {what}").format(what=text.stopping), "supporting"))
    if not purpose.may_decide:
        parts.append(Text(_("Somebody else decides this."), "supporting"))
    elif given:
        stop = OutlineButton(_("Withdraw now"), withdrawing, ft.Icons.BLOCK_ROUNDED)
        again = LinkButton(_("Read the text"), read)
        parts.append(ft.Row([stop, again], wrap=True, spacing=8, run_spacing=8))
    else:
        parts.append(LinkButton(_("Read and decide"), read, ft.Icons.CHROME_READER_MODE_OUTLINED))
    error = [ErrorPanel(withdrawing.error)] if withdrawing.error else []
    return Card(*parts, *error)


def _when(purpose: Purpose) -> list[str]:
    lines = []
    if purpose.decided is not None:
        moment = show_moment(purpose.decided)
        by = {"parent": _("by a parent"), "self": ""}.get(purpose.by, "")
        version = purpose.decided_version or purpose.version
        lines.append(" · ".join(filter(None, (moment, by, text_words(version)))))
    if purpose.waiting:
        lines.append(_("Waits for a network; it holds on this device already."))
    return lines


def _past(one: PastDecision, title: str) -> ft.Control:
    when = show_moment(one.decided) if one.decided else ""
    by = _("by a parent") if one.by == "parent" else ""
    text = text_words(one.version)
    below = " · ".join(filter(None, (when, by, way_words(one.way, one.device), text)))
    words = ft.Column(
        [
            Text(f"{decision_word(one.decision)}: {title}", "label"),
            Text(below, "supporting"),
        ],
        spacing=2,
        tight=True,
    )
    return ft.Container(words, padding=ft.Padding.symmetric(horizontal=16, vertical=12))
