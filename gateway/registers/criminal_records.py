"""The criminal record register, with a sandbox twin that knows the synthetic people."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

import anyio
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from gateway.registers.population import Resident, sandbox_residents

RecordStatus = Literal["clear", "has_entries", "needs_look"]


class RegisterDownError(Exception):
    """The register did not answer; asking again later may help."""


class RegisterAnswerError(Exception):
    """The register's answer is not what was agreed: nothing may be concluded from it."""


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

        Raises RegisterDownError, RegisterAnswerError.
        """
        ...


class _Conviction(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    judgment: str
    judgment_date: date
    court: str
    offence: str
    main_penalty: str
    additional_penalty: str
    spent: bool


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    status: RecordStatus
    convictions: tuple[_Conviction, ...]


_ANSWER: TypeAdapter[_Answer | None] = TypeAdapter(_Answer | None)


def read_answer(body: bytes) -> CriminalRecord | None:
    """The register's JSON as a record, None where it knows nobody like that.

    Raises RegisterAnswerError for any other shape, and for a clear record with judgments in force.
    """
    try:
        answer = _ANSWER.validate_json(body)
    except ValidationError:
        raise RegisterAnswerError from None
    if answer is None:
        return None
    found = tuple(Conviction(**dict(entry)) for entry in answer.convictions)
    in_force = any(not entry.spent for entry in found)
    if (answer.status == "clear" and in_force) or (answer.status == "has_entries" and not found):
        raise RegisterAnswerError
    return CriminalRecord(answer.status, found)


async def ask(
    register: CriminalRecordRegister, inquiry: Inquiry, seconds: float
) -> CriminalRecord | None:
    """`find` with a limit of time. Raises RegisterDownError also for an answer that takes longer."""
    try:
        with anyio.fail_after(seconds):
            return await register.find(inquiry)
    except TimeoutError:
        raise RegisterDownError from None


Fault = Literal["", "silent", "wrong"]
"""How the sandbox's register can fail beside being down: it never answers, or not as agreed."""


class SandboxCriminalRecords:
    """The sandbox twin. `is_down` and `fault` are asked at every call, so that a register can be
    taken away. It answers in JSON, as a real one would.
    """

    def __init__(
        self,
        is_down: Callable[[], bool],
        residents: tuple[Resident, ...] | None = None,
        fault: Callable[[], Fault] = lambda: "",
    ) -> None:
        found = sandbox_residents() if residents is None else residents
        self._by_number = {resident.cccd: resident for resident in found}
        self._is_down, self._fault = is_down, fault

    async def is_up(self) -> bool:
        """Whether nobody has taken the twin away."""
        return not self._is_down()

    async def find(self, inquiry: Inquiry) -> CriminalRecord | None:
        """The made-up record that sandbox.json names for that person."""
        if self._is_down():
            raise RegisterDownError
        fault = self._fault()
        if fault == "silent":
            await anyio.sleep_forever()
        answer = self._answer(inquiry) if fault == "" else {"status": "unclear"}
        return read_answer(json.dumps(answer, default=str).encode())

    def _answer(self, inquiry: Inquiry) -> dict[str, Any] | None:
        resident = self._by_number.get(inquiry.identity_number)
        if resident is None or (resident.name, resident.birthdate) != _named(inquiry):
            return None
        entries = () if resident.criminal_record == "clear" else CONVICTIONS
        convictions = [asdict(entry) for entry in entries]
        return {"status": resident.criminal_record, "convictions": convictions}


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
"""What the sandbox says of everybody whose record is not clear: one judgment in force, one
expunged."""
