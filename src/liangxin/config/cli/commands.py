"""What the command line offers; Django is started only when a command runs, so that --help is instant."""

import os
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from liangxin.config.cli.wording import ChineseGroup, Refused
from liangxin.config.env import DEMO, PRODUCTION

DEFAULT_PORT = 8000
PORTS = click.IntRange(1, 65535)
SCALES = click.IntRange(1, 20)
SEEDS = click.IntRange(0, 2**32 - 1)
KEPT = click.IntRange(0, 10_000)
DAY = click.DateTime(["%Y-%m-%d"])
COMMAND_LINE = "命令行导入"


def start(module: str, function: str, **arguments: Any) -> Any:
    """Call a function of liangxin.config.cli once Django stands.

    Modules that touch the models cannot be imported before Django is set up, hence by name.
    """
    starting = import_module("liangxin.config.cli.starting")
    return starting.run(f"liangxin.config.cli.{module}", function, arguments=arguments)


@click.group(
    cls=ChineseGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="liangxin", message="%(prog)s %(version)s", help="显示版本。")
def main() -> None:
    """两新：区级两新组织党建工作台。

    退出码：0 做完；1 做完但有退回的行；2 没有做成，原因已写明。
    """


@main.command("import", options_metavar="[选项]")
@click.argument("files", metavar="文件…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--source",
    metavar="来源",
    default=COMMAND_LINE,
    help=f"名单从哪里来，如“市场监管局”；列名的对应关系按来源记住。默认“{COMMAND_LINE}”。",
)
@click.option("--as-of", metavar="日期", type=DAY, help="数据截至哪一天，默认今天。")
@click.option(
    "--by",
    "username",
    metavar="登录名",
    default="",
    help="以哪个账号导入，范围按该账号；默认区级。",
)
@click.option("--commit", is_flag=True, help="写入台账。不加此项只做检查，不改动台账。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出每个文件、工作表的结果。")
def import_lists(**options: Any) -> None:
    """导入名单（xlsx、xls、et、ods、csv）。默认只检查；加 --commit 写入台账。

    撤销一次导入：liangxin import undo 批次号

    退出码：0 全部可用；1 有退回的行；2 有文件读不了、没有可用的行或没有做成。
    """
    start("importing", "import_command", **options)


@main.command(options_metavar="[选项]")
@click.option("--at", metavar="日期", type=DAY, help="看哪一天，默认今天。")
@click.option(
    "--by",
    metavar="分组",
    type=click.Choice(["street", "site", "industry", "size"]),
    help="按什么分组：street 街道、site 楼宇园区、industry 行业、size 规模。",
)
@click.option(
    "--base",
    metavar="基数",
    help="operating 全部在营、san_you 三有企业、min_staff:N 从业 N 人以上；不写时按规则“统计基数”。",
)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def coverage(**options: Any) -> None:
    """计算组织覆盖率和工作覆盖率。"""
    start("reporting", "coverage_command", **options)


@main.command(options_metavar="[选项]")
@click.option(
    "--port", metavar="端口", type=PORTS, default=DEFAULT_PORT, help=f"默认 {DEFAULT_PORT}。"
)
@click.option(
    "--host", metavar="地址", default="127.0.0.1", help="监听地址，默认只限本机 127.0.0.1。"
)
@click.option("--no-worker", is_flag=True, help="不同时启动后台任务。")
def serve(**options: Any) -> None:
    """启动网站（并启动一个后台任务进程）。"""
    start("serving", "serve_command", **options)


@main.command(options_metavar="[选项]")
@click.option("--once", is_flag=True, help="做完排队的工作就退出。")
def worker(once: bool) -> None:
    """运行后台任务：导入、计算等长时间的工作。"""
    start("working", "worker_command", once=once)


@main.command(options_metavar="[选项]")
@click.option("--scale", metavar="倍数", type=SCALES, default=1, help="规模 1 到 20 倍，默认 1。")
@click.option(
    "--seed", metavar="数", type=int, default=1, help="同一个数生成同样的示范区，默认 1。"
)
@click.option(
    "--port", metavar="端口", type=PORTS, default=DEFAULT_PORT, help=f"默认 {DEFAULT_PORT}。"
)
@click.option("--no-serve", is_flag=True, help="显示小结后停止，不启动网站。")
@click.option("--json", "as_json", is_flag=True, help="小结以 JSON 输出。")
def demo(*, scale: int, seed: int, **options: Any) -> None:
    """生成示范区（全部为虚构数据），导入、计算覆盖率并启动网站。"""
    if os.environ.get("LIANGXIN_MODE") == PRODUCTION:
        raise Refused("这里是生产模式，演示不会动它：请去掉 LIANGXIN_MODE 再运行。")
    os.environ["LIANGXIN_MODE"] = DEMO
    os.environ.setdefault("LIANGXIN_DATA_DIR", f"var/demo-{scale}x-{seed}")
    start("demonstrating", "demo_command", scale=scale, seed=seed, **options)


@main.command(options_metavar="[选项]")
def migrate() -> None:
    """建立或升级数据库。"""
    start("administering", "migrate_command")


@main.command(options_metavar="[选项]")
@click.argument("username", metavar="登录名")
@click.option("--name", metavar="姓名", default="", help="不写时会询问。")
@click.option("--password", metavar="密码", default="", help="至少 10 位；不写时会询问，不显示。")
def create_admin(**options: Any) -> None:
    """建立第一个系统管理员。"""
    start("administering", "create_admin_command", **options)


@main.command(options_metavar="[选项]")
@click.argument("folder", metavar="文件夹", type=click.Path(path_type=Path, file_okay=False))
@click.option("--keep", metavar="份数", type=KEPT, default=0, help="只留最新的几份；默认全部保留。")
@click.option("--no-verify", is_flag=True, help="不试恢复（不建议）。")
def backup(**options: Any) -> None:
    """把数据库和上传文件备份成一个加密文件，并试恢复核对。网站可以照常使用。"""
    start("backing_up", "backup_command", **options)


@main.command(options_metavar="[选项]")
@click.argument("backup_file", metavar="备份文件", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="只打开并试恢复核对，不改动现有数据。")
@click.option("--replace", is_flag=True, help="替换现有数据；现有数据先另存一份备份。")
def restore(**options: Any) -> None:
    """从备份恢复。先停止网站和后台任务。"""
    start("backing_up", "restore_command", **options)


@main.group(cls=ChineseGroup)
def audit() -> None:
    """操作记录：核对是否被改动，留存校验点。"""


@audit.command("verify", options_metavar="[选项]")
@click.option(
    "--noted", metavar="校验点", multiple=True, help="另外记下的校验点（编号-校验码），可写多个。"
)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def audit_verify(**options: Any) -> int:
    """核对操作记录是否被改动、删除、调换或增添。

    退出码：0 完整；1 有问题，逐条列出；2 没有做成。
    """
    return int(start("auditing", "verify_command", **options))


@audit.command("anchor", options_metavar="")
def audit_anchor() -> None:
    """留存并显示校验点：请抄在服务器以外的地方。"""
    start("auditing", "anchor_command")


@main.group(cls=ChineseGroup)
def search() -> None:
    """搜索索引。平时由后台任务自动更新。"""


@search.command("rebuild", options_metavar="")
def search_rebuild() -> None:
    """立即重建搜索索引。网站可以照常使用。"""
    start("searching", "rebuild_command")


@main.group(cls=ChineseGroup)
def keys() -> None:
    """密钥：查看使用情况，更换，停用旧的。"""


@keys.command("status", options_metavar="[选项]")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def keys_status(as_json: bool) -> int:
    """各处内容用的是哪个密钥。

    退出码：0 都打得开；1 有内容用的密钥不在；2 没有做成。
    """
    return int(start("keys", "status_command", as_json=as_json))


@keys.command("rotate", options_metavar="")
def keys_rotate() -> int:
    """全部改用最新的密钥加密。网站可以照常使用；中断后再运行即可接着做。

    退出码：0 做完；1 有打不开的内容；2 没有做成。
    """
    return int(start("keys", "rotate_command"))


@keys.command("retire", options_metavar="[选项]")
@click.argument("key_id", metavar="密钥编号")
@click.option("--despite-faults", is_flag=True, help="操作记录有问题也照办（先查明、留存）。")
def keys_retire(**options: Any) -> None:
    """停用旧密钥：重算身份证索引和操作记录校验码。先停止网站和后台任务。"""
    start("keys", "retire_command", **options)


@main.group(cls=ChineseGroup)
def retention() -> None:
    """保存期限：到期的文件、名单明细和个人标识。"""


@retention.command("run", options_metavar="[选项]")
@click.option("--dry-run", is_flag=True, help="只看到期待清除多少人，不改动。")
def retention_run(dry_run: bool) -> None:
    """清除到期的内容，人数和经过保留。后台任务每天自动做一次。"""
    start("retaining", "retention_command", dry_run=dry_run)


@main.command(options_metavar="")
def secrets() -> None:
    """生成生产模式所需的随机密钥。"""
    import_module("liangxin.config.cli.randomness").secrets_command()


@main.group(cls=ChineseGroup)
def plan() -> None:
    """测算方案：用普通文件，不需要数据库。"""


PARAMS = click.option(
    "--params",
    metavar="文件",
    type=click.Path(path_type=Path),
    help="参数（TOML）：半径、人数、权重、现有支部等；不写的用缺省值。",
)
SEED = click.option(
    "--seed", metavar="数", type=SEEDS, default=1, help="同样的输入、种子和强度，结果相同；默认 1。"
)
EFFORT = click.option(
    "--effort", metavar="倍数", type=float, default=1.0, help="计算强度，越大越仔细；默认 1。"
)
WORKERS = click.option(
    "--workers",
    metavar="个数",
    type=int,
    default=1,
    help="用本机几个进程同时算；只对 8,000 家以上的名单有用，结果不变。默认 1。",
)
SCHEDULER = click.option(
    "--scheduler", metavar="地址", help="交给 Dask 调度节点去算，如 tcp://主机:8786；结果不变。"
)


@plan.command("branches", options_metavar="[选项]")
@click.argument("units", metavar="UNITS.csv", type=click.Path(path_type=Path))
@click.option(
    "--out",
    metavar="文件",
    required=True,
    type=click.Path(path_type=Path),
    help="方案（JSON）写到哪里。",
)
@PARAMS
@SEED
@EFFORT
@click.option(
    "--time-limit",
    "time_limit_s",
    metavar="秒",
    type=float,
    help="最多算多少秒；到时提前结束，结果不再保证相同。",
)
@WORKERS
@SCHEDULER
def plan_branches(**options: Any) -> None:
    """把只有一两名党员的单位编成联合党支部，使党员走路最少。文件格式见 docs/plan-branches.md。"""
    import_module("liangxin.config.cli.planning").branches_command(**options)


@plan.command("country", options_metavar="[选项]")
@click.argument("counties", metavar="文件夹", type=click.Path(path_type=Path))
@click.option(
    "--out",
    metavar="文件夹",
    required=True,
    type=click.Path(path_type=Path),
    help="方案写到哪个新文件夹：每个县一个分区。",
)
@PARAMS
@SEED
@EFFORT
@WORKERS
@SCHEDULER
def plan_country(**options: Any) -> None:
    """许多县一起测算：读 county=代码/*.parquet，写同样的分区。文件格式见 docs/plan-branches.md。"""
    import_module("liangxin.config.cli.country").country_command(**options)


@main.command("import-areas", options_metavar="[选项]")
@click.argument("geojson", metavar="文件", type=click.Path(path_type=Path))
def import_areas(geojson: Path) -> None:
    """导入本区和各街道的边界（GeoJSON）。"""
    start("administering", "import_areas_command", geojson=geojson)


@main.command(options_metavar="", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", metavar="[名称]… [该项测量的选项]…", nargs=-1, type=click.UNPROCESSED)
def bench(arguments: tuple[str, ...]) -> None:
    """运行 benchmarks/ 中的测量（需要源码目录）。"""
    import_module("liangxin.config.cli.measuring").bench_command(arguments=arguments)
