"""No personal value in logs, errors or addresses: `python -m tests.campaigns.canaries [CANARIES]`.

Every operation of the gateway is asked with canaries in its path, query, headers and body: as its
document has it, with a broken body, with the database away, and with a failure that quotes them all.
Searched: everything logged (our loggers from DEBUG, all others from WARNING) and printed, every answer of
400 and above with its headers, and every Location. 0 may be found.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import httpx
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError

from gateway.database import Database
from gateway.settings import Settings
from tests.campaigns.fuzz_api import EVERY_SCOPE
from tests.gateway.conftest import PUBLIC_URL, connect, make_app, make_headers
from tests.gateway.test_authorization_matrix import ROLES
from tests.support.canaries import every_kind, found

CANARIES = 10_000
OURS = ("gateway", "app", "services", "views", "gate")
_DEEPEST = 5


@dataclass(slots=True)
class Outcome:
    """What a run did; `leaks` says which canary turned up where."""

    canaries: int = 0
    requests: int = 0
    failures: int = 0
    searched: int = 0
    leaks: list[str] = field(default_factory=list)


class Sinks(logging.Handler):
    """What is logged and printed, since the last look."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.printed = io.StringIO()

    def emit(self, record: logging.LogRecord) -> None:
        """Take a record as the product would write it, its traceback too."""
        if record.levelno >= logging.WARNING or record.name.split(".")[0] in OURS:
            self.printed.write(self.format(record) + "\n")

    def read(self) -> str:
        """Everything since the last look."""
        text = self.printed.getvalue()
        self.printed.seek(0)
        self.printed.truncate()
        return text


@dataclass(frozen=True, slots=True)
class Way:
    """One way to ask: how the body is spoilt, and what the database does."""

    name: str
    spoil: Callable[[bytes], bytes] = bytes
    failure: Callable[[str], Exception] | None = None


WAYS = (
    Way("as documented"),
    Way("broken body", lambda body: body[: max(1, len(body) * 2 // 3)]),
    Way(
        "database away",
        failure=lambda words: OperationalError(words, {"p": words}, Exception(words)),
    ),
    Way("crash", failure=RuntimeError),
)


class Asking:
    """Asks one operation after another with fresh canaries."""

    def __init__(self, app: FastAPI, http: httpx.AsyncClient, sinks: Sinks) -> None:
        self._document = app.openapi()
        self._http, self._sinks = http, sinks
        self._fresh = every_kind()
        self._used: list[str] = []
        self.outcome = Outcome()

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Method, path and description of each."""
        for path, methods in self._document["paths"].items():
            for method, operation in methods.items():
                yield method, path, operation

    async def ask(self, method: str, path: str, operation: dict[str, Any], way: Way) -> None:
        """One request, and a look into every sink."""
        self._used = []
        request = self._request(method, path, operation, way)
        self._sinks.read()
        with _failing(way, " ".join(self._used)):
            answer = await self._http.send(request)
        self.outcome.requests += 1
        self.outcome.canaries += len(self._used)
        self._search(f"{way.name}: {method.upper()} {path}", answer)

    def _search(self, where: str, answer: httpx.Response) -> None:
        sinks = {"logged or printed": self._sinks.read()}
        sinks["Location"] = answer.headers.get("location", "")
        if answer.status_code >= 400:
            self.outcome.failures += 1
            sinks["the refusal"] = answer.text + str(answer.headers)
        for name, text in sinks.items():
            self.outcome.searched += len(text)
            self.outcome.leaks += [
                f"{each} in {name} of {where}" for each in found(self._used, text)
            ]

    def _request(
        self, method: str, path: str, operation: dict[str, Any], way: Way
    ) -> httpx.Request:
        address = re.sub(r"\{[^}]+\}", lambda _: quote(self._text(), safe=""), path)
        asked = operation.get("parameters", [])
        query = {p["name"]: self._value(p.get("schema", {})) for p in asked if p["in"] == "query"}
        headers = {
            p["name"]: quote(self._text())
            for p in asked
            if p["in"] == "header" and p["name"].lower() != "authorization"
        }
        headers |= {"User-Agent": quote(self._text())}
        headers |= make_headers("sandbox-nguyen-minh-anh", EVERY_SCOPE, roles=ROLES)
        kind, body = self._body(operation)
        if kind:
            headers["Content-Type"] = kind
        given = {name: str(value) for name, value in query.items()}
        return self._http.build_request(
            method.upper(),
            address.lstrip("/"),
            params=given,
            headers=headers,
            content=way.spoil(body),
        )

    def _body(self, operation: dict[str, Any]) -> tuple[str, bytes]:
        content = operation.get("requestBody", {}).get("content", {})
        if not content:
            return "", b""
        kind = next(iter(content))
        value = self._value(content[kind].get("schema", {}))
        if kind == "application/x-www-form-urlencoded":
            return kind, str(httpx.QueryParams(value if isinstance(value, dict) else {})).encode()
        return kind, json.dumps(value, ensure_ascii=False).encode()

    def _value(self, schema: dict[str, Any], depth: int = 0) -> Any:
        """Something of the schema's shape, with a canary wherever a text or a number goes."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return self._value(self._document["components"]["schemas"][name], depth + 1)
        for choice in ("anyOf", "oneOf", "allOf"):
            if choice in schema and depth < _DEEPEST:
                return self._value(schema[choice][0], depth + 1)
        if schema.get("enum"):
            return schema["enum"][0]
        match schema.get("type"):
            case "object" if depth < _DEEPEST:
                return {
                    n: self._value(s, depth + 1) for n, s in schema.get("properties", {}).items()
                }
            case "array":
                return [self._value(schema.get("items", {}), depth + 1)]
            case "boolean":
                return True
            case "integer":
                return int(self._canary("identity_number"))
            case "number":
                return float(self._canary("coordinate"))
        return self._text()

    def _text(self) -> str:
        _kind, value = next(self._fresh)
        self._used.append(value)
        return value

    def _canary(self, wanted: str) -> str:
        while True:
            kind, value = next(self._fresh)
            if kind == wanted:
                self._used.append(value)
                return value


@contextmanager
def _failing(way: Way, words: str) -> Iterator[None]:
    """Let every transaction end in that way's failure, which quotes the canaries."""
    if way.failure is None:
        yield
        return
    failure = way.failure(words)

    def run_here(self: Database, work: object, write: bool = True) -> None:
        raise failure

    with patch.object(Database, "run_here", run_here):
        yield


async def campaign(canaries: int, folder: Path) -> Outcome:
    """Ask everything in every way until so many canaries were used."""
    settings = Settings(data_folder=folder, public_url=PUBLIC_URL, sandbox=True)
    database = Database(settings.database_url)
    database.migrate()
    app, sinks = make_app(settings, database), Sinks()
    root = logging.getLogger()
    level = root.level
    root.addHandler(sinks)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        with redirect_stdout(sinks.printed), redirect_stderr(sinks.printed):
            async with connect(app) as http:
                asking = Asking(app, http, sinks)
                while asking.outcome.canaries < canaries:
                    for way in WAYS:
                        for operation in asking.operations():
                            await asking.ask(*operation, way)
    finally:
        root.removeHandler(sinks)
        root.setLevel(level)
    return asking.outcome


def main(arguments: Sequence[str]) -> int:
    """Run it; 1 when a canary turned up."""
    with tempfile.TemporaryDirectory() as name:
        outcome = asyncio.run(campaign(int(arguments[0]) if arguments else CANARIES, Path(name)))
    print(json.dumps(asdict(outcome), indent=1, ensure_ascii=False))
    return 1 if outcome.leaks else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
