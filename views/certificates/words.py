"""Certificates in words: purposes, states, deadlines, what stands in the way."""

from datetime import date, timedelta

from app.text import (
    HOTLINE,
    _,
    explain_field,
    show_date,
    show_weekday,
)
from services.certificates import Obstacle, Purpose
from services.errors import FieldError
from views.components.certificate_card import purpose_word

ONE_DAY = timedelta(days=1)
STEPS_AHEAD = ("unpaid", "submitted", "received", "checking", "signing", "ready")
"""The states an application passes on its way to a certificate."""


def purpose_sentence(purpose: Purpose) -> str:
    """`Để bổ sung hồ sơ xin việc`, under a title."""
    word = purpose_word(purpose)
    if purpose.code == "other":
        return word
    return _("For: {purpose}").format(purpose=word[0].lower() + word[1:])


def form_word(certificate_type: int) -> str:
    """`Phiếu số 1`."""
    return _("Form No. 2") if certificate_type == 2 else _("Form No. 1")


def show_phone(number: str) -> str:
    """`•••• ••• 216`: ten figures or dots as people read them; anything else as it came."""
    plain = number.replace(" ", "")
    return f"{plain[:4]} {plain[4:7]} {plain[7:]}" if len(plain) == 10 else number


def gender_word(gender: str) -> str:
    """The register's code in words; an unknown one as it came."""
    return {"female": _("Female"), "male": _("Male")}.get(gender, gender)


def waiting_words(note: str | None) -> tuple[str, str] | None:
    """Why an application does not move, as a phrase and a sentence; None when it does."""
    if note == "register_down":
        return (
            _("The register does not answer at present."),
            _("Your application is kept and goes on by itself when the register is back."),
        )
    if note == "register_error":
        return (
            _("The register gave an answer that cannot be used."),
            _("It is asked again by itself; nothing of yours is lost."),
        )
    if note == "needs_look":
        return (
            _("An officer has to look at this one."),
            _("It may take until the promised day. There is nothing for you to send."),
        )
    return None


def refusal_words(reason: str | None) -> str:
    """Why an application was refused, and what helps."""
    if reason == "identity_mismatch":
        return _(
            "Your name, date of birth or number differ between two registers. "
            "Have them corrected at your ward's police, then apply again."
        )
    if reason == "not_enough_information":
        return _(
            "What was sent does not suffice. Add former names and addresses, then apply again."
        )
    if reason == "wrong_person":
        return _(
            "The application does not belong to this person. Check for whom it is, then apply."
        )
    return _("Call {hotline} and give the code of the application to hear why.").format(
        hotline=HOTLINE
    )


def ended_words(reason: str | None) -> str:
    """Why a certificate was revoked; nothing for a reason that is not known."""
    reasons = {
        "issued_in_error": _("It was issued in error."),
        "identity_error": _("The person's details on it were wrong."),
        "court_decision": _("A court's decision changed what it says."),
    }
    return reasons.get(reason or "", "")


def obstacle_words(obstacle: Obstacle) -> tuple[str, str]:
    """What stands in the way of applying, as a phrase and what to do."""
    match obstacle.code:
        case "too_young":
            phrase = _("You can apply from the age of {n}.").format(n=obstacle.minimum_age or 16)
            return phrase, _("The law sets this age; your date of birth is from the register.")
        case "application_in_process":
            return (
                _("You have an application in process."),
                _("A new one can begin when that one has its result."),
            )
        case "identity_unknown":
            sentence = _("Go to your ward's police with your identity card to have that put right.")
            return _("The population register does not know this account."), sentence
        case "register_down":
            return (
                _("The criminal record register does not answer at present."),
                _("You can still apply: it is asked as soon as it is back."),
            )
    return _("You cannot apply now."), _("Call {hotline} to hear why.").format(hotline=HOTLINE)


def field_words(error: FieldError) -> str:
    """What to change in a refused field."""
    if error.code == "not_a_phone_number":
        return phone_words()
    if error.code in ("unknown_purpose", "unknown_child"):
        return _("Please choose one from the list.")
    if error.code == "too_simple":
        return _("Too easy to guess. Do not use 111111 or 123456.")
    if error.code == "before_from":
        return _("The years must follow each other and lie before now.")
    if error.code == "not_renewable":
        return _("The older certificate cannot be renewed by this one. Apply without it.")
    return explain_field(error)


def phone_words() -> str:
    """What a phone number looks like."""
    return _("Enter ten digits beginning with 0.")


def day_words(day: date) -> str:
    """`Thứ Tư, 21/10/2026`."""
    return f"{show_weekday(day)}, {show_date(day)}"
