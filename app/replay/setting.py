"""Puts a replay together as `app.entry` puts the app together: the same services over what was recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import flet as ft
import httpx

from app import finding
from app.checking import GateChecker
from app.config import Config, Limits
from app.entry import ASSETS, Preferences, start
from app.recording.chance import PLACE
from app.replay.answers import HOST, ISSUER, RecordedAnswers
from app.replay.device import ReplayedDevice
from app.replay.rehearsal import RecordedDraws, RecordedFindings, Rehearsal
from app.replay.resident import MemoryVault, ReplayedIdentity, claims_of, fill
from app.replay.stage import Stage
from app.replay.storing import Refusals
from app.state import FEATURES
from services import Services, connect
from services.clock import ServerClock, boot
from services.diagnostics import Bundle
from services.reach import Reach

WIDTH, HEIGHT = 412.0, 892.0
"""The size in dp of a screen whose own was not recorded."""
SMALLEST, LARGEST = 240.0, 2600.0
PLATFORMS = ("android", "ios", "macos", "windows", "linux")
CLIENT_ID = "ihanoi-app"


@dataclass(frozen=True, slots=True)
class Setting:
    """Everything one replay needs; `open` starts the app on the stage."""

    bundle: Bundle
    stage: Stage
    services: Services
    device: ReplayedDevice
    answers: RecordedAnswers
    vault: MemoryVault
    rehearsal: Rehearsal
    findings: RecordedFindings
    config: Config
    begun: float

    async def open(self) -> None:
        """Start the app where the recording begins."""
        await self.stage.start(self._main, start_route(self.bundle))

    async def close(self) -> None:
        """End the session and forget what it stored."""
        await self.stage.close()
        self.vault.close()

    def _main(self, page: ft.Page) -> None:
        page.session.store.set(PLACE, RecordedDraws(self.bundle.steps, self.begun))
        page.session.store.set(finding.PLACE, self.findings)
        preferences: Preferences = dict(self.bundle.preferences)
        start(page, self.services, self.device, preferences, self.config)


async def make_setting(bundle: Bundle) -> Setting:
    """Make the stage and the services of a bundle; runs on the loop of the replay."""
    clock, vault = clock_of(bundle), MemoryVault()
    begun = asyncio.get_running_loop().time() - origin(bundle)
    whole = any(step.kind == "start" for step in bundle.steps)
    answers = RecordedAnswers(bundle.requests, begun, whole=whole)
    http = httpx.AsyncClient(transport=answers)
    claims = claims_of(bundle)
    identity = ReplayedIdentity(claims, http, clock, answers)
    if claims and signed_in_at_first(bundle):
        await identity.sign_in()
    await fill(vault, bundle, str(claims.get("sub") or ""))
    vault.refusals = Refusals(bundle.steps, begun)
    on_the_web = bundle.manifest.place == "web"
    device = ReplayedDevice(identity, bundle.steps, begun, keeps_health_copies=not on_the_web)
    rehearsal = Rehearsal(clock, vault.for_subject(identity.subject), HOST)
    services = connect(
        gateway_url=HOST,
        identity=identity,
        http=http,
        clock=clock,
        vault=vault,
        assets=ASSETS,
        keep_health_copies=not on_the_web,
        reach=reach_of(bundle),
        checker=GateChecker(),
    )
    services = replace(services, recorder=rehearsal)
    return Setting(
        bundle,
        _stage(bundle),
        services,
        device,
        answers,
        vault,
        rehearsal,
        RecordedFindings(bundle.steps),
        config_of(bundle),
        begun,
    )


def clock_of(bundle: Bundle) -> ServerClock:
    """The gateway's time and the device's own, both as they stood, moving with the replay's loop."""
    loop, manifest = asyncio.get_running_loop(), bundle.manifest
    gateway = manifest.started.timestamp() + origin(bundle) - loop.time()
    device = gateway - manifest.offset
    clock = ServerClock(loop.time, lambda: device + loop.time())
    clock.restore({"bounds": [gateway] * 2, "boot": boot(), "device_ahead": device})
    return clock


def origin(bundle: Bundle) -> float:
    """Seconds after the recording's start at which what is kept of it begins: the rest was overwritten."""
    if any(step.kind == "start" for step in bundle.steps):
        return min(step.at for step in bundle.steps if step.kind == "start")
    return min((one.at for many in (bundle.steps, bundle.screens) for one in many), default=0.0)


def reach_of(bundle: Bundle) -> Reach:
    """What was known of the gateway's reach when the recording began."""
    reach = Reach()
    first = next((step for step in bundle.steps if step.kind == "network"), None)
    if first is None or not first.detail.get("open"):
        reach.seen()
    return reach


def signed_in_at_first(bundle: Bundle) -> bool:
    """Whether somebody was signed in when the recording began."""
    for step in bundle.steps:
        if step.kind == "person":
            return not step.detail.get("signed_in")
        if step.kind == "device" and step.detail.get("call") == "sign_in":
            return not step.detail.get("answer")
    return True


def start_route(bundle: Bundle) -> str:
    """The address where the recording begins."""
    first = next((step for step in bundle.steps if step.kind == "start"), None)
    if first is not None:
        return str(first.detail.get("route", "/"))
    # Its beginning was overwritten: the first screen that is known.
    return bundle.screens[0].route if bundle.screens else "/"


def config_of(bundle: Bundle) -> Config:
    """The runtime profile as far as the app shows it; no address of it leads anywhere."""
    offer = bundle.preferences.get("offer")
    known: Mapping[str, Any] = offer if isinstance(offer, Mapping) else {}
    features = [name for name in known.get("features", FEATURES) if name in FEATURES]
    photos = known.get("photos")
    return Config(
        f"replay of {bundle.manifest.profile}",
        HOST,
        ISSUER,
        CLIENT_ID,
        sandbox=bool(known.get("sandbox", True)),
        features=tuple(features),
        limits=Limits(photos if isinstance(photos, int) and 0 < photos <= 20 else Limits().photos),
    )


def _stage(bundle: Bundle) -> Stage:
    preferences, manifest = bundle.preferences, bundle.manifest
    platform = manifest.platform.lower()
    return Stage(
        _side(preferences.get("width"), WIDTH),
        _side(preferences.get("height"), HEIGHT),
        web=manifest.place == "web",
        platform=platform if platform in PLATFORMS else "android",
        dark=bool(preferences.get("dark")),
    )


def _side(given: Any, usual: float) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        return usual
    return min(LARGEST, max(SMALLEST, float(given)))
