"""The layers of the code point one way: no module imports from one above it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import nearmiss

SOURCE = Path(nearmiss.__file__).parent
# The lowest layer first; what stands on one line may know of each other.
LAYERS = (
    ("__init__", "errors", "text"),
    ("files", "speech", "words"),
    ("settings", "model", "dates"),
    ("logbook",),
    ("intake",),
    ("records",),
    ("insight",),
    ("interview", "documents"),
    ("screen", "demo"),
    ("commands",),
    ("cli",),
    ("__main__",),
)
HEIGHT = {name: height for height, names in enumerate(LAYERS) for name in names}


def list_imports(path: Path) -> Iterator[str]:
    """Yield the part of nearmiss that each import in a file names."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nearmiss"):
            below = (node.module or "").split(".")[1:2]
            yield from below or [alias.name for alias in node.names]


def test_no_module_imports_from_a_layer_above_it() -> None:
    upward = []
    for path in SOURCE.rglob("*.py"):
        own = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        for name in list_imports(path):
            if HEIGHT.get(name, 0) > HEIGHT[own]:
                upward.append(f"{path.relative_to(SOURCE)} imports {name}")
    assert upward == []


def test_the_model_knows_no_storage_and_documents_open_no_book() -> None:
    assert {"files", "logbook"}.isdisjoint(
        name for path in (SOURCE / "model").glob("*.py") for name in list_imports(path)
    )
    assert "logbook" not in {
        name for path in (SOURCE / "documents").glob("*.py") for name in list_imports(path)
    }


def test_every_module_has_its_layer() -> None:
    assert {path.stem for path in SOURCE.iterdir() if path.suffix == ".py" or path.is_dir()} - {
        "__pycache__"
    } == set(HEIGHT)
