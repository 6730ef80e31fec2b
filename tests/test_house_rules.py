"""The house's rules, checked: who imports whom, what a handler may be, where an address leads."""

import ast
import itertools
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import flet as ft
from flet.components.router import _match_routes

from app import paths
from app.routing import routes

ROOT = Path(__file__).parent.parent
CLIENT = sorted(itertools.chain((ROOT / "app").rglob("*.py"), (ROOT / "views").rglob("*.py")))
PYTHON = sorted(
    p
    for folder in ("app", "views", "services", "gateway", "gate")
    for p in (ROOT / folder).rglob("*.py")
)
LONGEST = 300
SHARED = ("Session", "Revisions", "Services", "list", "dict", "set")


def addresses() -> list[str]:
    """Every address of `app.paths`, with an example identifier where one is needed."""
    plain = [
        value for name, value in vars(paths).items() if name.isupper() and isinstance(value, str)
    ]
    people = [paths.health(None, f"people{step}") for step in ("", "/invite", "/code")]
    screens = ("accesses", "measurements", "measurements/new", "measurements/id/1", "corrections")
    people += [paths.health(whose, screen) for whose in (None, "P-1") for screen in screens]
    people += [paths.health_correction("allergies", "k"), paths.health(None, "emergency")]
    sections = [paths.health_section("allergies"), paths.health_section("results", "p/1")]
    sections += [paths.health(), paths.health("p/1"), paths.health(None, "print")]
    sections += [paths.health_item("results", "k"), paths.health_trend("k", "p/1")]
    sections += [paths.health_visit("k"), paths.health_visit("k", "p/1")]
    desk = [paths.desk_report("HN-2611/1"), paths.desk_photo("HN-2611/1", "m1")]
    reports = [paths.service_request("HN-2611/1"), paths.correct("HN-2611/1")]
    cards = [paths.parking_session("P-1"), paths.trip("T-1")]
    own = [*sections, paths.health_share("S-1")]
    own += [paths.bundle_sent("k"), paths.support_case("HT-4K7P-29"), paths.opened_bundle("o")]
    papers = [of("LL-1") for of in (paths.certificate, paths.send_certificate, paths.show_claims)]
    return [*plain, *people, *own, *desk, *reports, *cards, *papers]


@cache
def tree(path: Path) -> ast.Module:
    """A file's syntax tree, read once."""
    return ast.parse(path.read_text(encoding="utf-8"))


def places(paths: Iterable[Path], wrong: Callable[[ast.AST], bool]) -> list[str]:
    """Where in these files something wrong stands."""
    return [
        f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
        for path in paths
        for node in ast.walk(tree(path))
        if wrong(node)
    ]


def test_every_address_reaches_a_view() -> None:
    """A link that leads to "not found" is a dead end for a resident."""
    every = routes(ft.Container)
    assert [address for address in addresses() if _match_routes(every, address) is None] == []


def test_an_identifier_survives_its_address() -> None:
    """A code with a slash or a space must not open another screen."""
    chain = _match_routes(routes(ft.Container), paths.service_request("a/b c"))
    assert chain is not None
    assert chain[-1].params == {"service_request_id": "a%2Fb%20c"}


def test_no_lambda_calls_a_coroutine_function() -> None:
    """`on_click=lambda e: save()` with an async `save` never runs (Flet 1.0.5)."""
    for path in CLIENT:
        every = list(ast.walk(tree(path)))
        coroutines = {node.name for node in every if isinstance(node, ast.AsyncFunctionDef)}
        for node in every:
            if isinstance(node, ast.Lambda) and isinstance(node.body, ast.Call):
                called = node.body.func
                swallowed = isinstance(called, ast.Name) and called.id in coroutines
                assert not swallowed, f"{path.relative_to(ROOT)}: {ast.unparse(node)}"


def test_no_view_contains_try() -> None:
    """Failures become something to see in `app.hooks`, in one place."""
    views = [path for path in CLIENT if path.is_relative_to(ROOT / "views")]
    assert places(views, lambda node: isinstance(node, ast.Try)) == []


def test_the_client_catches_everything_in_three_places_only() -> None:
    """A broad except elsewhere would hide a fault from the resident and from us."""
    broad = places(
        CLIENT,
        lambda node: (
            isinstance(node, ast.ExceptHandler)
            and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
        ),
    )
    assert len(broad) == 3, broad
    assert all(place.startswith("app/hooks.py") for place in broad), broad


def test_every_component_has_an_error_boundary() -> None:
    """A component that raises in a re-render freezes the whole app (Flet 1.0.5)."""
    bare = [
        str(path.relative_to(ROOT))
        for path in CLIENT
        if path.name not in ("hooks.py", "shell.py")
        and "@ft.component" in path.read_text(encoding="utf-8")
    ]
    assert bare == []


def test_nothing_of_a_session_lives_at_module_level() -> None:
    """On the web one process serves many residents; what is at module level is shared."""
    shared = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in CLIENT
        for node in tree(path).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func) in SHARED
    ]
    assert shared == []


def test_a_file_is_one_idea() -> None:
    """A file that passes 300 lines is two ideas."""
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in PYTHON
    }
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST} == {}
