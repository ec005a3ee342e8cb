"""`liangxin bench`: names of measurements, and options that are handed to one of them."""

from pathlib import Path

import pytest

from liangxin.config.cli.measuring import bench_command
from liangxin.config.cli.wording import Refused

SCRIPT = "import pathlib, sys\npathlib.Path('told.txt').write_text(' '.join(sys.argv[1:]))\n"


@pytest.fixture
def measurements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source folder with two measurements that write down what they are told."""
    (tmp_path / "benchmarks").mkdir()
    for name in ("one", "two"):
        (tmp_path / "benchmarks" / f"{name}.py").write_text(SCRIPT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_bench_hands_options_to_the_one_measurement_named(measurements: Path) -> None:
    bench_command(arguments=("one", "--seeds", "20", "--no-peers"))

    assert (measurements / "told.txt").read_text(encoding="utf-8") == "--seeds 20 --no-peers"


@pytest.mark.parametrize("arguments", [("--seeds", "20"), ("one", "two", "--seeds", "20")])
@pytest.mark.usefixtures("measurements")
def test_bench_refuses_options_that_belong_to_no_single_measurement(
    arguments: tuple[str, ...],
) -> None:
    with pytest.raises(Refused, match="bench grouping --no-peers"):
        bench_command(arguments=arguments)


@pytest.mark.usefixtures("measurements")
def test_bench_refuses_a_measurement_it_does_not_have() -> None:
    with pytest.raises(Refused, match="three"):
        bench_command(arguments=("three",))
