"""What can be set about certificates. Fee, limits and the sandbox's pace are never in the code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

Fees = tuple[tuple[date, int], ...]
"""From which day on a fee in VND holds, the earliest first."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """Fees in VND by their first day (that of 2026 is not published: 0 is ours), and days and age
    of Law 107/2025.

    `step_seconds` lies between two states of an application, `look_seconds` between two questions
    about a record that needs an officer's look. Sizes are in bytes. `late_days`: working days that
    a letter of apology adds; `complain_days`: calendar days to complain about a refusal; both are
    ours. `sandbox_officer_seconds`: after how long the sandbox's automatic officer decides what
    needs a look; 0: never. `checks_per_minute`: of one address, at the public check.
    `archive`: whether an archive timestamp is made (PAdES B-LTA). `tsa_url` is an RFC 3161
    service, `tsa_root` the file of the root its certificates end at; empty: the sandbox's own.
    """

    fee: int = 0
    fees: Fees = ()
    payment_hours: float = 24.0
    payment_minutes: float = 15.0
    working_days: int = 5
    late_days: int = 2
    complain_days: int = 90
    minimum_age: int = 16
    step_seconds: float = 2.0
    look_seconds: float = 3600.0
    register_seconds: float = 10.0
    upload_limit: int = 2_000_000
    register_down: bool = False
    sandbox_officer_seconds: float = 0.0
    checks_per_minute: int = 30
    archive: bool = True
    tsa_url: str = ""
    tsa_root: str = ""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Read IHANOI_CERTIFICATE_… (FEE, FEES, STEP_SECONDS, PAYMENT_HOURS, CHECKS, ARCHIVE),
        IHANOI_TSA_URL, …_TSA_ROOT, …_SANDBOX_RECORDS_DOWN and …_SANDBOX_OFFICER_SECONDS.

        Raises ValueError, naming the variable, for anything but a number or 0 and 1.
        """
        name = "IHANOI_CERTIFICATE_"
        return cls(
            fee=int(_number(environ, f"{name}FEE", 0)),
            fees=_fees(environ.get(f"{name}FEES", "")),
            step_seconds=_number(environ, f"{name}STEP_SECONDS", 2.0),
            payment_hours=_number(environ, f"{name}PAYMENT_HOURS", 24.0),
            checks_per_minute=int(_number(environ, f"{name}CHECKS", 30)),
            archive=bool(_number(environ, f"{name}ARCHIVE", 1)),
            tsa_url=environ.get("IHANOI_TSA_URL", ""),
            tsa_root=environ.get("IHANOI_TSA_ROOT", ""),
            register_down=bool(_number(environ, "IHANOI_SANDBOX_RECORDS_DOWN", 0)),
            sandbox_officer_seconds=_number(environ, "IHANOI_SANDBOX_OFFICER_SECONDS", 0.0),
        )

    def fee_on(self, day: date) -> tuple[int, date | None]:
        """The fee of that day in VND and since when it holds; without a dated one, `fee`."""
        begun = [(first, fee) for first, fee in self.fees if first <= day]
        if not begun:
            return self.fee, None
        first, fee = begun[-1]
        return fee, first


def _fees(text: str) -> Fees:
    """`2026-07-01:0,2027-01-01:100000` as dated fees."""
    parts = [part.partition(":") for part in text.split(",") if part]
    try:
        return tuple(sorted((date.fromisoformat(day), _fee(fee)) for day, _, fee in parts))
    except ValueError:
        raise ValueError("IHANOI_CERTIFICATE_FEES must look like 2026-07-01:0") from None


def _fee(text: str) -> int:
    if not text.isdecimal():
        raise ValueError(text)
    return int(text)


def _number(environ: Mapping[str, str], name: str, usual: float) -> float:
    text = environ.get(name) or str(usual)
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"{name} must be a number, not {text!r}") from None
    if not 0 <= number < 1e9:
        raise ValueError(f"{name} must not be negative, and less than a billion")
    return number
