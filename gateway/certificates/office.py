"""The office that issues certificates: its registers, its keys and what is set about it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_bytes

from cryptography import x509
from fastapi import FastAPI

from gateway.certificates.authority import Authority, open_authority, read_authority
from gateway.certificates.configuration import Configuration
from gateway.certificates.payment_provider import SandboxBank
from gateway.certificates.signing import FileSigner, Signer
from gateway.certificates.timestamps import http_stampers, read_root
from gateway.registers.criminal_records import (
    CriminalRecordRegister,
    Fault,
    SandboxCriminalRecords,
)
from gateway.registers.population import PopulationRegister, SandboxPopulation
from gateway.secret_file import SIZE, read_or_make
from gateway.settings import Settings

# While this file lies in the data folder the sandbox's register does not answer.
DOWN_FILE = "sandbox-criminal-records-down"
# While this file lies there it does not answer ("silent"), or not as agreed (anything else).
FAULT_FILE = "sandbox-criminal-records-fault"


@dataclass(frozen=True, slots=True)
class Office:
    """Whom to ask, what to sign with, and by which rules."""

    settings: Settings
    configuration: Configuration
    population: PopulationRegister
    register: CriminalRecordRegister
    authority: Authority = field(repr=False)
    secret: bytes = field(default_factory=lambda: token_bytes(SIZE), repr=False)
    bank: SandboxBank | None = field(default=None, repr=False)

    @property
    def stamp_root(self) -> x509.Certificate | None:
        """Where the certificates of a configured timestamp service end. Raises OSError."""
        return read_root(self.configuration.tsa_root)

    def signer(self) -> Signer:
        """Whoever signs, with the configured timestamp service or the sandbox's own."""
        url = self.configuration.tsa_url
        return FileSigner(self.authority, http_stampers(url) if url else None, self.stamp_root)


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

    secret = read_or_make(settings.data_folder / "keys" / "certificates.secret")
    fault_file = settings.data_folder / FAULT_FILE

    def fault() -> Fault:
        text = fault_file.read_text().strip() if fault_file.exists() else ""
        return "silent" if text == "silent" else "wrong" if text else ""

    return Office(
        settings=settings,
        configuration=configuration,
        population=SandboxPopulation(residents),
        register=SandboxCriminalRecords(is_down, residents, fault),
        authority=open_keys(settings),
        secret=secret,
        bank=SandboxBank(secret) if settings.sandbox else None,
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
