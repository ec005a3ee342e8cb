"""Rewrite requirements/ from pyproject.toml and peers.in: `python3 run.py lock`.

No registry is named in the files, so that any mirror serves them; demo.txt holds a part of test.txt, at the same versions.
"""

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "requirements"
UV = Path(sys.executable).parent / "uv"
UV_VERSION = "0.13.9"
OPTIONS = (
    "--quiet",
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-annotate",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-find-links",
)


def main() -> None:
    """Write the four locks; what a lock already pins stays, unless pyproject.toml forbids it."""
    project = str(ROOT / "pyproject.toml")
    test, demo = LOCKS / "test.txt", LOCKS / "demo.txt"
    with tempfile.TemporaryDirectory() as folder:
        # The build runs without isolation, so that its packages are checked against hashes too.
        build = requirement_file(Path(folder) / "build.in", lines=build_requirements())
        uv = requirement_file(Path(folder) / "uv.in", lines=[f"uv=={UV_VERSION}"])
        compile_lock(project, build, "--extra=test", target=test)
        compile_lock(project, build, f"--constraints={test}", target=demo)
        compile_lock(uv, target=LOCKS / "uv.txt")
    compile_lock(str(LOCKS / "peers.in"), target=LOCKS / "peers.txt")


def build_requirements() -> list[str]:
    """Return the packages the build itself needs, with the one hatchling asks for in editable builds."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [*project["build-system"]["requires"], "editables"]


def requirement_file(path: Path, *, lines: list[str]) -> str:
    """Write the lines and return the path as text."""
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def compile_lock(*sources: str, target: Path) -> None:
    """Resolve for every platform, with hashes."""
    command = [str(UV), "pip", "compile", *sources, *OPTIONS, f"--output-file={target}"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
