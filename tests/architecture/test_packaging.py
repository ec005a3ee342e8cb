"""What a fresh clone holds: comments on dependencies, complete locks, nothing of others, no registry named."""

import re
import subprocess
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.source_tree import ROOT, project

PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.M)
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted|npmjs|npmmirror|jsdelivr|unpkg|tuna\.tsinghua|mirrors?\.[a-z]+", re.I
)
SECTION = re.compile(r"^(?:dependencies|test) = \[\n(.*?)^\]", re.M | re.S)


def pins(name: str) -> dict[str, str]:
    """Return package to version of a lock."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return {canonicalize_name(package): version for package, version in PIN.findall(text)}


def test_every_dependency_says_what_it_is_for() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = [line for block in SECTION.findall(text) for line in block.splitlines() if line.strip()]
    silent = [line for line in lines if not re.search(r"#\s*\w.{8,}", line)]

    assert (len(lines) > 20, silent) == (True, [])


@pytest.mark.parametrize(("lock", "extras"), [("demo.txt", []), ("test.txt", ["test"])])
def test_locks_hold_what_the_project_asks_for(lock: str, extras: list[str]) -> None:
    asked = [*project()["project"]["dependencies"], *project()["build-system"]["requires"]]
    for extra in extras:
        asked += project()["project"]["optional-dependencies"][extra]
    pinned = pins(lock)
    requirements = [Requirement(text) for text in asked]
    unmet = [str(asked) for asked in requirements if not is_met(asked, pinned)]

    assert unmet == []


def is_met(requirement: Requirement, pinned: dict[str, str]) -> bool:
    """Say whether the lock pins a version the requirement allows."""
    version = pinned.get(canonicalize_name(requirement.name))
    return version is not None and requirement.specifier.contains(version, prereleases=True)


def test_demo_lock_is_a_part_of_the_test_lock() -> None:
    """Set-up relies on it: after the tests the demo installs nothing."""
    assert set(pins("demo.txt").items()) - set(pins("test.txt").items()) == set()


def test_locks_and_docs_name_no_registry() -> None:
    docs = [path for path in (ROOT / "docs").rglob("*") if path.suffix in {".md", ".txt"}]
    locks = [*(ROOT / "requirements").iterdir(), ROOT / "frontend" / "package-lock.json"]
    named = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in [*docs, *locks, *ROOT.glob("*.md")]
        if (found := REGISTRY.search(path.read_text(encoding="utf-8")))
    ]

    assert named == []


def test_front_end_files_of_others_are_not_committed() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone")
    vendor = Path("src/liangxin/ui/static/vendor")
    command = ["git", "ls-files", "--", str(vendor), "node_modules", "frontend/node_modules"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    assert listed.stdout == ""
