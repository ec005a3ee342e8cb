"""In production a script imports the very version of a file that it was made for."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test.utils import override_settings

IMPORTED = re.compile(r'from "(?:\.\./)+(ui/js/map\.[0-9a-f]{12}\.js)"')


@pytest.mark.parametrize("script", ["insight/js/board", "coverage/js/proposal_map"])
def test_script_imports_hashed_file(script: str, tmp_path: Path) -> None:
    backend = {"BACKEND": "liangxin.config.static_files.HashedStaticFiles"}
    storages = {**settings.STORAGES, "staticfiles": backend}

    with override_settings(STORAGES=storages, STATIC_ROOT=str(tmp_path)):
        call_command("collectstatic", interactive=False, verbosity=0)

    hashed = next(iter(tmp_path.glob(f"{script}.????????????.js")))
    found = IMPORTED.search(hashed.read_text(encoding="utf-8"))
    assert found is not None
    assert (tmp_path / found[1]).exists()
