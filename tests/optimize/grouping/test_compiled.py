"""Machine code is kept apart for every state of the sources."""

from pathlib import Path

import numba

from liangxin.optimize.grouping import compiled


def test_fingerprint_differs_with_any_loop(tmp_path: Path) -> None:
    (tmp_path / "_kernels.py").write_text("a = 1\n")
    (tmp_path / "_kernels_search.py").write_text("b = 1\n")
    before = compiled.fingerprint(tmp_path)

    (tmp_path / "_kernels.py").write_text("a = 2\n")
    assert compiled.fingerprint(tmp_path) != before

    (tmp_path / "_kernels.py").write_text("a = 1\n")
    assert compiled.fingerprint(tmp_path) == before


def test_machine_code_is_kept_under_the_fingerprint() -> None:
    assert Path(numba.config.CACHE_DIR).name == f"compiled-{compiled.fingerprint()}"
