"""The sandbox's register of facilities: as many as are connected in the city, all of them made up."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, insert, select

from gateway.health_records.tables import facilities
from gateway.registers import population

CONNECTED = 661
"""How many facilities the city has connected (docs/health-record.md)."""

_WARDS = Path(population.__file__).with_name("wards.json")
_KINDS = (
    "Trạm Y tế",
    "Phòng khám Đa khoa",
    "Phòng khám Nội",
    "Phòng khám Nhi",
    "Nha khoa",
    "Nhà thuốc",
)


def seed_facilities(connection: Connection, named: dict[str, str], at: datetime) -> None:
    """Write the register once. `named`: those that the sandbox's records mention, by their id."""
    if connection.scalar(select(facilities.c.facility_id).limit(1)) is not None:
        return
    rows = [(f"sandbox-{key}", name, "") for key, name in named.items()]
    rows += made_up()[: CONNECTED - len(rows)]
    connection.execute(
        insert(facilities),
        [
            {"facility_id": i, "name": f"{name} (dữ liệu mẫu)", "ward_code": ward, "added_at": at}
            for i, name, ward in rows
        ],
    )


@cache
def made_up() -> list[tuple[str, str, str]]:
    """Id, name and ward of as many facilities as are needed: in every ward one of each kind."""
    wards = json.loads(_WARDS.read_text(encoding="utf-8"))
    return [
        (f"sandbox-{ward['code']}-{place}", f"{kind} Mẫu {ward['name']}", ward["code"])
        for place, kind in enumerate(_KINDS)
        for ward in wards
    ]
