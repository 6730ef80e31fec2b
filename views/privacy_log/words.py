"""Words of the access log and of the ledger: who, what, why; states and ways of a decision."""

from contextlib import suppress
from datetime import date

import flet as ft

from app import paths
from app.text import Status, _, ngettext, show_date
from services.access_log import Access

Icons = ft.Icons


def service_word(service: str) -> str:
    """The area of a line."""
    words = {
        "reports": _("Reports"),
        "health": _("Health record"),
        "certificates": _("Certificates"),
        "cards": _("Cards"),
        "support": _("Support"),
        "privacy": _("Data and privacy"),
    }
    return words.get(service, service)


def text_words(version: str) -> str:
    """`bản 26/11/2026`: texts are named after the day they were written (ISO 8601)."""
    # Another city may count its texts; its name for one stands as it is.
    with suppress(ValueError):
        version = show_date(date.fromisoformat(version))
    return _("text of {version}").format(version=version)


def who_words(line: Access) -> str:
    """The name, or what kind of person it was."""
    if line.actor == "self":
        return _("You")
    kinds = {
        "parent": _("Your parent"),
        "carer": _("A carer"),
        "officer": _("An officer"),
        "support": _("The support desk"),
        "inspector": _("An inspector"),
        "hotline": _("The hotline"),
        "facility": _("A health facility"),
        "link": _("Somebody with your link"),
        "anyone": _("Somebody who checked the paper"),
    }
    return line.name or kinds.get(line.actor, _("Somebody whose name is not known"))


def capacity_words(line: Access) -> str:
    """As what they came: the office, or by what right."""
    kinds = {
        "parent": _("as a parent"),
        "carer": _("by your consent"),
        "officer": _("officer"),
        "support": _("support staff"),
        "inspector": _("inspector"),
        "hotline": _("hotline"),
        "facility": _("as a facility that treats you"),
        "link": _("by a link you shared, name not checked"),
        "anyone": _("name not checked") if line.name else "",
    }
    return line.office or kinds.get(line.actor, "")


def act_words(line: Access) -> str:
    """What they did with what."""
    words = {
        ("looked", ""): _("Read your health record"),
        ("opened_share", ""): _("Opened the record you shared"),
        ("wrong_passcode", ""): _("Tried to open your share with a wrong passcode"),
        ("opened", "report"): _("Opened your report with your name and phone number"),
        ("saw_photos", ""): _("Looked at the photos of your report"),
        ("handled", "report"): _("Handled your report"),
        ("opened", "application"): _("Opened your certificate application"),
        ("listed", ""): _("Saw your certificate application in a list"),
        ("handled", "application"): _("Handled your certificate application"),
        ("opened", "certificate"): _("Opened the certificate"),
        ("checked", "certificate"): _("Checked your certificate"),
        ("checked", "claims"): _("Saw the parts of the certificate you showed"),
        ("looked_up_card", ""): _("Looked your card up"),
        ("blocked_card", ""): _("Blocked your card"),
        ("opened_bundle", ""): _("Opened your support bundle"),
        ("handled", "bundle"): _("Worked on your support bundle"),
        ("opened_app", ""): _("Opened the app as you, in the sandbox"),
        ("handled", "request"): _("Answered your request about your data"),
        ("agreed", ""): _("Agreed for you"),
        ("refused", ""): _("Refused for you"),
        ("withdrawn", ""): _("Withdrew a consent for you"),
    }
    own = {"agreed": _("Agreed"), "refused": _("Not agreed"), "withdrawn": _("Withdrew a consent")}
    if line.actor == "self" and line.act in own:
        return own[line.act]
    found = words.get((line.act, line.thing)) or words.get((line.act, ""))
    return found or _("Used your data")


def why_words(line: Access) -> str:
    """What for; empty where what was done says it."""
    words = {
        "handling": _("to handle it"),
        "checking": _("to check that it is real"),
        "TREAT": _("for treatment"),
        "PWATRNY": _("with your consent"),
        "FAMRQT": _("for the family"),
        "inspection": _("ticket inspection"),
        "lost": _("reported lost"),
        "stolen": _("reported stolen"),
        "misused": _("reported misused"),
        "resident_asked": _("because you asked"),
        "find_fault": _("to find the fault"),
        "check_fix": _("to check the repair"),
        "quality": _("to check the support desk's work"),
    }
    return words.get(line.purpose, "")


def icon_of(line: Access) -> ft.IconData:
    """The mark of a line's area."""
    icons = {
        "reports": Icons.CAMPAIGN_OUTLINED,
        "health": Icons.FOLDER_SHARED_OUTLINED,
        "certificates": Icons.VERIFIED_OUTLINED,
        "cards": Icons.WALLET_OUTLINED,
        "support": Icons.SUPPORT_AGENT_ROUNDED,
    }
    return icons.get(line.service, Icons.PRIVACY_TIP_OUTLINED)


def address_of(line: Access, child: str) -> str:
    """Where the thing itself is; empty where there is no such page, and for a child's."""
    if child:
        return ""
    if line.service == "reports":
        return paths.service_request(line.reference)
    if line.service == "certificates":
        return paths.certificate(line.reference)
    if line.act in ("opened_share", "wrong_passcode"):
        return paths.health_share(line.reference)
    if line.service == "health":
        return paths.health(None, "accesses")
    return {"support": paths.SUPPORT, "cards": paths.CARDS}.get(line.service, "")


def times_words(count: int) -> str:
    """How often, where it was more than once."""
    return ngettext("{n} time", "{n} times", count) if count > 1 else ""


def state_of(state: str) -> Status:
    """The chip of a purpose."""
    table = {
        "undecided": (_("Not asked yet"), "neutral", Icons.HELP_ROUNDED),
        "agreed": (_("Agreed"), "primary", Icons.CHECK_CIRCLE_ROUNDED),
        "refused": (_("Not agreed"), "neutral", Icons.BLOCK_ROUNDED),
        "withdrawn": (_("Withdrawn by you"), "neutral", Icons.UNDO_ROUNDED),
        "outdated": (_("The text has changed"), "lotus", Icons.EDIT_NOTE_ROUNDED),
    }
    return Status(*table.get(state, (state, "neutral", Icons.HELP_ROUNDED)))


def decision_word(decision: str) -> str:
    """A line of the ledger."""
    words = {"agreed": _("Agreed"), "refused": _("Not agreed"), "withdrawn": _("Withdrawn")}
    return words.get(decision, decision)


def way_words(way: str, device: str) -> str:
    """How and where it was decided."""
    ways = {"asked": _("when it was first needed"), "privacy_page": _("on this page")}
    devices = {"phone": _("phone"), "desktop": _("computer"), "browser": _("browser")}
    return ", ".join(filter(None, (ways.get(way, ""), devices.get(device, ""))))
