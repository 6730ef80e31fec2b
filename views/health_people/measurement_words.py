"""Own measurements in words: kinds, fields, values with the language's decimal sign."""

import flet as ft

from app.text import _, language
from services.health_people import Measurement
from services.health_people.measurements import UNITS


def kind_word(kind: str) -> str:
    """`Huyết áp`, `Cân nặng`, …"""
    words = {
        "blood_pressure": _("Blood pressure"),
        "pulse": _("Pulse"),
        "weight": _("Weight"),
        "glucose": _("Blood glucose"),
        "note": _("Note"),
    }
    return words.get(kind, kind)


def kind_icon(kind: str) -> ft.IconData:
    """The icon of a kind."""
    icons = {
        "blood_pressure": ft.Icons.MONITOR_HEART_OUTLINED,
        "pulse": ft.Icons.FAVORITE_BORDER_ROUNDED,
        "weight": ft.Icons.MONITOR_WEIGHT_OUTLINED,
        "glucose": ft.Icons.BLOODTYPE_OUTLINED,
        "note": ft.Icons.EDIT_NOTE_ROUNDED,
    }
    return icons.get(kind, ft.Icons.EDIT_NOTE_ROUNDED)


def field_word(name: str) -> str:
    """The label of a number's field."""
    words = {
        "systolic": _("Upper number"),
        "diastolic": _("Lower number"),
        "pulse": _("Pulse"),
        "weight": _("Weight"),
        "glucose": _("Blood glucose"),
    }
    return words.get(name, name)


def unit_word(kind: str, name: str, unit: str = "") -> str:
    """The unit beside a number."""
    if name == "pulse":
        return _("beats a minute")
    return unit or UNITS[kind][0]


def show_typed(number: str) -> str:
    """A kept number with the language's decimal sign."""
    return number.replace(".", ",") if language() == "vi" else number


def value_words(line: Measurement) -> str:
    """`128/82 mmHg · 71 nhịp/phút`, `55,5 kg`; a note's own words."""
    values = {name: show_typed(number) for name, number in line.values.items()}
    if line.kind == "note":
        return line.note
    if line.kind == "blood_pressure":
        pressure = f"{values.get('systolic', '')}/{values.get('diastolic', '')} mmHg"
        pulse = values.get("pulse")
        beats = f" · {pulse} {unit_word(line.kind, 'pulse')}" if pulse else ""
        return pressure + beats
    [(name, number)] = list(values.items())[:1] or [("", "")]
    return f"{number} {unit_word(line.kind, name, line.unit)}"
