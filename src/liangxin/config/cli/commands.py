"""What the command line offers; Django is started only when a command runs, so that --help is instant."""

import os
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import django

from liangxin.config.env import BadEnvironment

DEFAULT_PORT = 8000
BY_HELP = "按什么分组：street 街道、site 楼宇园区、industry 行业、size 规模"


def start(module: str, function: str, **arguments: Any) -> Any:
    """Start Django, then call a function of liangxin.config.cli.

    Modules that touch the models cannot be imported before Django is set up, hence by name.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liangxin.config.settings")
    try:
        django.setup()
        return getattr(import_module(f"liangxin.config.cli.{module}"), function)(**arguments)
    except BadEnvironment as error:
        raise click.ClickException(str(error)) from error


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="liangxin")
def main() -> None:
    """两新：区级两新组织党建工作台。"""


@main.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--source", default="", help="名单从哪里来，如“市场监管局”；列名的对应关系按来源记住。"
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="数据截至哪一天，默认今天。")
@click.option("--by", "username", default="", help="以哪个账号导入，范围按该账号；默认区级。")
@click.option("--commit", is_flag=True, help="写入台账。不加此项只做检查，不改动台账。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出每个文件、工作表的结果。")
def import_lists(**options: Any) -> None:
    """导入名单（xlsx、xls、et、csv）。默认只检查；加 --commit 写入台账。

    撤销一次导入：liangxin import undo 批次号

    退出码：0 全部可用；1 有退回的行；2 有文件读不了或没有可用的行。
    """
    start("importing", "import_command", **options)


@main.command()
@click.option("--at", type=click.DateTime(["%Y-%m-%d"]), help="看哪一天，默认今天。")
@click.option("--by", type=click.Choice(["street", "site", "industry", "size"]), help=BY_HELP)
@click.option(
    "--base",
    default="operating",
    help="基数：operating 全部在营、san_you 三有企业、min_staff:N 从业 N 人以上。",
)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def coverage(**options: Any) -> None:
    """计算组织覆盖率和工作覆盖率。"""
    start("reporting", "coverage_command", **options)


@main.command()
@click.option("--port", default=DEFAULT_PORT, show_default=True, help="网站端口。")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址。")
@click.option("--no-worker", is_flag=True, help="不在本进程旁启动后台任务。")
def serve(**options: Any) -> None:
    """启动网站（并启动一个后台任务进程）。"""
    start("serving", "serve_command", **options)


@main.command()
@click.option("--once", is_flag=True, help="做完排队的工作就退出。")
def worker(once: bool) -> None:
    """运行后台任务：导入、计算等长时间的工作。"""
    start("serving", "worker_command", once=once)


@main.command()
@click.option(
    "--scale", default=1, show_default=True, type=click.IntRange(1, 20), help="规模倍数。"
)
@click.option("--seed", default=1, show_default=True, help="随机种子，同一种子生成同样的示范区。")
@click.option("--port", default=DEFAULT_PORT, show_default=True, help="网站端口。")
@click.option("--no-serve", is_flag=True, help="显示小结后停止，不启动网站。")
@click.option("--json", "as_json", is_flag=True, help="小结以 JSON 输出。")
def demo(*, scale: int, seed: int, **options: Any) -> None:
    """生成示范区（全部为虚构数据），导入、计算覆盖率并启动网站。"""
    os.environ["LIANGXIN_MODE"] = "demo"
    os.environ.setdefault("LIANGXIN_DATA_DIR", f"var/demo-{scale}x-{seed}")
    start("demonstrating", "demo_command", scale=scale, seed=seed, **options)


@main.command()
def migrate() -> None:
    """建立或升级数据库。"""
    start("administering", "migrate_command")


@main.command()
@click.argument("username")
@click.option("--name", prompt="姓名", help="姓名。")
@click.password_option(prompt="密码（至少 10 位）", confirmation_prompt="再输一遍", help="密码。")
def create_admin(**options: Any) -> None:
    """建立第一个系统管理员。"""
    start("administering", "create_admin_command", **options)


@main.command()
def secrets() -> None:
    """生成生产模式所需的随机密钥。"""
    start("administering", "secrets_command")


@main.command("import-areas")
@click.argument("geojson", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def import_areas(geojson: Path) -> None:
    """导入本区和各街道的边界（GeoJSON）。"""
    start("administering", "import_areas_command", geojson=geojson)


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("names", nargs=-1)
def bench(names: tuple[str, ...]) -> None:
    """运行 benchmarks/ 中的测量（需要源码目录）。"""
    start("measuring", "bench_command", names=names)
