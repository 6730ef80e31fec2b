"""Certificates against other people's tools, and mutants of them against /verify.

    python -m tests.campaigns.certificates 200 1000

Every certificate must be called valid by poppler's `pdfsig` and by pyHanko with the sandbox's
root, clean by `qpdf --check`, and carry its SD-JWT, which the package `sd-jwt` verifies; /verify
must call each of them valid and none of the mutants. Ends with 1 when anything else happens.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from sqlalchemy import insert
from starlette.applications import Starlette
from starlette.routing import Mount

from gateway.asgi import create_app
from gateway.certificates import drafting
from gateway.certificates.asn1 import as_asn1
from gateway.certificates.authority import Authority
from gateway.certificates.bounded import INSPECTOR
from gateway.certificates.credential import key_set
from gateway.certificates.office import Office, open_office
from gateway.certificates.tables import applications, certificates
from gateway.database import Database
from gateway.registers.criminal_records import CONVICTIONS
from gateway.settings import Settings
from tests.support import certificate_mutants, sd_jwt_twin

TOOLS = ("pdfsig", "certutil", "qpdf", "pdfdetach")
FAMILY, MIDDLE = ("Nguyễn", "Trần", "Lê", "Phạm", "Đặng"), ("Thị", "Văn", "Quốc", "Ngọc", "Hữu")
GIVEN = ("Thử", "Mẫu", "Giả", "Định", "Nghiệm", "Phương Thảo", "Ước")
GOOD = (
    "Total document signed",
    "Signature Validation: Signature is Valid.",
    "Certificate Validation: Certificate is Trusted.",
)


@dataclass
class Result:
    """What was counted; `wrong` names everything that should not have happened."""

    counts: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    making_seconds: float = 0.0

    def saw(self, what: str, *, good: bool, which: str) -> None:
        self.counts[what] += good
        if not good:
            self.wrong.append(f"{which}: {what}")


async def run(count: int, mutants: int, folder: Path, seed: int = 7) -> Result:
    """Make `count` certificates and `mutants` of them, and ask everybody about each."""
    result, chance = Result(), random.Random(seed)
    settings = Settings(data_folder=folder, public_url="http://city.test")
    office, database = open_office(settings, {}), Database(settings.database_url)
    database.migrate()
    began = time.process_time()
    made = [await asyncio.to_thread(make, office, database, n, chance) for n in range(count)]
    result.making_seconds = time.process_time() - began
    keys, trust = key_set(office.authority), trusted(office, folder)
    for number, document in enumerate(made):
        with_tools(result, folder, trust, document, str(number))
        await with_pyhanko(result, office.authority, document, str(number))
        with_sd_jwt(result, folder, keys, document, str(number))
    app = create_app(settings, database=database)
    app.state.certificate_office = office
    city = Starlette(routes=[Mount("/api", app)])
    try:
        for number, document in enumerate(made):
            verdict = (await verified(city, document, chance))["verdict"]
            result.saw("/verify says valid", good=verdict == "valid", which=str(number))
        for kind, document in chosen(made, mutants, chance):
            change = certificate_mutants.KINDS[kind]
            mutant = await asyncio.to_thread(change, document, chance)
            if mutant in made:
                continue
            answer = await verified(city, mutant, chance)
            said = f"{answer['verdict']} {answer['detail'] or answer['reason']}"
            result.answers[f"{kind}: {said}"] += 1
            good = answer["verdict"] in {"altered", "unknown", "unchecked"}
            result.saw("mutants refused by /verify", good=good, which=f"{kind} ({said})")
    finally:
        INSPECTOR.close()
        database.close()
    return result


def chosen(made: list[bytes], mutants: int, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """What to change, and how: every kind in turn, those that cost a signature a fifth as often."""
    kinds = [*certificate_mutants.CHEAP] * 5 + list(certificate_mutants.KINDS)[10:]
    for number in range(mutants):
        kind = kinds[number % len(kinds)] if mutants > len(kinds) else kinds[-1 - number]
        yield kind, chance.choice(made)


def make(office: Office, database: Database, number: int, chance: random.Random) -> bytes:
    """One certificate of an invented person, stored as the office stores it."""
    row = _application(number, chance)
    stored: Any = SimpleNamespace(**row)
    issued = datetime.now(UTC).replace(microsecond=0)
    signed = drafting.draw_and_sign(office, office.signer(), stored, issued)
    database.run_here(lambda db: db.execute(insert(applications).values(**row)))
    database.run_here(lambda db: db.execute(insert(certificates).values(**signed)))
    return bytes(signed["document"])


def _application(number: int, chance: random.Random) -> dict[str, Any]:
    kind, entries = chance.choice((1, 2)), chance.choice(((), CONVICTIONS[:1], CONVICTIONS))
    shown = [entry for entry in entries if kind == 2 or not entry.spent]
    stored = [{name: getattr(entry, name) for name in entry.__slots__} for entry in shown]
    return {
        "application_id": f"LL-2611-{number + 1:05d}",
        "subject": f"campaign-{number}",
        "person": f"campaign-{number}",
        "certificate_type": kind,
        "purpose": chance.choice(("employment", "study", "licence", "other")),
        "contact_phone": "0900000216",
        "delivery": "electronic",
        "fee": 0,
        "identity": {
            "name": f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(GIVEN)}",
            "birthdate": f"{chance.randrange(1940, 2010)}-{chance.randrange(1, 13):02d}-17",
            "gender": chance.choice(("female", "male")),
            "identity_number": f"0019{chance.randrange(10**8):08d}",
            "address": f"Nhà số {chance.randrange(900, 999)} phố Giả Định, phường Mẫu, Hà Nội",
        },
        "former_names": chance.choice(([], ["Nguyễn Tên Cũ"])),
        "former_addresses": chance.choice(
            ([], [{"address": "Phường Mẫu, Hà Nội", "from_year": 2001, "to_year": None}])
        ),
        "convictions": [
            {**entry, "judgment_date": str(entry["judgment_date"])} for entry in stored
        ],
        "holder_key": None,
        "status": "ready",
        "submitted_at": 0,
        "due_at": 0,
        "working_days": [],
        "number": f"MẪU-{number + 1:06d}",
        "code": drafting.new_code(),
    }


def trusted(office: Office, folder: Path) -> str:
    """A database of NSS that trusts the sandbox's root; empty where there is no `certutil`."""
    if not shutil.which("certutil"):
        return ""
    root, trust = folder / "root.pem", f"sql:{folder}"
    root.write_bytes(office.authority.root_pem)
    named = ["-A", "-d", trust, "-n", "sandbox", "-t", "C,C,C", "-a", "-i", str(root)]
    _said("certutil", "-N", "-d", trust, "--empty-password")
    _said("certutil", *named)
    return trust


def with_tools(result: Result, folder: Path, trust: str, document: bytes, which: str) -> None:
    """What `pdfsig`, `qpdf` and `pdfdetach` say."""
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        result.skipped = [f"{tool} is not installed" for tool in missing]
        return
    path = folder / "certificate.pdf"
    path.write_bytes(document)
    said = _said("pdfsig", "-nssdir", trust, str(path))
    good = all(line in said for line in GOOD) and "Not total" not in said
    result.saw("pdfsig: whole, valid, trusted", good=good, which=which)
    good = "No syntax or stream encoding errors found" in _said("qpdf", "--check", str(path))
    result.saw("qpdf --check is clean", good=good, which=which)
    good = "certificate.sd-jwt" in _said("pdfdetach", "-list", str(path))
    result.saw("pdfdetach lists the twin", good=good, which=which)


async def with_pyhanko(result: Result, authority: Authority, document: bytes, which: str) -> None:
    """PyHanko's own verdict by the file's own revocation data; none of our rules in between."""
    reader = PdfFileReader(BytesIO(document))
    trust = DocumentSecurityStore.read_dss(reader).as_validation_context(
        {"trust_roots": [as_asn1(authority.root.certificate)], "revocation_mode": "require"}
    )
    [signature] = reader.embedded_signatures
    status = await async_validate_pdf_signature(signature, signer_validation_context=trust)
    result.saw("pyHanko: bottom line valid", good=status.bottom_line, which=which)


def with_sd_jwt(
    result: Result, folder: Path, keys: dict[str, Any], document: bytes, which: str
) -> None:
    """The embedded file, taken out by `pdfdetach`, verified by the independent package."""
    if not shutil.which("pdfdetach"):
        return
    source, out = folder / "certificate.pdf", folder / "twin"
    source.write_bytes(document)
    _said("pdfdetach", "-save", "1", "-o", str(out), str(source))
    found = sd_jwt_twin.verified(out.read_text(), keys)
    result.saw("sd-jwt verifies the twin", good="result" in found, which=which)


async def verified(city: Starlette, document: bytes, chance: random.Random) -> dict[str, Any]:
    """The answer of /verify to a visitor from somewhere."""
    address = ".".join(str(chance.randrange(1, 255)) for _ in range(4))
    transport = httpx.ASGITransport(city, client=(address, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://city.test") as client:
        sent = {"file": ("phieu.pdf", document, "application/pdf")}
        answer = await client.post("/api/certificates/v1/verify", files=sent)
    found: dict[str, Any] = answer.json()
    return found


def _said(*command: str) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return done.stdout + done.stderr


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=200)
    parser.add_argument("mutants", type=int, nargs="?", default=1000)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ihanoi-certificates-") as folder:
        result = asyncio.run(run(asked.count, asked.mutants, Path(folder), asked.seed))
    for what, number in result.counts.items():
        print(f"{number:6} {what}")
    print(f"{result.making_seconds / asked.count:6.2f} s of CPU time to make one")
    for what, number in sorted(result.answers.items()):
        print(f"{number:6} {what}")
    for line in (*result.skipped, *result.wrong):
        print(line)
    return 1 if result.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
