"""`python -m app.replay FILE`: a support bundle in a browser on this machine; `--check` in the terminal alone.

Ends with 1 when a screen differs from the recording, with 2 for a file that cannot be replayed.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
from pathlib import Path
from typing import Any

import uvicorn

from app.entry import ASSETS, data_folder
from app.replay.command import Refused, load, report, viewer_of
from app.web.host import create_web_app
from services.diagnostics import Bundle

HOST = "127.0.0.1"
PORT = 8570


def main(arguments: list[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m app.replay", description=__doc__)
    parser.add_argument("file", type=Path, help="a support bundle (.zip)")
    parser.add_argument("--check", action="store_true", help="print the steps and what differs")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", PORT)))
    given = parser.parse_args(arguments)
    try:
        bundle = load(given.file)
        return check(bundle) if given.check else serve(given.file, bundle, given.port)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2


def check(bundle: Bundle) -> int:
    """Print what the replay does, without any server."""
    said, same = report(bundle)
    print(said)
    return 0 if same else 1


def serve(path: Path, bundle: Bundle, port: int) -> int:
    """Serve the replay to this machine alone until interrupted."""
    address = f"http://{HOST}:{port}"
    if not _free(port):
        raise Refused(
            f"Port {port} is in use. Choose another: make replay FILE={path} PORT={port + 1}"
        )
    config = uvicorn.Config(
        make_replay_app(path, bundle, address), host=HOST, port=port, log_level="warning"
    )
    print(f"The replay is ready: {address}/replay\nStop it with Ctrl+C.", flush=True)
    uvicorn.Server(config).run()
    return 0


def make_replay_app(path: Path, bundle: Bundle, address: str) -> Any:
    """The ASGI app: the client, and one page that shows the file; no city and no sign-in."""
    folder = data_folder() / "replay"
    folder.mkdir(parents=True, exist_ok=True)
    return create_web_app(
        viewer_of(path, bundle),
        identity_for=_nobody,
        data_folder=folder,
        public_url=address,
        assets_dir=ASSETS,
        mounts={},
    )


def _nobody(_tokens: Any) -> Any:
    raise Refused("Nobody signs in to a replay.")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex((HOST, port)) != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
