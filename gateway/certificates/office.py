"""The office that issues certificates: its registers, its keys and what is set about it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import FastAPI

from gateway.certificates.authority import Authority, open_authority, read_authority
from gateway.certificates.configuration import Configuration
from gateway.registers.criminal_records import CriminalRecordRegister, SandboxCriminalRecords
from gateway.registers.population import PopulationRegister, SandboxPopulation
from gateway.settings import Settings

# While this file lies in the data folder the sandbox's register does not answer.
DOWN_FILE = "sandbox-criminal-records-down"


@dataclass(frozen=True, slots=True)
class Office:
    """Whom to ask, what to sign with, and by which rules."""

    settings: Settings
    configuration: Configuration
    population: PopulationRegister
    register: CriminalRecordRegister
    authority: Authority = field(repr=False)


def open_office(settings: Settings, environ: Mapping[str, str] = os.environ) -> Office:
    """Open the registers and the keys, which the sandbox makes at its first start.

    Outside the sandbox no register is connected yet: nobody is known there and nothing is issued.
    Raises FileNotFoundError when keys are missing and must not be made up.
    """
    configuration = Configuration.from_environment(environ)
    residents = None if settings.sandbox else ()
    down_file = settings.data_folder / DOWN_FILE

    def is_down() -> bool:
        return configuration.register_down or not settings.sandbox or down_file.exists()

    return Office(
        settings=settings,
        configuration=configuration,
        population=SandboxPopulation(residents),
        register=SandboxCriminalRecords(is_down, residents),
        authority=open_keys(settings),
    )


def open_keys(settings: Settings) -> Authority:
    """The keys in the data folder; outside the sandbox FileNotFoundError when there are none."""
    if settings.sandbox:
        return open_authority(keys_folder(settings), settings.clock())
    return read_authority(keys_folder(settings))


def keys_folder(settings: Settings) -> Path:
    """Where the keys lie."""
    return settings.data_folder / "keys" / "certificates"


def office_of(app: FastAPI) -> Office:
    """The application's office, opened at the first call; a test may put its own there before."""
    if getattr(app.state, "certificate_office", None) is None:
        app.state.certificate_office = open_office(app.state.settings)
    office: Office = app.state.certificate_office
    return office
