"""Whether the tests notice a change of the code: python -m tests.benchmarks.mutate [file ...].

One place of one file at a time is changed (a comparison, a constant, an "and"), and the tests of
its room are run. A change that no test notices is a survivor, and named.
"""

import argparse
import ast
import copy
import importlib.abc
import importlib.util
import os
import random
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, NamedTuple

if sys.platform == "win32":
    raise SystemExit("This needs a system whose processes can be forked.")

SOURCE = Path(__file__).parents[2] / "src" / "nearmiss"
# The tests of each file, the quickest first.
ROOMS = {
    "logbook/verify.py": (
        "tests/logbook/test_verify.py", "tests/commands/test_verify.py",
        "tests/logbook/test_damage.py",
    ),
    "logbook/lines.py": (
        "tests/logbook/test_verify.py", "tests/logbook/test_chain.py",
        "tests/logbook/test_damage.py", "tests/logbook/test_crash.py",
    ),
    "records/record.py": (
        "tests/records", "tests/commands/test_records.py", "tests/commands/test_import.py",
    ),
    "documents/reader.py": (
        "tests/documents/test_people.py", "tests/documents/test_audience.py",
        "tests/sharing/test_caution.py", "tests/exports",
    ),
    "dates/grammar.py": ("tests/dates",),
    "dates/moments.py": ("tests/dates",),
    "dates/days.py": ("tests/dates",),
}  # fmt: skip
SWAPS: dict[type[ast.AST], Any] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add,
}  # fmt: skip


class Mutant(NamedTuple):
    """A changed file: the line, what stood there, what stands there now, and the whole."""

    line: int
    before: str
    after: str
    tree: ast.Module


def make_mutants(path: Path) -> Iterator[Mutant]:
    """Yield every change of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    places = list(list_places(tree))
    for number, place in enumerate(places):
        changed = copy.deepcopy(tree)
        node = list(list_places(changed))[number]
        before = ast.unparse(place)
        change(node)
        yield Mutant(node.lineno, before, ast.unparse(node), ast.fix_missing_locations(changed))


def list_places(node: ast.AST) -> Iterator[ast.expr]:
    """Yield what can be changed: no docstring, no type, no part of a formatted text."""
    if isinstance(node, ast.expr) and is_place(node):
        yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list") or isinstance(node, ast.JoinedStr):
            continue
        for each in value if isinstance(value, list) else [value]:
            docstring = isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)
            typing = isinstance(each, ast.If) and ast.unparse(each.test) == "TYPE_CHECKING"
            if isinstance(each, ast.AST) and not docstring and not typing:
                yield from list_places(each)


def is_place(node: ast.expr) -> bool:
    """Whether ``change`` knows what to make of it."""
    match node:
        case ast.Compare(ops=[op]) | ast.BoolOp(op=op) | ast.BinOp(op=op):
            return type(op) in SWAPS
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Constant(value=bool() | int() | str()):
            return node.value != ""
    return False


def change(node: ast.expr) -> None:
    """Make it mean something else."""
    match node:
        case ast.Compare(ops=[op]):
            node.ops = [SWAPS[type(op)]()]
        case ast.BoolOp(op=op) | ast.BinOp(op=op):
            node.op = SWAPS[type(op)]()
        case ast.UnaryOp():
            node.op, node.operand = ast.Not(), ast.UnaryOp(ast.Not(), node.operand)
        case ast.Constant(value=bool(value)):
            node.value = not value
        case ast.Constant(value=int(value)):
            node.value = value + 1
        case ast.Constant(value=str(value)):
            node.value = f"{value}!"


class Finder(importlib.abc.MetaPathFinder):
    """Lets one module be loaded from a changed tree."""

    def __init__(self, name: str, tree: ast.Module) -> None:
        self.name, self.tree = name, tree

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None, /
    ) -> ModuleSpec | None:
        """Return where to load the module from, None for all others."""
        spec = PathFinder.find_spec(fullname, path) if fullname == self.name else None
        return spec and with_tree(spec, self.tree)


def with_tree(spec: ModuleSpec, tree: ast.Module) -> ModuleSpec:
    """Return ``spec`` with the code of ``tree``."""

    class Loader(SourceFileLoader):
        def get_code(self, fullname: str) -> CodeType:
            return compile(tree, self.path, "exec")

    assert spec.origin
    spec.loader = Loader(spec.name, spec.origin)
    return spec


def passes(module: str, tree: ast.Module, tests: Sequence[str], limit: float) -> bool:
    """Run ``tests`` in a process of their own with a changed module; whether nothing failed."""
    child = os.fork()
    if child == 0:
        signal.alarm(int(limit) + 1)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        sys.meta_path.insert(0, Finder(module, tree))
        import pytest

        there = [each for each in tests if Path(each).exists()]
        os._exit(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *there]))
    return os.waitpid(child, 0)[1] == 0


def examine(name: str, most: int) -> None:
    """Change one file in at most ``most`` places, and print the changes that no test notices."""
    path = SOURCE / name
    module = ".".join(("nearmiss", *Path(name).with_suffix("").parts))
    tests = ROOMS.get(name) or (f"tests/{Path(name).parent}",)
    began = time.perf_counter()
    if not passes(module, ast.parse(path.read_text(encoding="utf-8")), tests, 600):
        print(f"| {name} | its tests fail as it is | | |", flush=True)
        return
    limit = 10 + 4 * (time.perf_counter() - began)
    mutants = list(make_mutants(path))
    chosen = random.Random(1).sample(mutants, min(most, len(mutants)))
    noticed = 0
    for each in chosen:
        if passes(module, each.tree, tests, limit):
            print(
                f"    {name}, line {each.line}: {each.before[-60:]}  ->  {each.after[-60:]}",
                flush=True,
            )
        else:
            noticed += 1
    print(f"| {name} | {len(mutants)} | {len(chosen)} | {noticed} |", flush=True)


def main() -> None:
    """Examine the files that are named, or all that are listed above."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", default=list(ROOMS))
    parser.add_argument("--most", type=int, default=60, help="changes tried in each file")
    given = parser.parse_args()
    import hypothesis
    import pydantic
    import pytest
    import typer.testing

    del hypothesis, pydantic, pytest, typer  # loaded once, for all processes that follow
    print("| file | places | changed | noticed |\n|---|---|---|---|", flush=True)
    for name in given.files:
        examine(name, given.most)


if __name__ == "__main__":
    main()
