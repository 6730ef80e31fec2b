"""`python -m gateway verify FILE`: the answer of /verify on the command line."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from gateway.certificates.authority import read_authority
from gateway.certificates.bounded import BoundedInspector
from gateway.certificates.configuration import Configuration
from gateway.certificates.office import keys_folder
from gateway.certificates.timestamps import read_root
from gateway.certificates.verification import Verdict, Verification, Verifier
from gateway.database import Database
from gateway.settings import Settings

NOT_VALID, NOT_CHECKED = 1, 2

SENTENCES = {
    "genuine": "Signed by the authority, whole, and in force.",
    "revoked": "The authority revoked this certificate. Do not accept it.",
    "superseded": "A newer certificate took the place of this one. Do not accept it.",
    "content_changed": "The content was changed after signing. Do not accept it.",
    "not_issued_here": "The signature is right, but this certificate is not in the register.",
    "other_authority": "Signed by somebody else than the authority.",
    "no_signature": "This file has no digital signature.",
    "expired": "The timestamp has ended: the signature can no longer be proved.",
    "too_costly": "The file takes more time or memory than a certificate does.",
}


def verify_command(argv: Sequence[str], settings: Settings) -> int:
    """Check the one file named in `argv` and print a word and a sentence.

    Returns 0 only for valid, 1 for every other answer, 2 when nothing could be checked.
    """
    if len(argv) != 1:
        return _unchecked("Usage: python -m gateway verify FILE")
    try:
        document = _read(Path(argv[0]), Configuration().upload_limit)
        found = asyncio.run(_check(document, settings))
    except ValueError as error:
        return _unchecked(str(error))
    except OSError as error:
        return _unchecked(f"{error.strerror or 'Not readable'}: {error.filename or argv[0]}")
    except SQLAlchemyError:
        return _unchecked("The register of issued certificates does not answer.")
    because = f" ({found.detail})" if found.detail else ""
    if found.verdict is Verdict.UNCHECKED:
        return _unchecked(SENTENCES[found.reason])
    print(f"{found.verdict}: {SENTENCES[found.reason]}{because}")
    return 0 if found.verdict is Verdict.VALID else NOT_VALID


async def _check(document: bytes, settings: Settings) -> Verification:
    keys = read_authority(keys_folder(settings))
    database, inspector = Database(settings.database_url), BoundedInspector()
    try:
        root = read_root(Configuration.from_environment(os.environ).tsa_root)
        given = database, keys.root.certificate, settings.clock
        verifier = Verifier(*given, stamp_root=root, inspect=inspector)
        return await verifier.check_file(document)
    finally:
        inspector.close()
        database.close()


def _read(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        document = file.read(limit + 1)
    if len(document) > limit:
        raise ValueError(f"The file is larger than {limit:,} bytes, so it is no certificate.")
    return document


def _unchecked(sentence: str) -> int:
    print(f"unchecked: {sentence}", file=sys.stderr)
    return NOT_CHECKED
