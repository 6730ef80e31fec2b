"""From taps to rides: a boarding and the alighting after it on the same line, whenever they came in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, insert, select

from gateway.cards.gate_tables import taps
from gateway.cards.tables import enrolments
from gateway.parking.fees import city_day
from gateway.problems import FieldError, Problem, invalid, not_found
from gateway.registers.network import Line, Stop, line_of
from gateway.registers.tariffs import rules
from gateway.trips.fares import Fare, Holds, fare
from gateway.trips.tables import corrections

DAY = 86_400
State = Literal["riding", "done", "missing_alighting", "corrected"]


@dataclass(frozen=True, slots=True)
class Trip:
    """One ride. While it lasts there is no fare; without an alighting it costs the longest ride.

    Moments are UTC seconds; `correctable_until` is set where the resident may say where it ended.
    """

    trip_id: str
    line: Line
    start: Stop
    end: Stop | None
    boarded_at: int
    alighted_at: int | None
    state: State
    fare: Fare | None
    correctable_until: int | None = None
    flagged: bool = field(default=False, compare=False)


def trips_of(connection: Connection, subject: str, now: int) -> list[Trip]:
    """That resident's rides, the newest first, on every card they ever had."""
    corrected = {row.tap_id: row for row in _corrections(connection, subject)}
    found = [_trip(one, corrected, now) for one in _pairs(_taps(connection, subject))]
    return sorted(found, key=lambda trip: trip.boarded_at, reverse=True)


def find(connection: Connection, subject: str, trip_id: str, now: int) -> Trip:
    """That resident's ride. Raises a 404 `Problem` for none and for another resident's."""
    found = (trip for trip in trips_of(connection, subject, now) if trip.trip_id == trip_id)
    trip = next(found, None)
    if trip is None:
        raise not_found()
    return trip


def correct(connection: Connection, subject: str, trip_id: str, place_id: str, now: int) -> Trip:
    """Take the resident's word for where a ride ended; said again, the last word counts.

    Raises a 404 `Problem`, a 409 for a ride that needs no correction or is too old, a 422 for a
    stop that is not on its line or is where it began.
    """
    trip = find(connection, subject, trip_id, now)
    if trip.correctable_until is None:
        raise Problem(409, "not-correctable", "This trip cannot be corrected")
    if trip.line.stop(place_id) is None or place_id == trip.start.place_id:
        raise invalid([FieldError(field="place_id", code="unknown")])
    mine = (corrections.c.tap_id == trip_id) & (corrections.c.subject == subject)
    connection.execute(delete(corrections).where(mine))
    connection.execute(
        insert(corrections).values(
            tap_id=trip_id, subject=subject, place_id=place_id, corrected_at=now
        )
    )
    return find(connection, subject, trip_id, now)


def _taps(connection: Connection, subject: str) -> list[Row[Any]]:
    cards = select(enrolments.c.card_id).where(enrolments.c.subject == subject)
    mine = select(taps).where(taps.c.card_id.in_(cards), taps.c.kind == "transit")
    return list(connection.execute(mine.order_by(taps.c.moment, taps.c.tap_id)))


def _corrections(connection: Connection, subject: str) -> list[Row[Any]]:
    return list(connection.execute(select(corrections).where(corrections.c.subject == subject)))


def _pairs(found: Iterable[Row[Any]]) -> list[tuple[Row[Any], Row[Any] | None]]:
    """Each boarding with its alighting. An alighting without a boarding is nobody's ride."""
    pairs: list[tuple[Row[Any], Row[Any] | None]] = []
    boarded: Row[Any] | None = None
    for tap in found:
        if line_of(tap.place_id) is None:
            continue
        if tap.direction == "in":
            if boarded is not None:
                pairs.append((boarded, None))
            boarded = tap
        elif boarded is not None:
            fits = _belongs(boarded, tap)
            pairs.append((boarded, tap if fits else None))
            boarded = None
    if boarded is not None:
        pairs.append((boarded, None))
    return pairs


def _belongs(boarded: Row[Any], alighted: Row[Any]) -> bool:
    one, other = line_of(boarded.place_id), line_of(alighted.place_id)
    same = one is not None and other is not None and one[0].line == other[0].line
    return same and alighted.moment - boarded.moment <= _longest()


def _longest() -> int:
    return int(rules("trips")["longest_minutes"]) * 60


def _trip(
    pair: tuple[Row[Any], Row[Any] | None], corrected: Mapping[str, Row[Any]], now: int
) -> Trip:
    boarded, alighted = pair
    place = line_of(boarded.place_id)
    assert place is not None, "_pairs leaves out what is no stop"
    line, start = place
    holds, on = Holds(boarded.product, boarded.fare_group), city_day(boarded.moment)
    base = (boarded.tap_id, line, start)
    if alighted is not None:
        end = line.stop(alighted.place_id)
        assert end is not None, "_belongs compared the lines"
        paid = fare(line, start, end, holds, on)
        return Trip(*base, end, boarded.moment, alighted.moment, "done", paid)
    if now - boarded.moment <= _longest():
        return Trip(*base, None, boarded.moment, None, "riding", None)
    last = boarded.moment + int(rules("trips")["correctable_days"]) * DAY
    until = last if now <= last else None
    word = corrected.get(boarded.tap_id)
    said = line.stop(word.place_id) if word is not None else None
    if said is not None:
        paid = fare(line, start, said, holds, on)
        return Trip(*base, said, boarded.moment, None, "corrected", paid, until)
    paid = _longest_fare(line, start, holds, on)
    return Trip(*base, None, boarded.moment, None, "missing_alighting", paid, until)


def _longest_fare(line: Line, start: Stop, holds: Holds, on: date) -> Fare:
    return fare(line, start, line.farthest(start), holds, on)
