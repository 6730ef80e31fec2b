"""The commands behind `make app` and `make desktop`: `python -m app web|desktop`."""

from __future__ import annotations

import os
import socket
import sys

from app.config import ConfigError

HOST = "127.0.0.1"


def main(arguments: list[str]) -> int:
    """Run one command; what a person can mend is said in one sentence and ends with status 1."""
    commands = {"web": serve_web, "desktop": open_desktop}
    if len(arguments) != 1 or arguments[0] not in commands:
        return _say("Usage: python -m app web|desktop", 2)
    try:
        return commands[arguments[0]]()
    except ConfigError as error:
        return _say(str(error))
    except OSError as error:
        return _say(f"{error.filename or 'The data folder'} cannot be used: {error.strerror}.")
    except KeyboardInterrupt:
        return 0


def serve_web() -> int:
    """Serve the app, the gateway and the sandbox identity provider in this process."""
    port = _port()
    if not isinstance(port, int):
        return _say(port)
    if refusal := _refused(port):
        return _say(refusal)
    print("Starting iHaNoi …", flush=True)
    from app.serve import run_web

    return run_web(HOST, port)


def open_desktop() -> int:
    """Open the desktop window; an embedded gateway is served beside it."""
    port = _port()
    if not isinstance(port, int):
        return _say(port)
    from app.serve import run_desktop

    return run_desktop(HOST, port, refused=_refused(port))


def _port() -> int | str:
    text = os.environ.get("PORT", "8550")
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    return f"PORT is {text!r}. Allowed: a number from 1 to 65535."


def _refused(port: int) -> str:
    """Why nothing can listen on the port; empty when it is free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            return f"Port {port} needs more rights. Choose another: make app PORT=8551"
        except OSError:
            return f"Port {port} is in use. Stop what runs there, or choose another: make app PORT={port + 1}"
    return ""


def _say(sentence: str, status: int = 1) -> int:
    print(sentence, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
