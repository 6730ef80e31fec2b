"""The criminal record register, with a sandbox twin that knows the synthetic people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

from gateway.registers.population import Resident, sandbox_residents

RecordStatus = Literal["clear", "has_entries", "needs_look"]


class RegisterDownError(Exception):
    """The register did not answer; asking again later may help."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Whom the register is asked about."""

    identity_number: str = field(repr=False)
    name: str = field(repr=False)
    birthdate: date = field(repr=False)


@dataclass(frozen=True, slots=True)
class Conviction:
    """One judgment in force. `spent`: expunged, so form No. 1 does not show it."""

    judgment: str = field(repr=False)
    judgment_date: date = field(repr=False)
    court: str = field(repr=False)
    offence: str = field(repr=False)
    main_penalty: str = field(repr=False)
    additional_penalty: str = field(repr=False)
    spent: bool = field(repr=False)


@dataclass(frozen=True, slots=True)
class CriminalRecord:
    """The register's answer; with `needs_look` an officer has to decide first."""

    status: RecordStatus = field(repr=False)
    convictions: tuple[Conviction, ...] = field(default=(), repr=False)


class CriminalRecordRegister(Protocol):
    """What the gateway asks the criminal record register."""

    async def is_up(self) -> bool:
        """Whether the register answers at present."""
        ...

    async def find(self, inquiry: Inquiry) -> CriminalRecord | None:
        """The record of that person, None when number, name and date belong to nobody.

        Raises RegisterDownError.
        """
        ...


class SandboxCriminalRecords:
    """The sandbox twin. `is_down` is asked at every call, so that a register can be taken away."""

    def __init__(
        self,
        is_down: Callable[[], bool],
        residents: tuple[Resident, ...] | None = None,
    ) -> None:
        found = sandbox_residents() if residents is None else residents
        self._by_number = {resident.cccd: resident for resident in found}
        self._is_down = is_down

    async def is_up(self) -> bool:
        """Whether nobody has taken the twin away."""
        return not self._is_down()

    async def find(self, inquiry: Inquiry) -> CriminalRecord | None:
        """The made-up record that sandbox.json names for that person."""
        if self._is_down():
            raise RegisterDownError
        resident = self._by_number.get(inquiry.identity_number)
        if resident is None or (resident.name, resident.birthdate) != _named(inquiry):
            return None
        entries = CONVICTIONS if resident.criminal_record == "has_entries" else ()
        return CriminalRecord(resident.criminal_record, entries)


def _named(inquiry: Inquiry) -> tuple[str, date]:
    return inquiry.name, inquiry.birthdate


CONVICTIONS = (
    Conviction(
        judgment="Bản án số 991/2024/HS-ST (giả định)",
        judgment_date=date(2024, 6, 18),
        court="Tòa án nhân dân khu vực 1, Hà Nội",
        offence="Vi phạm quy định về tham gia giao thông đường bộ",
        main_penalty="Cải tạo không giam giữ 12 tháng",
        additional_penalty="Cấm hành nghề lái xe 1 năm",
        spent=False,
    ),
    Conviction(
        judgment="Bản án số 992/2009/HS-ST (giả định)",
        judgment_date=date(2009, 3, 5),
        court="Tòa án nhân dân khu vực 2, Hà Nội",
        offence="Hủy hoại tài sản",
        main_penalty="Phạt tiền 10.000.000 đồng",
        additional_penalty="",
        spent=True,
    ),
)
"""What the sandbox says of everybody with entries: one judgment in force, one expunged."""
