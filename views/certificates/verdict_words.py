"""The answer to a check in words: what it is, why, and what to do now."""

from app.text import _, show_date
from services.certificates import Verification

PASSED, FAILED = "passed", "failed"
DETAILS_OF_SIGNER = ("untrusted_chain", "expired_chain", "other_signer")


def title_of(found: Verification) -> str:
    """The verdict in words."""
    if found.verdict == "unknown" and found.reason not in ("unknown_code", "unknown_number"):
        return _("File not recognised")
    titles = {
        "unchecked": _("Could not check"),
        "valid": _("Certificate is valid"),
        "altered": _("Content was changed"),
        "revoked": _("Certificate was revoked"),
        "superseded": _("A newer certificate replaced it"),
    }
    return titles.get(found.verdict, _("Number not found"))


def reason_of(found: Verification) -> str:
    """Why, in one sentence."""
    if found.is_valid:
        if found.content != PASSED:
            return _("The number is real and in force.")
        return _("The original, and in force.")
    ended = found.certificate.ended_date if found.certificate else None
    if found.verdict in ("revoked", "superseded"):
        return _("Without force since {date}.").format(date=show_date(ended) if ended else "?")
    if found.detail in DETAILS_OF_SIGNER:
        return signer_words(found.detail)
    reasons = {
        "content_changed": _("Do not accept it."),
        "unknown_number": _("No certificate was issued with this number and these details."),
        "expired": _("The proof of when it was signed has run out. Do not rely on it."),
        "too_costly": _("The file is made so that it cannot be checked. Do not rely on it."),
        "unknown_code": _("No certificate was issued with this code."),
        "not_issued_here": _("It is not in the register of issued certificates."),
        "other_authority": _("It was not signed by the authority."),
        "no_signature": _("The file has no digital signature."),
    }
    return reasons.get(found.reason, _("Do not accept it."))


def advice_of(found: Verification) -> str:
    """What whoever checked should do now."""
    if found.is_valid and found.content == PASSED:
        return _("Compare the name with the person's identity card before you accept it.")
    if found.is_valid:
        return _(
            "Compare number, name and day with the certificate you hold. "
            "To be sure that its content is unchanged, check the PDF itself."
        )
    if found.verdict == "unchecked":
        return _("Ask the person for a newly issued certificate, or for the PDF from their app.")
    if found.verdict == "altered":
        return _(
            "Ask the person to send it again from their app. "
            "If you suspect a forgery, tell the nearest police."
        )
    if found.verdict in ("revoked", "superseded"):
        return _("Ask the person for a new certificate.")
    return _(
        "Look at the code or the file again. "
        "If it stays so, ask the person for the original PDF from their app."
    )


def check_words(name: str, outcome: str, found: Verification) -> str:
    """One check in words."""
    if name == "status" and outcome == FAILED:
        ended = found.certificate.ended_date if found.certificate else None
        day = show_date(ended) if ended else "?"
        return _("Without force since {date}").format(date=day)
    if name == "content" and outcome == FAILED and changed_words(found.detail):
        return changed_words(found.detail)
    if name == "signature" and found.detail in DETAILS_OF_SIGNER:
        return signer_words(found.detail)
    if name == "signature" and found.reason in ("no_signature", "other_authority"):
        return reason_of(found)
    words = {
        ("signature", PASSED): _("Signature is right"),
        ("signature", FAILED): _("Signature does not match"),
        ("content", PASSED): _("Content is unchanged"),
        ("content", FAILED): _("Content differs from what was signed"),
        ("status", PASSED): _("Not revoked"),
    }
    unchecked = {
        "signature": _("Signature not checked"),
        "content": _("Content of the file not checked"),
        "status": _("Revocation not checked"),
    }
    return words.get((name, outcome), unchecked[name])


def signer_words(detail: str | None) -> str:
    """Why a signature is not the authority's."""
    words = {
        "untrusted_chain": _("Its signer is not one that the authority vouches for."),
        "expired_chain": _("Its signer was not entitled any more when it was signed."),
        "other_signer": _("It was signed by somebody else than the authority."),
    }
    return words.get(detail or "", "")


def changed_words(detail: str | None) -> str:
    """How a file was changed, where that is known; or nothing."""
    words = {
        "incremental_update": _("Something was added to the file after it was signed"),
        "shadow_content": _("Other content was hidden behind the signed one"),
        "wrapped_range": _("The signature does not cover the whole file"),
        "second_signature": _("A second signature was added"),
        "digest": _("Content differs from what was signed"),
        "unreadable": _("The file is damaged and cannot be read"),
    }
    return words.get(detail or "", "")
