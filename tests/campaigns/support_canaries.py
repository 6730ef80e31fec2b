"""Canaries in every answer the gateway can give, and every address: how many get into a bundle.

python -m tests.campaigns.support_canaries 10000
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx

from services.clock import ServerClock
from services.diagnostics import Recorder, write
from services.diagnostics.classes import AREAS
from services.diagnostics.classification import CODED, INSIDE, KEEP, WHOLE, Area, filled
from services.diagnostics.har import Exchange
from services.vault import Vault
from tests.support.bundle_canaries import Canaries

BASE = "http://gateway/api"


def exchange(path: str, answer: Any, sent: Any = None, status: int = 200) -> Exchange:
    request = httpx.Request("POST", f"{BASE}{path}", json=sent if sent is not None else answer)
    content = json.dumps(answer, ensure_ascii=False).encode()
    headers = {"content-type": "application/json"}
    response = httpx.Response(status, headers=headers, content=content)
    return Exchange(request, response, content, datetime.now(UTC), 0.0, 0.1, 0.0)


async def contents(recorder: Recorder) -> bytes:
    """Everything in the bundle, unpacked."""
    with zipfile.ZipFile(BytesIO(write(await recorder.bundle()))) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def personal(area: Area) -> list[tuple[str, str]]:
    """(parent, field) of everything in an area that may not be told."""
    pairs = (name.rpartition(".")[::2] for name in area.fields if not name.startswith("?"))
    return [(p, n) for p, n in pairs if area.class_of(p, n) not in (KEEP, WHOLE, CODED, INSIDE)]


def answers(area: Area, canaries: Canaries) -> list[Any]:
    """An answer with a canary in each personal field, as a text, a number, in lists and objects."""
    found: list[Any] = []
    for parent, name in personal(area):
        makers = (canaries.words, canaries.digits, canaries.code)
        values: list[Any] = [make() for make in makers for _again in range(2)]
        values += [int(canaries.digits(13)), [canaries.words()], {"deeper": [canaries.words()]}]
        found += [{parent: {name: value}} if parent else {name: value} for value in values]
        # Whatever a gateway adds without telling anybody.
        found.append({name + "_of_2030": canaries.words(), "status": {"new": canaries.words()}})
    return found


def paths_of(area: Area, canaries: Canaries) -> list[str]:
    """Each address of the area with canaries for its parameters and for an unknown question."""
    kept = {name for name, class_ in area.fields.items() if name[0] == "?" and class_ == KEEP}
    found = []
    for template in area.paths:
        names = [part.partition("}")[0] for part in template.split("{")[1:]]
        told = {n: "1" if f"?{n}" in kept else canaries.code() for n in names}
        found.append(f"{filled(template, told)}?unknown={canaries.words()}")
    return found


async def sought(folder: Path, number: int) -> tuple[Canaries, bytes]:
    """Let so many canaries pass a recorder; return them and what its bundles hold, unpacked."""
    canaries, held = Canaries(), b""
    vault = Vault(folder / "vault.sqlite3", b"k" * 32)
    while len(canaries.made) < number:
        recorder = Recorder(ServerClock(), vault.for_subject("somebody"), BASE)
        for area in AREAS:
            ways = paths_of(area, canaries)
            for count, answer in enumerate(answers(area, canaries)):
                recorder.exchanged(exchange(ways[count % len(ways)], answer))
        problem = {"title": canaries.words(), "detail": canaries.words(), "status": 500}
        recorder.exchanged(exchange("/reports/mine", problem, status=500))
        recorder.exchanged(exchange(f"/nowhere/{canaries.code()}", {"name": canaries.words()}))
        held += await contents(recorder)
        await recorder.forget()
    vault.close()
    return canaries, held


def main() -> None:
    """Print how many canaries there were, in how many bytes they were sought, and how many leaked."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        canaries, held = asyncio.run(sought(Path(folder), number))
    leaked = canaries.found_in(held)
    print(f"{len(canaries.made)} canaries, {len(held)} bytes, {len(leaked)} leaked: {leaked[:5]}")
    sys.exit(bool(leaked))


if __name__ == "__main__":
    main()
