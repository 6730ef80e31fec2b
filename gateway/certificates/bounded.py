"""Looking at a stranger's PDF in a process of its own, with bounds on its time and memory.

The process is kept for the next file; one that takes too long or too much is ended, and the file
has no answer. What it looked at is forgotten with the answer.
"""

from __future__ import annotations

import json
import os
import pickle
import selectors
import struct
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from math import ceil
from threading import Lock
from time import monotonic, process_time
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from gateway.certificates.coverage import Detail
from gateway.certificates.inspection import Finding, Inspection

CPU_SECONDS = 10
"""Of the processor; a certificate takes a fiftieth of it."""
SECONDS = 60.0
STARTING_SECONDS = 60.0
MEMORY = 700_000_000
"""Bytes of address space: pyHanko and what it needs take about 200 million of it."""
_SIZE = struct.Struct(">I")


class BoundedInspector:
    """Inspects one file after another; `None` for a file that exceeds its bounds."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds, self._memory = seconds, memory
        self._process: subprocess.Popen[bytes] | None = None
        self._one_at_a_time = Lock()

    def __call__(
        self,
        document: bytes,
        root: x509.Certificate,
        at: datetime,
        stamp_root: x509.Certificate | None = None,
    ) -> Inspection | None:
        """As `inspection.inspect`, in the other process."""
        roots = [one and one.public_bytes(Encoding.DER) for one in (root, stamp_root)]
        with self._one_at_a_time:
            try:
                return self._ask(pickle.dumps((document, roots, at)))
            except (OSError, EOFError, TimeoutError, ValueError):
                self.close()
                return None

    def close(self) -> None:
        """End the process; the next file starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    assert pipe is not None
                    pipe.close()

    def _ask(self, question: bytes) -> Inspection | None:
        process = self._running()
        assert process.stdin is not None
        process.stdin.write(_SIZE.pack(len(question)) + question)
        process.stdin.flush()
        return _inspection(json.loads(self._answer(process, self._seconds)))

    def _running(self) -> subprocess.Popen[bytes]:
        """The process, once it has said that it is ready: starting is not the file's time."""
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(  # noqa: S603  (our own program and one number)
                [sys.executable, "-m", "gateway.certificates.bounded", str(self._memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_surroundings(),
            )
            self._answer(self._process, STARTING_SECONDS)
        return self._process

    def _answer(self, process: subprocess.Popen[bytes], seconds: float) -> bytes:
        assert process.stdout is not None
        deadline = monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            (size,) = _SIZE.unpack(_read(process.stdout, selector, _SIZE.size, deadline))
            return _read(process.stdout, selector, size, deadline)


def _read(pipe: Any, selector: selectors.BaseSelector, size: int, deadline: float) -> bytes:
    found = b""
    while len(found) < size:
        if not selector.select(max(0.0, deadline - monotonic())):
            raise TimeoutError
        part = os.read(pipe.fileno(), size - len(found))
        if not part:
            raise EOFError
        found += part
    return found


def _inspection(answer: dict[str, Any]) -> Inspection:
    """What the other process found; it read a stranger's file, so its answer is JSON, no more."""
    at, detail = answer["signed_datetime"], answer["detail"]
    return Inspection(
        finding=Finding(answer["finding"]),
        signer=str(answer["signer"]),
        signed_datetime=datetime.fromisoformat(at) if at else None,
        covered_digest=str(answer["covered_digest"]),
        detail=Detail(detail) if detail else None,
        archived=bool(answer["archived"]),
    )


def _surroundings() -> dict[str, str]:
    """No address or key of this process is known to the one that reads strangers' files."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(sys.path)}


def serve(memory: int) -> None:
    """What the other process does: one answer for each question, until there are no more."""
    from gateway.certificates.inspection import inspect

    _bound(memory)
    _send(b"ready")
    while head := sys.stdin.buffer.read(_SIZE.size):
        question = sys.stdin.buffer.read(_SIZE.unpack(head)[0])
        _bound_processor(CPU_SECONDS)
        document, roots, at = pickle.loads(question)  # noqa: S301  (our own parent's)
        root, stamp_root = (one and x509.load_der_x509_certificate(one) for one in roots)
        found = asdict(inspect(document, root, at, stamp_root))
        _send(json.dumps(found, default=datetime.isoformat).encode())


def _bound(memory: int) -> None:
    """Where the system knows such limits; elsewhere the time that passes is the only bound."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def _bound_processor(seconds: int) -> None:
    """So much more of the processor; beyond it the system ends the process."""
    try:
        import resource
    except ImportError:
        return
    allowed = ceil(process_time()) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.RLIM_INFINITY))


def _send(answer: bytes) -> None:
    sys.stdout.buffer.write(_SIZE.pack(len(answer)) + answer)
    sys.stdout.buffer.flush()


INSPECTOR = BoundedInspector()
"""The one process of this installation's process; it holds nothing of any resident's."""

if __name__ == "__main__":
    serve(int(sys.argv[1]))
