"""The project's own files, as the architecture tests look at them."""

import ast
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "liangxin"
TOP_FILES = ("run.py", "frontend/hatch_build.py")
FOLDERS = ("src/liangxin", "tests", "benchmarks", ".ci")


@dataclass(frozen=True)
class Import:
    """One import of a module of the project: who, on which line, what."""

    path: Path
    line: int
    target: str

    @property
    def importer(self) -> str:
        """The app that imports."""
        return self.path.relative_to(SOURCE).parts[0]

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line} {self.target}"


@cache
def project() -> dict[str, Any]:
    """Return pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def rows() -> list[str]:
    """Return the apps from the top row to the lowest, as the import contract lists them."""
    contracts = project()["tool"]["importlinter"]["contracts"]
    layers = next(contract for contract in contracts if contract["name"].startswith("Rows"))
    return [name.split(".")[1] for row in layers["layers"] for name in row.split(" | ")]


def roomed_apps() -> list[str]:
    """Return the apps that are divided into rooms."""
    contracts = project()["tool"]["importlinter"]["contracts"]
    rooms = next(contract for contract in contracts if contract["name"].startswith("Rooms"))
    return [name.split(".")[1] for name in rooms["containers"]]


def python_files() -> list[Path]:
    """Return every Python file we wrote; what Django generated is left out."""
    inside = (path for name in FOLDERS for path in (ROOT / name).rglob("*.py"))
    ours = [path for path in inside if "migrations" not in path.parts]
    return sorted([*ours, *(ROOT / name for name in TOP_FILES)])


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def source_imports() -> Iterator[Import]:
    """Yield each import of a module of the project in src; `from a import b` counts as a.b."""
    for path in python_files():
        if path.is_relative_to(SOURCE):
            for node in ast.walk(parsed(path)):
                for target in imported_names(node):
                    if target.startswith("liangxin."):
                        yield Import(path, getattr(node, "lineno", 0), target)


def imported_names(node: ast.AST) -> Sequence[str]:
    """Return the dotted names a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def templates() -> list[Path]:
    """Return every template."""
    return sorted(path for path in SOURCE.rglob("templates/**/*") if path.is_file())
