"""The layers of the code point one way, file by file, and no two files import each other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import nearmiss

SOURCE = Path(nearmiss.__file__).parent
# The lowest layer first; what stands on one line may know of each other, but never in a circle.
LAYERS = (
    ("__init__", "errors", "text", "files", "speech", "words"),
    ("model", "dates", "settings"),
    ("logbook", "intake"),
    ("records",),
    ("insight", "documents", "exports"),
    ("terminal", "demo"),
    ("interview",),
    ("sharing", "session", "options", "usage"),
    ("commands",),
    ("cli",),
    ("__main__",),
)
HEIGHT = {name: height for height, names in enumerate(LAYERS) for name in names}
FILES = {
    ".".join(("nearmiss", *path.relative_to(SOURCE).with_suffix("").parts)).removesuffix(
        ".__init__"
    ): path
    for path in SOURCE.rglob("*.py")
}


def list_imports(path: Path) -> Iterator[str]:
    """Yield each module of nearmiss that a file imports anywhere in it, for types alone too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nearmiss"):
            module = node.module or ""
            below = [f"{module}.{alias.name}" for alias in node.names]
            yield from [each for each in below if each in FILES] or [module]
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in FILES)


IMPORTS = {name: set(list_imports(path)) - {name} for name, path in FILES.items()}


def find_room(module: str) -> str:
    return [*module.split("."), "__init__"][1]


def find_circle() -> list[str]:
    """Return the modules of a circle of imports, in their order; nothing where there is none."""
    done: set[str] = set()

    def walk(name: str, way: list[str]) -> list[str]:
        if name in way:
            return [*way[way.index(name) :], name]
        if name in done:
            return []
        for other in sorted(IMPORTS[name]):
            circle = walk(other, [*way, name])
            if circle:
                return circle
        done.add(name)
        return []

    circles = (walk(name, []) for name in sorted(IMPORTS))
    return next((each for each in circles if each), [])


def test_no_file_imports_from_a_layer_above_it() -> None:
    upward = [
        f"{name} imports {other}"
        for name, others in IMPORTS.items()
        for other in others
        if HEIGHT[find_room(other)] > HEIGHT[find_room(name)]
    ]
    assert upward == []


def test_no_files_import_each_other_in_a_circle() -> None:
    assert find_circle() == []


def test_the_model_knows_no_storage_and_documents_open_no_book() -> None:
    rooms = {name: {find_room(other) for other in others} for name, others in IMPORTS.items()}
    for name, known in rooms.items():
        if find_room(name) == "model":
            assert {"files", "logbook"}.isdisjoint(known), name
        if find_room(name) in ("documents", "exports"):
            assert "logbook" not in known, name


def test_steps_of_sharing_and_lower_rooms_never_take_the_session() -> None:
    above = ("usage", "commands", "cli")
    takers = [
        name
        for name, others in IMPORTS.items()
        if "nearmiss.session" in others and find_room(name) not in above
    ]
    assert takers == []


def test_every_module_has_its_layer() -> None:
    assert {path.stem for path in SOURCE.iterdir() if path.suffix == ".py" or path.is_dir()} - {
        "__pycache__"
    } <= set(HEIGHT)


def test_the_readme_names_the_rooms_in_their_order() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    table = readme.partition("| rooms |")[2].partition("\n\n")[0]
    rows = [set(re.findall(r"`(\w+)/?`", row.split("|")[1])) for row in table.splitlines()[2:]]
    assert rows == [set(names) - {"__init__"} for names in LAYERS]
