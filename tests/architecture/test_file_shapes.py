"""How long files and functions may be, and what they may be called."""

import ast
from collections.abc import Iterator

from tests.architecture.source_tree import ROOT, parsed, python_files

LONGEST_FILE_LINES = 450
LONGEST_FUNCTION_LINES = 60
CATCH_ALL_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}


def test_files_end_near_four_hundred_lines() -> None:
    lengths = {path: path.read_text(encoding="utf-8").count("\n") for path in python_files()}
    long = {str(path.relative_to(ROOT)): n for path, n in lengths.items() if n > LONGEST_FILE_LINES}

    assert long == {}


def test_functions_fit_a_screen() -> None:
    long = {place: lines for place, lines in function_lengths() if lines > LONGEST_FUNCTION_LINES}

    assert long == {}


def function_lengths() -> Iterator[tuple[str, int]]:
    """Yield place and length in lines of each function outside the compiled loops."""
    for path in python_files():
        if path.name.startswith("_kernels"):
            continue
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                place = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
                yield place, (node.end_lineno or node.lineno) - node.lineno + 1


def test_files_are_named_after_what_they_hold() -> None:
    vague = [str(path.relative_to(ROOT)) for path in python_files() if path.stem in CATCH_ALL_NAMES]

    assert vague == []


def test_test_folders_are_packages() -> None:
    """Two test files of the same name in folders that are not packages hide one another."""
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    bare = [folder for folder in folders if not (folder / "__init__.py").exists()]

    assert sorted(str(folder.relative_to(ROOT)) for folder in bare) == []
