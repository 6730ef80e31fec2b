"""What can be set about certificates. Fee, limits and the sandbox's pace are never in the code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Configuration:
    """Fee in VND (that of 2026 is not published: 0 is ours), and days and age of Law 107/2025.

    `step_seconds` lies between two states of an application, `look_seconds` between two questions
    about a record that needs an officer's look. Sizes are in bytes.
    """

    fee: int = 0
    working_days: int = 5
    minimum_age: int = 16
    step_seconds: float = 2.0
    look_seconds: float = 3600.0
    upload_limit: int = 2_000_000
    register_down: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Read IHANOI_CERTIFICATE_FEE, …_CERTIFICATE_STEP_SECONDS and …_SANDBOX_RECORDS_DOWN.

        Raises ValueError, naming the variable, for anything but a number or 0 and 1.
        """
        return cls(
            fee=int(_number(environ, "IHANOI_CERTIFICATE_FEE", 0)),
            step_seconds=_number(environ, "IHANOI_CERTIFICATE_STEP_SECONDS", 2.0),
            register_down=bool(_number(environ, "IHANOI_SANDBOX_RECORDS_DOWN", 0)),
        )


def _number(environ: Mapping[str, str], name: str, usual: float) -> float:
    text = environ.get(name) or str(usual)
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"{name} must be a number, not {text!r}") from None
    if not 0 <= number < 1e9:
        raise ValueError(f"{name} must not be negative, and less than a billion")
    return number
