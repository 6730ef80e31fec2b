"""`make bench-import`: importing one bundle, and one NDJSON export, of many resources.

Prints resources a second and the peak of resident memory for each size; the import runs in a process
of its own, so that the peak is its own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

OF_ONE_PATIENT = 1000


def main() -> None:
    """Make the files, import them, print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--resources", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        _import(options.child)
        return
    for count in options.resources:
        for kind in ("bundle", "ndjson"):
            _measure(kind, count)


def _measure(kind: str, count: int) -> None:
    with tempfile.TemporaryDirectory(prefix="ihanoi-bench-") as folder:
        files = [str(file) for file in _write(Path(folder), kind, count)]
        size = sum(Path(file).stat().st_size for file in files)
        environ = {**os.environ, "IHANOI_DATA": folder, "IHANOI_SANDBOX": "0"}
        command = [sys.executable, "-m", "tests.bench.health_import", "--child", *files]
        began = time.perf_counter()
        done = subprocess.run(command, env=environ, check=True, capture_output=True, text=True)
        took = time.perf_counter() - began
        said = json.loads(done.stdout.splitlines()[-1])
        print(
            f"{kind:7} {count:>9,} resources, {size / 1e6:,.0f} MB: {took:,.0f} s, "
            f"{count / took:,.0f} a second, CPU {said['cpu']:,.0f} s, "
            f"peak {said['peak'] / 1024:,.0f} MB, database {said['database'] / 1e6:,.0f} MB",
            flush=True,
        )


def _import(files: list[str]) -> None:
    from gateway.health_records import import_health
    from gateway.settings import Settings

    settings = Settings.from_environment(os.environ)
    if import_health(files, settings):
        raise SystemExit(1)
    used = resource.getrusage(resource.RUSAGE_SELF)
    database = sum(f.stat().st_size for f in settings.data_folder.glob("gateway.sqlite3*"))
    said = {"cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss, "database": database}
    print(json.dumps(said))


def _write(folder: Path, kind: str, count: int) -> list[Path]:
    if kind == "bundle":
        file = folder / "large.json"
        with file.open("w") as out:
            out.write('{"resourceType":"Bundle","type":"transaction","entry":[')
            for number, made in enumerate(_resources(count, count)):
                entry = {
                    "fullUrl": f"urn:uuid:{made['id']}",
                    "resource": made,
                    "request": {"method": "POST", "url": made["resourceType"]},
                }
                out.write(("," if number else "") + json.dumps(entry))
            out.write("]}")
        return [file]
    patients, results = folder / "Patient.ndjson", folder / "Observation.ndjson"
    with patients.open("w") as first, results.open("w") as second:
        for made in _resources(count, OF_ONE_PATIENT):
            out = first if made["resourceType"] == "Patient" else second
            out.write(json.dumps(made) + "\n")
    return [patients, results]


def _resources(count: int, of_one: int) -> Iterator[dict[str, object]]:
    """A Patient and their results, again and again."""
    patient = ""
    for number in range(count):
        name = f"00000000-0000-4000-8000-{number:012}"
        if number % of_one == 0:
            patient = name
            identifier = [{"system": "urn:ihanoi:bench", "value": f"P{number}"}]
            yield {"resourceType": "Patient", "id": name, "identifier": identifier}
            continue
        reference = f"urn:uuid:{patient}" if of_one == count else f"Patient/{patient}"
        day = f"20{10 + number % 16:02}-{number % 12 + 1:02}-{number % 28 + 1:02}"
        yield {
            "resourceType": "Observation",
            "id": name,
            "status": "final",
            "category": [{"coding": [{"code": "laboratory"}]}],
            "code": {"coding": [{"system": "http://loinc.org", "code": f"{number % 400}-1"}]},
            "subject": {"reference": reference},
            "effectiveDateTime": day,
            "valueQuantity": {"value": number % 900 / 10, "unit": "mmol/L"},
            "note": [{"text": f"Synthea would say about as much as this about result {number}."}],
        }


if __name__ == "__main__":
    main()
