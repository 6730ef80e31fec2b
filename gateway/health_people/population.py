"""Which population register this installation asks for names and birthdays."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from fastapi import Depends

from gateway.dependencies import CurrentSettings
from gateway.problems import Problem
from gateway.registers.population import PopulationRegister, SandboxPopulation


def population_register(settings: CurrentSettings) -> PopulationRegister:
    """The register of this installation. Raises a 503 `Problem` where there is none."""
    if not settings.sandbox:
        raise Problem(503, "register-unavailable", "No population register is connected")
    return SandboxPopulation()


CurrentPopulation = Annotated[PopulationRegister, Depends(population_register)]


def same_name(one: str, other: str) -> bool:
    """Whether two names are written alike, whatever their marks, capitals and spaces."""
    return _bare(one) == _bare(other) != ""


def _bare(name: str) -> str:
    apart = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    letters = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(letters.split())
