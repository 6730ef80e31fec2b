"""The claims of a certificate's twin in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.text import _, language, show_date
from views.certificates.words import form_word, gender_word

DATES = ("birthdate", "issued_date")


def claim_word(name: str) -> str:
    """What a claim is called; an unknown one as it came."""
    words = {
        "number": _("Certificate number"),
        "certificate_type": _("Form"),
        "name": _("Full name"),
        "birthdate": _("Date of birth"),
        "gender": _("Sex"),
        "identity_number": _("Identity number"),
        "address": _("Permanent address"),
        "purpose": _("What it is for"),
        "result": _("Result"),
        "entries": _("Entries"),
        "issued_date": _("Issued on"),
    }
    return words.get(name, name)


def claim_value(name: str, value: Any) -> str:
    """What a claim says."""
    if name in DATES:
        return show_date(date.fromisoformat(str(value)))
    if name == "certificate_type":
        return form_word(int(value))
    if name == "gender":
        return gender_word(str(value))
    if name == "result":
        return _("Has convictions on record") if value == "has_entries" else _("No conviction")
    if isinstance(value, Mapping):
        return str(value.get(language()) or value.get("vi") or "; ".join(map(str, value.values())))
    if isinstance(value, list):
        return "; ".join(_entry(one) for one in value)
    return str(value)


def _entry(entry: Any) -> str:
    return ", ".join(map(str, entry.values())) if isinstance(entry, Mapping) else str(entry)
