"""Mutations of valid health records, each drawn on every screen: `make fuzz-health N=2000`.

Documents are the sandbox's and, where they are on this machine, those of ../shared/data/fhir and of
the folder that FHIR_SAMPLES names. A mutation that cannot be drawn ends the run and is printed.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gateway.health_records.sandbox import document_of
from gateway.registers.population import sandbox_residents
from services.health_records import read_summary
from tests.support.fhir_mutation import mutated
from tests.support.health_bundle import draws_everything, quiet_process

SHARED = Path(__file__).parents[3] / "shared" / "data" / "fhir"


def documents() -> list[Any]:
    """Every valid document at hand."""
    folders = [SHARED, *map(Path, filter(None, [os.environ.get("FHIR_SAMPLES")]))]
    files = [path for folder in folders for path in sorted(folder.glob("*.json"))]
    found: list[Any] = [json.loads(path.read_text(encoding="utf-8-sig")) for path in files]
    return found + [document_of(resident) for resident in sandbox_residents()]


def main(count: int) -> None:
    """Draw every document as it is, then `count` mutations of them."""
    valid = documents()
    started, refused = time.process_time(), 0
    with quiet_process() as process:
        for document in valid:
            draws_everything(process, read_summary(document), 3)
        print(f"{len(valid)} valid documents drawn on every screen", flush=True)
        small = [document for document in valid if len(json.dumps(document)) < 300_000]

        @settings(
            max_examples=count,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(data=st.data())
        def every_mutation_is_drawn(data: st.DataObject) -> None:
            nonlocal refused
            summary = read_summary(mutated(data, data.draw(st.sampled_from(small)), 20))
            refused += summary.unreadable > 0
            draws_everything(process, summary, 3)

        every_mutation_is_drawn()
    spent = time.process_time() - started
    print(f"{count} mutations drawn, {refused} of them with a named refusal; {spent:.0f} s of CPU")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
