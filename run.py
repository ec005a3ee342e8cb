#!/usr/bin/env python3
"""Set the project up and start it: `python3 run.py demo`, `python3 run.py test`.

Uses the standard library alone, because nothing is installed yet when it runs. Steps whose inputs have not
changed since the last run are skipped.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "liangxin-setup.json"
VENDOR = ROOT / "src" / "liangxin" / "ui" / "static" / "vendor"
PROJECT_INPUTS = ("pyproject.toml", "frontend/package-lock.json", "frontend/hatch_build.py")
OLDEST = (3, 11)
OFFLINE_HINT = (
    "如果这台电脑不能联网：在能联网的电脑上运行 python3 run.py pack 目录，再用 --wheel-house 目录。"
)
OWN_SCRIPTS = {"test": ".ci/steps.py", "check": ".ci/steps.py", "lock": ".ci/lock.py"}
USAGE = """用法：python3 run.py 动作 [选项…]

  demo      准备环境，生成示范区并导入、计算，然后打开网站
  test      准备环境，运行持续集成的全部检查
  check     其中较快的部分：代码检查、类型、依赖方向、SQLite 上的单元测试
  bench     计时；bench grouping 另在 .venv-peers 里安装对照的求解器（加 --no-peers 则不装）
  serve     只启动网站            worker    只启动后台任务
  lock      按 pyproject.toml 重写 requirements/
  pack 目录  把离线安装所需的文件收进目录（之后用 --wheel-house 目录 安装）

其余动作和选项原样交给 liangxin 命令，例如：python3 run.py demo --no-serve
环境选项：--wheel-house 目录（或环境变量 LIANGXIN_WHEELHOUSE）：不联网，只用该目录里的文件。
"""


class SetupError(Exception):
    """Set-up cannot go on; the text says why and what to do."""


def main(arguments: list[str]) -> int:
    """Set up what the verb needs, then hand over to it."""
    house = take_option(arguments, "--wheel-house") or os.environ.get("LIANGXIN_WHEELHOUSE")
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(USAGE, end="")
        return 0 if arguments else 2
    if house:
        os.environ["LIANGXIN_WHEELHOUSE"] = str(existing_folder(house))
    verb, *rest = arguments
    with reporting_time():
        set_up(verb)
    if verb == "pack":
        return pack(rest)
    script = OWN_SCRIPTS.get(verb)
    if script:
        return hand_over(venv_program("python"), str(ROOT / script), *arguments)
    return hand_over(venv_program("liangxin"), *arguments)


def take_option(arguments: list[str], name: str) -> str | None:
    """Remove `name VALUE` or `name=VALUE` from the arguments and return the value."""
    for index, argument in enumerate(arguments):
        if argument.startswith(name + "="):
            return arguments.pop(index).split("=", 1)[1]
        if argument == name:
            if index + 1 == len(arguments):
                raise SetupError(f"{name} 后面要写目录。")
            del arguments[index]
            return arguments.pop(index)
    return None


def existing_folder(name: str) -> Path:
    """Return the folder as an absolute path; SetupError when it is not there."""
    folder = Path(name).resolve()
    if not folder.is_dir():
        raise SetupError(f"目录不存在：{folder}")
    return folder


def hand_over(program: str, *arguments: str) -> NoReturn:
    """Become the program, so that signals and the exit code are its own."""
    if not Path(program).exists():
        raise SetupError(f"没有找到 {program}；请删除 {VENV} 后重试。")
    os.execv(program, [program, *arguments])


# Set-up


def set_up(verb: str) -> None:
    """Bring the virtual environment to the state the verb needs."""
    make_virtual_environment()
    packages = test_packages_missing() if verb in ("test", "bench") else []
    with installing_system_packages(packages):
        stamp = read_stamp()
        install_uv(stamp)
        if verb == "lock":
            return
        install_lock("test.txt" if verb in ("test", "check", "bench") else "demo.txt", stamp=stamp)
        install_project(stamp)


def make_virtual_environment() -> None:
    """Make .venv, or keep the one that works."""
    if runs(venv_program("python"), "import pip"):
        return
    if not runs(sys.executable, "import ensurepip, venv"):
        install_system_packages(["python3-venv"])
    with step("建立虚拟环境 .venv"):
        run([sys.executable, "-m", "venv", str(VENV)])


def install_uv(stamp: dict[str, str]) -> None:
    """Install the pinned uv with pip, which reads the machine's own configuration."""
    lock = ROOT / "requirements" / "uv.txt"
    mark = fingerprint([lock])
    if stamp.get("uv") == mark and Path(venv_program("uv")).exists():
        return
    with step("安装 uv"):
        offline = ["--no-index", "--find-links", wheel_house()] if wheel_house() else []
        pip = [
            venv_program("python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        run([*pip, "--require-hashes", *offline, "-r", str(lock)])
    write_stamp(stamp, uv=mark)


def install_lock(name: str, *, stamp: dict[str, str]) -> None:
    """Install the locked packages, each checked against its hash."""
    lock = ROOT / "requirements" / name
    mark = fingerprint([lock])
    if stamp.get(name) == mark:
        return
    with step(f"安装依赖 requirements/{name}"):
        run_uv("pip", "install", "--require-hashes", "-r", str(lock))
    marks = {name: mark}
    if name == "test.txt":  # it holds every line of demo.txt
        marks["demo.txt"] = fingerprint([ROOT / "requirements" / "demo.txt"])
    write_stamp(stamp, **marks)


def install_project(stamp: dict[str, str]) -> None:
    """Install the project editable; its build hook fetches the front-end files."""
    mark = fingerprint([ROOT / name for name in PROJECT_INPUTS])
    if stamp.get("project") == mark and (VENDOR / "MANIFEST.json").exists():
        return
    with step("安装本项目和前端文件"):
        run_uv("pip", "install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    write_stamp(stamp, project=mark)


def read_stamp() -> dict[str, str]:
    """Return what earlier runs finished; nothing when they were another Python's or unreadable."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if stamp.get("root") == str(ROOT) else {}


def write_stamp(stamp: dict[str, str], **marks: str) -> None:
    """Record finished steps; written last, so that a step cut short is done again."""
    stamp.update(marks, root=str(ROOT))
    STAMP.write_text(json.dumps(stamp, indent=2) + "\n", encoding="utf-8")


def fingerprint(paths: list[Path]) -> str:
    """Return the hash of the files' contents; SetupError when one is missing."""
    digest = hashlib.sha256()
    for path in paths:
        if not path.is_file():
            raise SetupError(f"文件缺失：{path.relative_to(ROOT)}，请重新获取源码。")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


# uv and pip


def run_uv(*arguments: str) -> None:
    """Run uv on .venv with what pip is configured with, or on the wheel house alone."""
    environment = {
        **uv_settings(pip_settings()),
        **os.environ,
    }  # what the user set for uv itself wins
    offline = []
    if wheel_house() and arguments[:2] == ("pip", "install"):
        offline = ["--offline", "--no-index", "--find-links", wheel_house()]
    environment["VIRTUAL_ENV"] = str(VENV)
    run([venv_program("uv"), *arguments, "--quiet", *offline], environment=environment)


def pip_settings() -> dict[str, str]:
    """Return pip's configuration as name to value, the environment winning over files."""
    listed = subprocess.run(
        [venv_program("python"), "-m", "pip", "config", "list"],
        capture_output=True,
        text=True,
        check=False,
    )
    settings: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in listed.stdout.splitlines():
        key, _, value = line.partition("=")
        section, _, name = key.rpartition(".")
        if section in settings:
            settings[section][name] = str(ast.literal_eval(value))
    return {name: value for part in settings.values() for name, value in part.items()}


def uv_settings(pip: dict[str, str]) -> dict[str, str]:
    """Return the environment that gives uv the indexes and certificates of pip."""
    extra = " ".join(
        url for url in pip.get("extra-index-url", "").split() if is_reachable_place(url)
    )
    links = ",".join(url for url in pip.get("find-links", "").split() if is_reachable_place(url))
    given = {
        "UV_DEFAULT_INDEX": pip.get("index-url", ""),
        "UV_INDEX": extra,
        "UV_FIND_LINKS": links,
        "UV_INSECURE_HOST": ",".join(pip.get("trusted-host", "").split()),
        "SSL_CERT_FILE": pip.get("cert", ""),
        # pip takes the best version of all indexes; uv otherwise stops at the first that knows the name.
        "UV_INDEX_STRATEGY": "unsafe-best-match" if extra else "",
    }
    return {name: value for name, value in given.items() if value}


def is_reachable_place(url: str) -> bool:
    """Say whether an index may be asked: uv, unlike pip, fails on a local folder that does not exist."""
    path = url.removeprefix("file://")
    return not path.startswith("/") or Path(path).exists()


def wheel_house() -> str:
    """Return the folder to install from without internet; empty when there is none."""
    return os.environ.get("LIANGXIN_WHEELHOUSE", "")


# The wheel house


def pack(arguments: list[str]) -> int:
    """Collect into a folder the wheels and front-end files an installation without internet needs."""
    if len(arguments) != 1:
        raise SetupError("用法：python3 run.py pack 目录")
    folder = Path(arguments[0]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("uv.txt", "demo.txt"):
        with step(f"下载 requirements/{name}"):
            pip = [
                venv_program("python"),
                "-m",
                "pip",
                "download",
                "--quiet",
                "--disable-pip-version-check",
            ]
            run(
                [
                    *pip,
                    "--require-hashes",
                    "--dest",
                    str(folder),
                    "-r",
                    str(ROOT / "requirements" / name),
                ]
            )
    shutil.copytree(VENDOR, folder / "vendor", dirs_exist_ok=True)
    say(f"已收进 {folder}；在不联网的电脑上：python3 run.py demo --wheel-house 目录")
    return 0


# System packages


def test_packages_missing() -> list[str]:
    """Return the Debian packages that the tests need and that are not there."""
    have = {
        "chromium": any(
            shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")
        ),
        "fonts-noto-cjk": found("/usr/share/fonts", "**/*CJK*")
        or found("/usr/share/fonts", "**/wqy*"),
        "libatomic1": found("/usr/lib", "*/libatomic.so.1")
        or found("/usr/lib64", "libatomic.so.1"),
        "postgresql": found("/usr/lib/postgresql", "*/bin/initdb") or bool(shutil.which("initdb")),
    }
    return [package for package, is_there in have.items() if not is_there]


def found(folder: str, pattern: str) -> bool:
    """Say whether any file under the folder matches."""
    return any(True for _ in Path(folder).glob(pattern))


@contextmanager
def installing_system_packages(packages: list[str]) -> Iterator[None]:
    """Install Debian packages while the body runs: both wait for the network most of the time."""
    if not packages:
        yield
        return
    command = apt_command(packages)
    say(f"· 同时安装系统软件：{' '.join(packages)}")
    with tempfile.TemporaryFile() as log:
        installer = subprocess.Popen(
            command, shell=True, stdout=log, stderr=log, env=apt_environment()
        )
        try:
            yield
        finally:
            failed = installer.wait()
        if failed:
            log.seek(0)
            tail = log.read().decode(errors="replace")[-2000:]
            raise SetupError(f"系统软件没有装上：{' '.join(packages)}\n{tail}")


def install_system_packages(packages: list[str]) -> None:
    """Install Debian packages now, or say what to type."""
    command = apt_command(packages)
    with step(f"安装系统软件：{' '.join(packages)}"):
        run(["sh", "-c", command], environment=apt_environment())


def apt_command(packages: list[str]) -> str:
    """Return the shell line; SetupError with the line to type when this user or system cannot."""
    line = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    if not shutil.which("apt-get"):
        raise SetupError(f"缺少系统软件，请先安装（Debian 的名称）：{' '.join(packages)}")
    if os.geteuid() != 0:
        raise SetupError(f"缺少系统软件，请先运行下面的命令，再重试：\nsudo {line}")
    return f"apt-get update -q && {line} -q"


def apt_environment() -> dict[str, str]:
    """Return an environment in which apt asks nothing."""
    return {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}


# Running and telling


def run(command: list[str], *, environment: dict[str, str] | None = None) -> str:
    """Run quietly and return its output; SetupError with what it said when it fails."""
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stdout + done.stderr).strip()[-3000:]
        raise SetupError(
            f"命令失败（{done.returncode}）：{' '.join(command)}\n{said}\n{OFFLINE_HINT}"
        )
    return done.stdout


def runs(program: str, code: str) -> bool:
    """Say whether the interpreter really runs the code; a shim on PATH may exist and still fail."""
    try:
        done = subprocess.run([program, "-c", code], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def venv_program(name: str) -> str:
    """Return the path of a program of the virtual environment."""
    return str(VENV / "bin" / name)


def say(text: str) -> None:
    """Tell the person at the terminal, at once, and never in the way of a program's own output."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Name a step that takes time and say how long it took."""
    global steps_taken
    start = time.monotonic()
    say(f"· {title} …")
    yield
    steps_taken += 1
    say(f"  {time.monotonic() - start:.1f} 秒")


steps_taken = 0


@contextmanager
def reporting_time() -> Iterator[None]:
    """Say what set-up took in all, if it did anything."""
    start = time.monotonic()
    yield
    if steps_taken:
        say(f"环境已就绪，用时 {time.monotonic() - start:.1f} 秒。")


def use_supported_python() -> None:
    """Go on with a Python that is new enough; SetupError when the machine has none that works."""
    if sys.version_info >= OLDEST:
        return
    for minor in (13, 12, 11):
        program = shutil.which(f"python3.{minor}")
        if program and runs(program, "import venv"):
            os.execv(program, [program, *sys.argv])
    raise SetupError(
        f"需要 Python {OLDEST[0]}.{OLDEST[1]} 或更新的版本，这里是 {sys.version.split()[0]}。"
        "Debian 12 及以后自带；请安装后用它运行本脚本。"
    )


if __name__ == "__main__":
    try:
        use_supported_python()
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        say(f"准备环境时停下：{error}")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
