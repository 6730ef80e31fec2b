"""The command file and the settings: clear answers to wrong ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from gateway.__main__ import COMMANDS, main
from gateway.asgi import create_city
from gateway.database import Database
from gateway.settings import Settings


def run(folder: Path, *argv: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the command file as a resident's machine does."""
    clean = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL"}}
    return subprocess.run(
        [sys.executable, "-m", "gateway", *argv],
        env={**clean, "IHANOI_DATA": str(folder), **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder that the commands use."""
    monkeypatch.setenv("IHANOI_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path / "data"


def test_the_list_of_commands_says_what_each_does(capsys: pytest.CaptureFixture[str]) -> None:
    """The list is the manual."""
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    for name, command in COMMANDS.items():
        assert name in shown
        assert str(command.__doc__) in shown


def test_an_unknown_command_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    """A script must notice its own typing mistake."""
    assert main(["sevre"]) == 2
    assert "serve" in capsys.readouterr().err


def test_migrate_makes_the_tables(here: Path) -> None:
    """An operator migrates before the new version starts."""
    assert main(["migrate"]) == 0
    database = Database(f"sqlite:///{here / 'gateway.sqlite3'}")
    query = "SELECT count(*) FROM service_requests"
    assert database.run_here(lambda db: db.exec_driver_sql(query).scalar(), write=False) == 0
    database.close()


def test_openapi_prints_the_document(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The document can be had without starting a server."""
    assert main(["openapi"]) == 0
    assert json.loads(capsys.readouterr().out)["openapi"].startswith("3.")


def test_the_command_file_runs_as_a_program(tmp_path: Path) -> None:
    """`python -m gateway` is what the documents tell people to type."""
    done = run(tmp_path, "migrate", PORT="nonsense")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "python -m gateway migrate: PORT must be a number from 1 to 65535, not 'nonsense'\n"
    )


def test_a_database_that_cannot_be_used_is_one_sentence(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page of traceback hides the one line that says what to do."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{here / 'no' / 'such' / 'folder.sqlite3'}")
    assert main(["migrate"]) == 1
    said = capsys.readouterr().err
    assert said == "python -m gateway migrate: the database cannot be used: " + (
        "unable to open database file\n"
    )


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"PORT": "0"}, "PORT"),
        ({"PORT": "８"}, "PORT"),
        ({"IHANOI_SANDBOX": "no"}, "IHANOI_SANDBOX"),
    ],
)
def test_a_wrong_setting_is_named(environ: dict[str, str], named: str) -> None:
    """An operator fixes what the sentence names."""
    with pytest.raises(ValueError, match=named):
        Settings.from_environment(environ)


def test_settings_never_print_the_databases_password(tmp_path: Path) -> None:
    """Settings end in crash reports."""
    url = "postgresql://gateway:secret@db/city"
    assert "secret" not in repr(Settings(tmp_path, database_url=url, media_url="s3://k:secret@b"))


async def test_the_city_serves_the_gateway_beside_its_identity_provider(tmp_path: Path) -> None:
    """One process is a whole city; the gateway reaches its issuer without a socket."""
    city = create_city(Settings(tmp_path / "data", public_url="http://city.test"))
    async with city.router.lifespan_context(city):
        transport = httpx.ASGITransport(city)
        async with httpx.AsyncClient(transport=transport, base_url="http://city.test") as client:
            services = await client.get("/api/open311/v2/services.json")
            discovery = await client.get("/identity/.well-known/openid-configuration")
            keys = (await client.get(discovery.json()["jwks_uri"])).json()["keys"]
            forged = f"Bearer {_token(keys[0]['kid'])}"
            refused = await client.get("/api/reports/mine", headers={"Authorization": forged})
            page = await client.get("/verify/")
            broken = await client.get(
                "/api/fhir/R4/Observation/a%0Ab", headers=refused.request.headers
            )
    assert broken.headers["content-type"].startswith("application/fhir+json")
    assert broken.headers["x-request-id"] in broken.text
    assert services.status_code == page.status_code == 200
    assert discovery.json()["issuer"] == "http://city.test/identity"
    assert refused.status_code == 401


def _token(kid: str) -> str:
    from tests.gateway.conftest import make_token

    return make_token(header={"kid": kid}, iss="http://city.test/identity")


async def test_a_city_with_another_issuer_asks_that_one(tmp_path: Path) -> None:
    """Pointing the gateway at a real provider must not leave the sandbox's door open."""
    settings = Settings(tmp_path, public_url="http://city.test", issuer="https://real.test")
    city = create_city(settings)
    transport = httpx.ASGITransport(city)
    async with httpx.AsyncClient(transport=transport, base_url="http://city.test") as client:
        answer = await client.get("/identity/.well-known/openid-configuration")
    assert answer.status_code == 404
