"""The gateway's commands: `python -m gateway COMMAND`; without one, the list."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from gateway.settings import Settings, port_of

Command = Callable[[list[str]], int]


def serve(argv: list[str]) -> int:
    """Serve the gateway alone: /api, and /identity in the sandbox"""
    import uvicorn

    from gateway import logs
    from gateway.asgi import create_city

    parser = argparse.ArgumentParser(prog="python -m gateway serve", description=serve.__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=port_of(os.environ), help="PORT, or 8550")
    chosen = parser.parse_args(argv)
    environ = {"IHANOI_PUBLIC_URL": f"http://{chosen.host}:{chosen.port}", **os.environ}
    settings = Settings.from_environment(environ)
    print(f"The gateway answers at {settings.api_url}", flush=True)
    logs.install()
    # The envelope sets Date itself, so that every answer has it in process too.
    uvicorn.run(
        create_city(settings),
        host=chosen.host,
        port=chosen.port,
        log_config=None,
        access_log=False,
        date_header=False,
        server_header=False,
        timeout_graceful_shutdown=3,  # A long poll would hold a stopping gateway for a minute.
    )
    return 0


def migrate(argv: list[str]) -> int:
    """Bring the database up to date and exit"""
    from gateway.database import Database

    argparse.ArgumentParser(prog="python -m gateway migrate").parse_args(argv)
    settings = Settings.from_environment(os.environ)
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    Database(settings.database_url).migrate()
    return 0


def openapi(argv: list[str]) -> int:
    """Print the OpenAPI document"""
    from gateway.asgi import create_app

    argparse.ArgumentParser(prog="python -m gateway openapi").parse_args(argv)
    document = create_app(Settings.from_environment(os.environ)).openapi()
    print(json.dumps(document, ensure_ascii=False, indent=2))
    return 0


def import_health(argv: list[str]) -> int:
    """Load health records from FHIR bundles"""
    from gateway.health_records import import_health as run

    return run(argv, Settings.from_environment(os.environ))


def facilities(argv: list[str]) -> int:
    """Add, end and list health facilities"""
    from gateway.health_records.facility_command import facilities_command

    return facilities_command(argv, Settings.from_environment(os.environ))


def api_key(argv: list[str]) -> int:
    """Make a key for another submitter of reports, or end its keys"""
    from gateway.database import Database
    from gateway.service_requests import api_keys

    parser = argparse.ArgumentParser(prog="python -m gateway api-key", description=api_key.__doc__)
    parser.add_argument("name", help="who sends with it, such as hotline-1022")
    parser.add_argument("--tokens", action="store_true", help="answer with tokens, not ids")
    parser.add_argument("--revoke", action="store_true", help="end every key of that name")
    chosen = parser.parse_args(argv)
    settings = Settings.from_environment(os.environ)
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    database.migrate()
    now = settings.clock()
    if chosen.revoke:
        ended = database.run_here(lambda db: api_keys.revoke(db, chosen.name, now))
        print(f"{ended} keys of {chosen.name} ended.")
        return 0 if ended else 1
    made = database.run_here(
        lambda db: api_keys.make(db, chosen.name, now, answers_tokens=chosen.tokens)
    )
    print(f"The key of {chosen.name}, shown this once:\n{made}")
    return 0


def verify(argv: list[str]) -> int:
    """Check a certificate's file; exits with 0 only when it is valid"""
    from gateway.certificates import verify_command

    return verify_command(argv, Settings.from_environment(os.environ))


def gates(argv: list[str]) -> int:
    """Add, end and list gates; list flagged taps"""
    from gateway.cards.command import gates_command

    return gates_command(argv, Settings.from_environment(os.environ))


COMMANDS: dict[str, Command] = {
    "serve": serve,
    "migrate": migrate,
    "openapi": openapi,
    "import-health": import_health,
    "facilities": facilities,
    "verify": verify,
    "api-key": api_key,
    "gates": gates,
}
"""Every command by its name. Each loads what it needs itself, so that the list comes at once."""


def main(argv: list[str]) -> int:
    """Run one command; returns the exit code.

    A wrong setting or an unwritable folder is one sentence.
    """
    command = COMMANDS.get(argv[0]) if argv else None
    if command is None:
        print(_usage(), file=sys.stdout if _is_help(argv) else sys.stderr)
        return 0 if _is_help(argv) else 2
    try:
        return command(argv[1:])
    except (OSError, ValueError) as error:
        return _refuse(argv[0], str(error))
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or type(error).__name__).partition("\n")[0]
        return _refuse(argv[0], f"the database cannot be used: {reason}")


def _refuse(name: str, reason: str) -> int:
    print(f"python -m gateway {name}: {reason}", file=sys.stderr)
    return 1


def _is_help(argv: list[str]) -> bool:
    return not argv or argv[0] in {"-h", "--help"}


def _usage() -> str:
    lines = [f"  {name:14} {command.__doc__}" for name, command in COMMANDS.items()]
    return "\n".join(["usage: python -m gateway COMMAND", "", *lines])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
