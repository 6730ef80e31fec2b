"""Small bundles of two residents, and the shared real ones where they are at hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.database import Database
from gateway.health_records.bundles import read_bundle
from gateway.health_records.importing import add_bundle
from gateway.settings import Settings
from tests.gateway.health_records.samples import SHARED

Stored = Callable[..., str]
WriteFile = Callable[..., str]


@pytest.fixture
def stored(database: Database, settings: Settings) -> Stored:
    """Stores a bundle in a resident's record and gives back the record's logical id."""

    def store(bundle: object, subject: str | None, source: str = "test.json") -> str:
        read = read_bundle(json.dumps(bundle, ensure_ascii=False).encode())
        kept = database.run_here(lambda c: add_bundle(c, settings, read, source, subject))
        return kept.patient_id

    return store


@pytest.fixture
def write_file(tmp_path: Path) -> WriteFile:
    """Writes a value as JSON (text as it is) and gives back the file's name."""

    def write(content: object, name: str = "bundle.json") -> str:
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return write


@pytest.fixture
def shared_bundles() -> list[Path]:
    """The five real bundles, read where they are and never copied."""
    found = sorted(SHARED.glob("*.json"))
    if not found:
        pytest.skip("the shared FHIR samples (../shared/data/fhir) are not on this machine")
    return found
