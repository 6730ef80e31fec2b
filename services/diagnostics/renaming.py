"""The recording once more, under a secret of the bundle's own: two bundles of it share no stand-in.

What was recorded is taken as if the gateway had sent it, and reduced again by the same allow-list. A
stand-in has the shape of what it stands for, so its own stand-in has it as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from services.diagnostics import har, state
from services.diagnostics.addresses import Addresses
from services.diagnostics.bundle import Bundle, Screen, Step
from services.diagnostics.digest import digest
from services.diagnostics.reducing import HOST, Reducer
from services.diagnostics.stand_ins import StandIns

ID = "id"
"""The draw of an identifier; any other is a number that belongs to nobody."""


class Renaming:
    """Gives every part of a recording other stand-ins, the same for the same; `stand_ins` has their names."""

    def __init__(self, addresses: Addresses, app_says: Callable[[str], bool]) -> None:
        self.stand_ins = StandIns(named=True)
        self.stand_ins.app_says = app_says
        self._addresses = addresses
        self._reducer = Reducer(self.stand_ins, HOST)

    def bundle(self, bundle: Bundle) -> Bundle:
        """The whole bundle, its stand-ins named and counted in the order in which they come."""
        log = bundle.har["log"]
        renamed = replace(
            bundle,
            state=self.state(bundle.state),
            steps=tuple(map(self.step, bundle.steps)),
            screens=tuple(map(self.screen, bundle.screens)),
            har={"log": {**log, "entries": list(map(self.request, log["entries"]))}},
        )
        counts = {**bundle.manifest.counts, **self.stand_ins.counts}
        return replace(
            renamed,
            manifest=replace(bundle.manifest, counts=counts),
            stand_ins=dict(self.stand_ins.names or {}),
        )

    def step(self, step: Step) -> Step:
        """A step with other stand-ins in its address, its answer and what it carried."""
        told = dict(step.detail)
        if "route" in told:
            told["route"] = self._route(str(told["route"]))
        if "person" in told:
            told |= self.state({"person": told["person"]})
        if step.kind == "chance" and told.get("call") == ID:
            told["answer"] = self.stand_ins.of("reference", told["answer"])
        if step.kind == "device" and isinstance(told.get("answer"), Mapping):
            told["answer"] = self._placed(told["answer"])
        if isinstance(told.get("data"), Mapping):
            told["data"] = self._carried(told["data"])
        return replace(step, detail=told)

    def screen(self, screen: Screen) -> Screen:
        """A screen under its address of the bundle."""
        route = self._route(screen.route)
        return replace(screen, route=route, digest=digest(route, screen.words))

    def request(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """A HAR entry with other stand-ins."""
        return har.again(entry, self._reducer)

    def state(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """What was stored."""
        return state.again(found, self._reducer)

    def _route(self, route: str) -> str:
        return self._addresses.reduced(route, self.stand_ins)

    def _carried(self, data: Mapping[str, Any]) -> dict[str, Any]:
        found = dict(data)
        if "date" in found:
            found["date"] = self.stand_ins.of("date", found["date"])
        if isinstance(found.get("point"), Mapping):
            found["point"] = self._placed(found["point"])
        return found

    def _placed(self, place: Mapping[str, Any]) -> dict[str, Any]:
        of = self.stand_ins.of
        return {k: of("degrees", v) if k in ("lat", "long") else v for k, v in place.items()}
