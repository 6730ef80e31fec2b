"""A follow-up as an iCalendar file (RFC 5545), for whatever calendar the resident uses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from services.health_records.appointments import FollowUp
from services.health_records.trends import first_day

PRODUCT = "-//iHaNoi open build//Health record//VI"
LENGTH = timedelta(minutes=30)
"""How long an appointment without a length takes up in the calendar."""


def calendar_file(follow_up: FollowUp, summary: str, now: datetime) -> bytes:
    """One VEVENT with an alarm a day before; UTF-8, CRLF, lines of at most 75 octets.

    A day without a time is an all-day event. A follow-up whose day is not known has no file:
    ValueError. `summary` is the title, without anything the resident would not show on a lock screen.
    """
    if not (follow_up.at.year and follow_up.at.month and follow_up.at.day):
        raise ValueError("a follow-up without a day")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{follow_up.key}@ihanoi.invalid",
        f"DTSTAMP:{_utc(now)}",
        *_when(follow_up),
        f"SUMMARY:{_escaped(summary)}",
    ]
    if follow_up.place:
        lines.append(f"LOCATION:{_escaped(follow_up.place)}")
    if follow_up.instructions:
        lines.append(f"DESCRIPTION:{_escaped(follow_up.instructions)}")
    alarm = ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_escaped(summary)}"]
    lines += [*alarm, "TRIGGER:-P1D", "END:VALARM", "END:VEVENT", "END:VCALENDAR"]
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def _when(follow_up: FollowUp) -> list[str]:
    if follow_up.at.at is not None and follow_up.at.at.tzinfo is not None:
        length = timedelta(minutes=follow_up.minutes) if follow_up.minutes else LENGTH
        start = follow_up.at.at
        return [f"DTSTART:{_utc(start)}", f"DTEND:{_utc(start + length)}"]
    day = first_day(follow_up.at) or date.min
    after = day + timedelta(days=1)
    return [f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"]


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(words: str) -> str:
    """TEXT (RFC 5545, 3.3.11)."""
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        words = words.replace(plain, escaped)
    return words


def _folded(line: str) -> bytes:
    """Content lines of at most 75 octets, never cut inside a character (RFC 5545, 3.1)."""
    parts: list[bytes] = []
    current = b""
    for letter in line:
        octets = letter.encode()
        if len(current) + len(octets) > (75 if not parts else 74):
            parts.append(current)
            current = b""
        current += octets
    return b"\r\n ".join([*parts, current])
