"""The house's rules, checked: who imports whom, what a handler may be, where an address leads."""

import ast
import itertools
from pathlib import Path

import flet as ft
import pytest
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


def addresses() -> list[str]:
    """Every address of `app.paths`, with an example identifier where one is needed."""
    plain = [
        value for name, value in vars(paths).items() if name.isupper() and isinstance(value, str)
    ]
    people = [paths.health(None, f"people{step}") for step in ("", "/invite", "/code")]
    screens = ("accesses", "measurements", "measurements/new", "measurements/id/1")
    people += [paths.health(whose, screen) for whose in (None, "P-1") for screen in screens]
    sections = [paths.health_section("allergies"), paths.health_section("results", "p/1")]
    sections += [paths.health(), paths.health("p/1"), paths.health(None, "print")]
    sections += [paths.health_item("results", "k"), paths.health_trend("k", "p/1")]
    sections += [paths.health_visit("k"), paths.health_visit("k", "p/1")]
    desk = [paths.desk_report("HN-2611/1"), paths.desk_photo("HN-2611/1", "m1")]
    reports = [paths.service_request("HN-2611/1"), paths.correct("HN-2611/1")]
    cards = [paths.parking_session("P-1"), paths.trip("T-1")]
    own = [*sections, paths.health_share("S-1")]
    return [*plain, *people, *own, *desk, *reports, *cards, paths.certificate("LL-1")]


@pytest.mark.parametrize("address", addresses())
def test_every_address_reaches_a_view(address: str) -> None:
    """A link that leads to "not found" is a dead end for a resident."""
    assert _match_routes(routes(ft.Container), address) is not None


def test_an_identifier_survives_its_address() -> None:
    """A code with a slash or a space must not open another screen."""
    chain = _match_routes(routes(ft.Container), paths.service_request("a/b c"))
    assert chain is not None
    assert chain[-1].params == {"service_request_id": "a%2Fb%20c"}


@pytest.mark.parametrize("path", CLIENT, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_lambda_calls_a_coroutine_function(path: Path) -> None:
    """`on_click=lambda e: save()` with an async `save` never runs (Flet 1.0.5)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    coroutines = {n.name for n in ast.walk(tree) if isinstance(n, ast.AsyncFunctionDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Lambda) and isinstance(node.body, ast.Call):
            called = node.body.func
            assert not (isinstance(called, ast.Name) and called.id in coroutines), ast.unparse(node)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "views").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT))
)
def test_no_view_contains_try(path: Path) -> None:
    """Failures become something to see in `app.hooks`, in one place."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Try)]


def test_the_client_catches_everything_in_three_places_only() -> None:
    """A broad except elsewhere would hide a fault from the resident and from us."""
    broad = [
        f"{path.relative_to(ROOT)}:{handler.lineno}"
        for path in CLIENT
        for handler in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(handler, ast.ExceptHandler)
        and (handler.type is None or ast.unparse(handler.type) in ("Exception", "BaseException"))
    ]
    assert len(broad) == 3
    assert all(place.startswith("app/hooks.py") for place in broad)


@pytest.mark.parametrize("path", CLIENT, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_component_has_an_error_boundary(path: Path) -> None:
    """A component that raises in a re-render freezes the whole app (Flet 1.0.5)."""
    if path.name in ("hooks.py", "shell.py"):
        return
    assert "@ft.component" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", CLIENT, ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_of_a_session_lives_at_module_level(path: Path) -> None:
    """On the web one process serves many residents; what is at module level is shared."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        value = getattr(node, "value", None)
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(value, ast.Call):
            called = ast.unparse(value.func)
            assert called not in ("Session", "Revisions", "Services", "list", "dict", "set"), called


@pytest.mark.parametrize("path", PYTHON, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_is_one_idea(path: Path) -> None:
    """A file that passes 300 lines is two ideas."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST
