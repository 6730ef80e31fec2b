"""Every `@pytest.mark.attack("what is tried", "standard and section")`, as docs/attacks.md.

`python -m tests.attacks.table` writes the page anew. A mark stands on a test, or on one
`pytest.param` of it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
DOCUMENT = ROOT / "docs" / "attacks.md"

HEAD = """# Attacks

What an attacker tries on sign-in, tokens and web sessions, where the standards describe it, and the test that sees it
refused. The page is made from the tests' marks: `python -m tests.attacks.table`; a test holds it to them, and to a row for
each attack of RFC 9700, section 4. `python -m pytest -m attack` runs them alone.

| attack | standard | test |
|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack: what is tried, where it is described, and the test that refuses it."""

    what: str
    standard: str
    test: str

    @property
    def order(self) -> tuple[str, list[int], str]:
        """By standard, then by section as numbers, then by name."""
        name, _, section = self.standard.rpartition(" ")
        return name, [int(part) for part in section.split(".")], self.what


def attacks() -> list[Attack]:
    """Every attack of every test, in the order of the page."""
    found: list[Attack] = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "attack" in text:
            found += _of(ast.parse(text), path.relative_to(ROOT).as_posix())
    return sorted(found, key=lambda each: each.order)


def page() -> str:
    """docs/attacks.md as it has to be."""
    rows = [f"| {each.what} | {each.standard} | `{each.test}` |\n" for each in attacks()]
    return HEAD + "".join(rows)


def _of(tree: ast.Module, path: str) -> Iterator[Attack]:
    lists = {
        target.id: statement.value
        for statement in tree.body
        for target in _targets(statement)
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None
    }
    for test in ast.walk(tree):
        if isinstance(test, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in test.decorator_list:
                # The parameters of a test may stand in a list of the module.
                named = {node.id for node in ast.walk(decorator) if isinstance(node, ast.Name)}
                for root in (decorator, *(lists[name] for name in sorted(named & lists.keys()))):
                    yield from (Attack(*said, f"{path}::{test.name}") for said in _marks(root))


def _targets(statement: ast.stmt) -> list[ast.Name]:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    return [target for target in targets if isinstance(target, ast.Name)]


def _marks(root: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(root):
        if isinstance(node, ast.Call) and re.fullmatch(
            r"attack|pytest\.mark\.attack", ast.unparse(node.func)
        ):
            what, standard = (ast.literal_eval(argument) for argument in node.args)
            yield what, standard


if __name__ == "__main__":
    DOCUMENT.write_text(page(), encoding="utf-8")
