"""A city with any number of reports, written straight into the database.

They are spread over two years, all wards, services and states; one ward of the old quarter has a
tenth of them. RESIDENT has 40 and follows 20 whatever the number, so that an answer is as long in
a small city as in a large one.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count
from math import cos, pi, radians, sin, sqrt
from typing import Any

from sqlalchemy import Table, text

from gateway.database import Database
from gateway.service_requests.agencies import Agency, agencies
from gateway.service_requests.handling_tables import changes, follows, notices
from gateway.service_requests.publicity import public_cell
from gateway.service_requests.services import services
from gateway.service_requests.tables import (
    CLOSED_CODES,
    media,
    service_request_numbers,
    service_request_updates,
    service_requests,
)
from gateway.service_requests.wards import Ward, wards
from gateway.settings import Settings
from gateway.working_time import HANOI
from tests.bench.bulk_rows import opened
from tests.gateway.conftest import RESIDENT
from tests.gateway.service_requests.reports import SENT

NOW = SENT
SPAN = timedelta(days=730)
HOT_WARD = "00070"
HOT_SHARE = 0.1
OWN, FOLLOWED, SAME_PLACE = 40, 20, 5
PLACE = (21.0302, 105.8496)
"""Where SAME_PLACE open potholes lie."""

_BATCH = 5_000
_CHANGES_KEPT = timedelta(days=7)
_TABLES = (
    service_requests,
    service_request_updates,
    media,
    follows,
    notices,
    changes,
    service_request_numbers,
)
_WORDS = (
    "Ổ gà sâu giữa đường, xe máy phải tránh gấp, buổi tối rất khó thấy.",
    "Đèn đường tắt đã ba đêm, đoạn ngõ tối, trẻ em đi học về qua đây.",
    "Rác để tràn ra vỉa hè từ sáng, bốc mùi, nước chảy xuống lòng đường.",
    "Nắp cống vỡ một góc, đã có người đặt cành cây để báo cho xe tránh.",
)
_ANSWER = "Đơn vị đã đến nơi và xử lý xong, có ảnh kèm theo."
_YOUNG = {
    "waiting": 30,
    "in_progress": 35,
    "needs_resident": 5,
    "transferred": 5,
    "reopened": 2,
    "done": 16,
    "rejected": 3,
    "withdrawn": 3,
    "merged": 1,
}
_OLD = {
    "in_progress": 4,
    "needs_resident": 1,
    "reopened": 1,
    "done": 82,
    "rejected": 8,
    "withdrawn": 2,
    "merged": 2,
}
_YOUNG_UNTIL = timedelta(days=7)


def fill(url: str, reports: int, settings: Settings) -> None:
    """Write that many reports, and what belongs to them, into a migrated and empty database."""
    database = Database(url)
    with database.engine.begin() as connection:
        for table in _TABLES:
            for index in table.indexes:
                index.drop(connection)
    _load(url, database, reports, settings)
    with database.engine.begin() as connection:
        for table in _TABLES:
            for index in table.indexes:
                index.create(connection)
        if connection.dialect.name == "postgresql":  # Which does so by itself, a minute later.
            connection.execute(text("ANALYZE"))
    database.close()


def _load(url: str, database: Database, reports: int, settings: Settings) -> None:
    with opened(url, database) as sink:
        for table, rows in _batches(reports, settings):
            sink.write(table, rows)


def _batches(reports: int, settings: Settings) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Rows of every table, a table at a time, each after those it refers to."""
    maker = _Maker(reports, settings)
    for first in range(0, reports, _BATCH):
        rows: dict[Table, list[dict[str, Any]]] = {table: [] for table in _TABLES}
        for number in range(first, min(first + _BATCH, reports)):
            maker.make(number, rows)
        yield from ((table, some) for table, some in rows.items() if some)
    yield service_request_numbers, [{"month": m, "last": n} for m, n in maker.numbers.items()]


class _Maker:
    """Makes one report after the other, oldest first, always the same ones."""

    def __init__(self, reports: int, settings: Settings) -> None:
        self._random = random.Random(8550)
        self._reports = reports
        self._settings = settings
        self._residents = max(OWN, reports // 8)
        self._seq = count(1)
        self.numbers: dict[str, int] = {}
        self._own = {reports - 1 - n * (reports // OWN) for n in range(OWN)}
        self._followed = {reports - 3 - n * (reports // FOLLOWED) for n in range(FOLLOWED)}
        self._wards, self._weights = _weighted_wards()
        self._codes = tuple(services())
        self._agency: Callable[[str, str], Agency] = cache(
            lambda service, ward: agencies(settings).route(service, ward, NOW)
        )

    def make(self, number: int, rows: dict[Table, list[dict[str, Any]]]) -> None:
        """Add report `number` of all, with what belongs to it, to the rows of each table."""
        sent = NOW - SPAN * ((self._reports - number) / self._reports)
        report = self._report(number, sent)
        rows[service_requests].append(report)
        for entry in self._entries(report):
            rows[service_request_updates].append(entry)
            if entry["datetime"] > NOW - _CHANGES_KEPT:
                rows[changes].append(self._change(report, entry["datetime"]))
        rows[media].extend(self._photos(report))
        rows[follows].extend(self._follows(number, report))
        if report["closed_datetime"]:
            rows[notices].append(self._notice(report))

    def _report(self, number: int, sent: datetime) -> dict[str, Any]:
        pick = self._random
        is_same_place = number >= self._reports - SAME_PLACE
        ward = wards()[HOT_WARD] if is_same_place else self._ward()
        service = "pothole" if is_same_place else pick.choice(self._codes)
        status = "waiting" if is_same_place else self._status(NOW - sent)
        lat, long = PLACE if is_same_place else _point(ward, pick)
        agency = self._agency(service, ward.code)
        due = sent + timedelta(days=3)
        closed = status in CLOSED_CODES
        ended = min(sent + timedelta(days=pick.random() * 4), NOW) if closed else None
        subject = RESIDENT if number in self._own else f"resident-{number % self._residents}"
        late = not closed and due < NOW
        return {
            "service_request_id": self._id(sent),
            "subject": subject,
            "service_code": service,
            "description": _WORDS[number % len(_WORDS)],
            "status_code": status,
            "status_notes": _ANSWER if closed else "",
            "urgency": services()[service].urgency,
            "agency_responsible": agency.name,
            "agency_code": agency.code,
            "service_notice": f"{agency.name} xử lý trong 3 ngày làm việc.",
            "requested_datetime": sent,
            "updated_datetime": ended or sent,
            "expected_datetime": due,
            "working_days": _three_days(sent.toordinal()),
            "address": f"Trước số {number % 200 + 1}, {ward.name}",
            "ward_code": ward.code,
            "lat": lat,
            "long": long,
            "cell": public_cell(service, lat, long),
            "hide_name": number % 3 == 0,
            "revision": 3 if closed else 1,
            "paused_since": sent if status == "needs_resident" else None,
            "closed_datetime": ended,
            "escalation": len(self._settings.handling.escalate_hours) if late else 0,
            "hoax": number % 500 == 0,
            "attributes": "{}",
            "question": "Ở gần số nhà nào?" if status == "needs_resident" else "",
        }

    def _id(self, sent: datetime) -> str:
        month = f"{sent.astimezone(HANOI):%y%m}"
        self.numbers[month] = self.numbers.get(month, 0) + 1
        return f"HN-{month}-{self.numbers[month]:05}"

    def _ward(self) -> Ward:
        return self._random.choices(self._wards, cum_weights=self._weights)[0]

    def _status(self, age: timedelta) -> str:
        usual = _YOUNG if age < _YOUNG_UNTIL else _OLD
        return self._random.choices(tuple(usual), tuple(usual.values()))[0]

    def _entries(self, report: dict[str, Any]) -> Iterator[dict[str, Any]]:
        sent, ended = report["requested_datetime"], report["closed_datetime"]
        steps = [("submit", "waiting", sent, "resident")]
        if report["status_code"] not in {"waiting", "withdrawn", "merged"}:
            steps.append(("accept", "in_progress", min(sent + timedelta(hours=3), NOW), "officer"))
        if ended:
            role = "resident" if report["status_code"] == "withdrawn" else "officer"
            steps.append((report["status_code"], report["status_code"], max(ended, sent), role))
        for position, (act, status, moment, role) in enumerate(steps, 1):
            yield {
                "update_id": f"{report['service_request_id']}-{position:03}",
                "service_request_id": report["service_request_id"],
                "status_code": status,
                "datetime": moment,
                "description": _ANSWER if act == "done" else "",
                "agency": report["agency_responsible"] if role == "officer" else "",
                "actor": "",
                "act": act,
                "actor_role": role,
                "agency_code": report["agency_code"],
            }

    def _change(self, report: dict[str, Any], moment: datetime) -> dict[str, Any]:
        return {
            "seq": next(self._seq),
            "service_request_id": report["service_request_id"],
            "agency_code": report["agency_code"],
            "moment": moment,
        }

    def _photos(self, report: dict[str, Any]) -> Iterator[dict[str, Any]]:
        is_done = report["status_code"] == "done"
        stages = ["before"] * (self._random.random() < 0.6) + ["after"] * is_done
        for position, stage in enumerate(stages):
            is_proof = stage == "after"
            yield {
                "media_id": f"{self._random.getrandbits(128):032x}",
                "subject": "officer" if is_proof else report["subject"],
                "service_request_id": report["service_request_id"],
                "position": position,
                "stage": stage,
                "description": "",
                "created": report["updated_datetime"],
                "update_id": f"{report['service_request_id']}-003" if is_proof else None,
                "cleared": self._random.random() < 0.5,
            }

    def _follows(self, number: int, report: dict[str, Any]) -> Iterator[dict[str, Any]]:
        following = []
        if number % 5 == 0:
            following.append(f"resident-{(number + 1) % self._residents}")
        if number in self._followed:
            following.append(RESIDENT)
        for subject in following:
            yield {
                "subject": subject,
                "service_request_id": report["service_request_id"],
                "created": report["requested_datetime"],
            }

    def _notice(self, report: dict[str, Any]) -> dict[str, Any]:
        return {
            "notice_id": f"{self._random.getrandbits(128):032x}",
            "subject": report["subject"],
            "service_request_id": report["service_request_id"],
            "kind": report["status_code"],
            "description": report["status_notes"],
            "created": report["closed_datetime"],
            "read_datetime": report["closed_datetime"] if self._random.random() < 0.7 else None,
        }


@cache
def _three_days(after: int) -> str:
    """The three days after that one (its ordinal) as the column `working_days` has them."""
    return json.dumps([date.fromordinal(after + n).isoformat() for n in (1, 2, 3)])


@cache
def _weighted_wards() -> tuple[tuple[Ward, ...], tuple[float, ...]]:
    """Every ward, and the cumulative weights by which reports fall into them."""
    found = tuple(wards().values())
    rest = (1 - HOT_SHARE) / (len(found) - 1)
    total, weights = 0.0, []
    for ward in found:
        total += HOT_SHARE if ward.code == HOT_WARD else rest
        weights.append(total)
    return found, tuple(weights)


def _point(ward: Ward, pick: random.Random) -> tuple[float, float]:
    """A point in the circle around the ward's point that is as large as the ward."""
    away = sqrt(ward.km2 / pi * pick.random()) / 111.2
    angle = pick.random() * 2 * pi
    lat = ward.lat + away * sin(angle)
    return round(lat, 6), round(ward.long + away * cos(angle) / cos(radians(lat)), 6)
