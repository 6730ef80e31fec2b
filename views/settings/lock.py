"""The lock in the settings (design picture 18a), and its own screen."""

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    component,
    use_action,
    use_device,
    use_resource,
    use_services,
    use_session,
    use_state,
    view,
)
from app.lock import use_guard
from app.state import LOCKS_AFTER, ONLY_AT_START
from app.text import _, ngettext
from services.lock import Attempt
from views.components import (
    Card,
    CardList,
    ChoiceChips,
    ErrorPanel,
    Heading,
    LinkButton,
    NavigationRow,
    Note,
    OutlineButton,
    Screen,
    SwitchRow,
    Text,
    open_path,
    stacked,
)
from views.components.pin import ChoosePin, PinPrompt
from views.components.tappable import Handler

Icons = ft.Icons


def after_words(seconds: float) -> str:
    """When the app locks itself."""
    if seconds == ONLY_AT_START:
        return _("Only when the app starts")
    if seconds == 0:
        return _("At once")
    return ngettext("{n} minute", "{n} minutes", int(seconds // 60))


@component
def LockRows() -> ft.Control:
    """Whether there is a PIN, and after what time away the app locks itself."""
    session, guard = use_session(), use_guard()
    on = session.has_pin
    words = _("Asks when you open your health record") if on else _("Not chosen yet")
    rows = [Recognition()] if on and guard.offers_biometrics else []
    rows.append(NavigationRow(Icons.PIN_OUTLINED, _("PIN"), words, open_path(paths.LOCK)))
    if on:
        after = after_words(session.lock_after)
        lock = open_path(paths.LOCK)
        rows.append(NavigationRow(Icons.LOCK_CLOCK_OUTLINED, _("Locks itself after"), after, lock))
    return CardList(*rows)


@component
def Recognition() -> ft.Control:
    """Finger or face instead of the PIN; a device with none enrolled says so."""
    services = use_services()
    changed, set_changed = use_state(0)
    refused, set_refused = use_state(False)
    on = use_resource(services.lock.recognises, changed)

    is_on = isinstance(on, Ready) and on.value

    async def turn() -> None:
        now_on = await services.lock.let_recognise(not is_on)
        set_refused(not is_on and not now_on)
        set_changed(lambda n: n + 1)

    turning = use_action(turn)

    def switched(_wanted: bool) -> None:
        ft.context.page.run_task(turning.run)

    words = _("Nothing is enrolled on this device.") if refused else _("Instead of the PIN")
    failed = [ErrorPanel(turning.error)] if turning.error else []
    return stacked([SwitchRow(_("Fingerprint or face"), words, is_on, switched), *failed], 0)


@view
def LockSettingsView() -> ft.Control:
    """Choosing a PIN; with one: when it locks, another, or none."""
    session, guard = use_session(), use_guard()
    body = _with_pin() if session.has_pin else [FirstPin()]
    where = [] if guard.binds else [_on_the_web()]
    return Screen(_("App lock"), *body, *where, Open(), back=paths.SETTINGS)


def _with_pin() -> list[ft.Control]:
    guard = use_guard()
    if guard.proven:
        return [NewPin()]
    return [LockAfter(), LockNow(), Another(), Remove()]


@component
def FirstPin() -> ft.Control:
    """What a PIN does, and two fields."""
    guard = use_guard()
    words = (
        _(
            "Six digits that only you know. They lock the app after a minute away, open your "
            "health record and your certificate, and encrypt what lies on this device."
        )
        if guard.binds
        else _(
            "Six digits that only you know. They lock the app after a minute away, and open your "
            "health record and your certificate."
        )
    )
    return stacked(
        [Heading(_("Choose a PIN")), Text(words), ChoosePin(guard.choose, _("Turn the lock on"))],
        12,
    )


@component
def NewPin() -> ft.Control:
    """After a new sign-in the old PIN is not asked for."""
    guard = use_guard()
    words = _("You have just signed in again, so the old PIN is not needed.")
    return stacked(
        [Heading(_("Choose another PIN")), Text(words), ChoosePin(guard.choose, _("Use this PIN"))],
        12,
    )


@component
def LockAfter() -> ft.Control:
    """Minutes away."""
    session, device = use_session(), use_device()

    async def keep() -> None:
        await device.save_preferences(session.preferences())

    def choose(value: str) -> None:
        session.lock_after = float(value)
        ft.context.page.run_task(keep)

    options = tuple((str(seconds), after_words(seconds)) for seconds in LOCKS_AFTER)
    return stacked(
        [
            Heading(_("Locks itself after"), 2, "title_small"),
            ChoiceChips(options, str(session.lock_after), choose),
            Text(_("Counted from when the app is out of sight."), "supporting"),
        ],
        8,
    )


@component
def LockNow() -> ft.Control:
    """For handing the device over."""
    guard = use_guard()

    async def lock() -> None:
        guard.lock()

    return OutlineButton(_("Lock now"), lock, Icons.LOCK_OUTLINE_ROUNDED)


@component
def Another() -> ft.Control:
    """The PIN first, then another."""
    guard = use_guard()
    opened, set_opened = use_state(False)
    proven, set_proven = use_state("")
    changed, set_changed = use_state(False)

    def toggle() -> None:
        set_opened(not opened)
        set_proven("")
        set_changed(False)

    async def prove(pin: str) -> Attempt:
        attempt = await guard.open(pin)
        if attempt.opened:
            set_proven(pin)
        return attempt

    async def change(new: str) -> None:
        await guard.change(proven, new)
        toggle()
        set_changed(True)

    inside = (
        ChoosePin(change, _("Use this PIN")) if proven else PinPrompt(prove, _("Go on"), Icons.PIN)
    )
    said = [Note(_("The PIN was changed."), "", "primary", live=True)] if changed else []
    link = LinkButton(_("Change the PIN"), toggle, Icons.PIN_OUTLINED)
    return stacked([*said, _card(inside, toggle) if opened else link], 8)


@component
def Remove() -> ft.Control:
    """The app opens without a PIN then."""
    guard = use_guard()
    opened, set_opened = use_state(False)

    def toggle() -> None:
        set_opened(not opened)

    if not opened:
        return LinkButton(_("Remove the PIN"), toggle, Icons.NO_ENCRYPTION_OUTLINED)
    words = Text(_("Then whoever holds this device unlocked can open the app."), "supporting")
    prompt = PinPrompt(guard.remove, _("Remove the PIN"), Icons.LOCK_OPEN_ROUNDED)
    return _card(stacked([words, prompt]), toggle)


def _card(inside: ft.Control, cancel: Handler) -> ft.Control:
    return Card(inside, LinkButton(_("Cancel"), cancel))


@component
def Open() -> ft.Control:
    """What a locked app still shows."""
    return Note(
        _("The emergency card opens without the PIN."),
        _("A helper has no PIN. All else waits behind the lock, the card codes too."),
        "neutral",
        Icons.MEDICAL_INFORMATION_OUTLINED,
    )


def _on_the_web() -> ft.Control:
    return Note(
        _("On the web the lock hides the screen."),
        _(
            "The key to what you typed is the server's, so a PIN cannot encrypt it. Sign out on a "
            "computer that others use."
        ),
        "tertiary",
        Icons.PUBLIC_ROUNDED,
    )
