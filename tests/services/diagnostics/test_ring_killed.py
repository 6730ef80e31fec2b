"""An app that is killed in the middle of what it does leaves its last minutes behind."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

from services.clock import ServerClock
from services.diagnostics import Recorder
from services.errors import GatewayUnavailable
from services.vault import Vault

ROOT = Path(__file__).parents[3]
KEY = b"k" * 32
PATIENCE = 60.0


async def go_on(folder: Path) -> None:
    """What the app does until somebody ends it: act upon act, and an error now and then."""
    vault = Vault(folder / "vault.sqlite3", KEY)
    recorder = Recorder(ServerClock(), vault.for_subject("lan"), "http://gateway/api")
    recorder.step("start", route="/reports/new")
    while True:
        recorder.step("act", control="FilledButton", event="click", label="Send")
        if recorder.next_step % 20 == 0:
            recorder.error(GatewayUnavailable("busy", f"ref-{recorder.next_step}", status=503))
        await asyncio.sleep(0.002)


async def test_what_happened_before_it_was_killed_is_in_the_bundle_after_it(tmp_path: Path) -> None:
    """No goodbye, no flush: the process is gone from one moment to the next."""
    command = [sys.executable, "-m", __spec__.name if __spec__ else __name__, str(tmp_path)]
    child = subprocess.Popen(command, cwd=ROOT)
    try:
        async with asyncio.timeout(PATIENCE):
            while await told(tmp_path) < 50:
                assert child.poll() is None, "it ended by itself"
                await asyncio.sleep(0.1)
    finally:
        child.send_signal(signal.SIGKILL)
        assert child.wait(10) == -signal.SIGKILL
    vault = Vault(tmp_path / "vault.sqlite3", KEY)
    recorder = Recorder(ServerClock(), vault.for_subject("lan"), "http://gateway/api")
    recorder.step("start", route="/")
    bundle = await recorder.bundle()
    vault.close()
    kinds = [step.kind for step in bundle.steps]
    assert kinds[0] == kinds[-1] == "start"
    assert kinds.count("act") >= 50
    assert "error" in kinds
    # Without a gap up to where it ended; what was under way then is missing whole.
    assert [step.number for step in bundle.steps] == list(range(1, len(kinds) + 1))


async def told(folder: Path) -> int:
    """How many steps lie in the vault."""
    if not (folder / "vault.sqlite3").exists():
        return 0
    vault = Vault(folder / "vault.sqlite3", KEY)
    try:
        rows = await vault.for_subject("lan").list("recording")
        return sum(len(events) for events in rows.values())
    finally:
        vault.close()


if __name__ == "__main__":
    asyncio.run(go_on(Path(sys.argv[1])))
