"""Addresses with names that the app makes of others are the same, name for name, and no others are."""

from __future__ import annotations

from dataclasses import replace

from app.replay.names import Names
from services.diagnostics import Screen
from services.diagnostics.addresses import Addresses
from services.diagnostics.digest import digest
from tests.support.bundles import example

KNOWN = Addresses(["records/items/:key", "reports/id/:service_request_id"])


def screen(route: str) -> Screen:
    words = ("Allergies", "•")
    return Screen(3, 1.0, route, words, digest(route, words))


def same(names: Names, recorded: str, replayed: str) -> bool:
    there = screen(recorded)
    return names.as_recorded(there, screen(replayed)).digest == there.digest


def test_a_name_is_the_same_wherever_it_comes() -> None:
    """One entry of the record cannot stand for two."""
    names = Names(example(), lambda: KNOWN)
    assert same(names, "/records/items/aaaa", "/records/items/bbbb")
    assert same(names, "/records/items/aaaa", "/records/items/bbbb")
    assert not same(names, "/records/items/aaaa", "/records/items/cccc")
    assert not same(names, "/records/items/dddd", "/records/items/bbbb")
    assert names.as_replayed("/records/items/aaaa") == "/records/items/bbbb"


def test_another_screen_is_another_screen() -> None:
    """Only names may differ."""
    assert not same(Names(example(), lambda: KNOWN), "/records/items/aaaa", "/reports/id/aaaa")


def test_what_the_recording_knows_is_never_another() -> None:
    """An identifier out of an answer has to be met as it is."""
    bundle = replace(example(), state={"saved": {"one": {"value": "aaaa"}}})
    names = Names(bundle, lambda: KNOWN)
    assert not same(names, "/records/items/aaaa", "/records/items/bbbb")
    assert not same(names, "/records/items/bbbb", "/records/items/aaaa")
