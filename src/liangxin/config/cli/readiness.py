"""What must be right before a site or a worker starts; anything else is refused in words."""

import errno
import socket
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from liangxin.config.cli.wording import Refused
from liangxin.config.env import PRODUCTION
from liangxin.kernel.encryption import key_ids, oldest_key_id, seal, unseal
from liangxin.kernel.models import AuditHead, User
from liangxin.kernel.rekeying import KEY_SAMPLE

SHOWN_NAMES = 8


def refuse_taken_port(host: str, port: int) -> None:
    """Fail plainly when the port cannot be had: granian would share it with a second copy silently."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise Refused(f"监听地址“{host}”不对：请写本机的 IP 地址，如 127.0.0.1。") from error
    with socket.socket(family, kind) as probe:
        # Without it a port whose last visitor just left would count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise Refused(_port_sentence(error, host=host, port=port)) from error


def _port_sentence(error: OSError, *, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"端口 {port} 已被占用：先停止占用它的程序，或加 --port 换一个端口。"
    if error.errno == errno.EACCES:
        return f"没有权限使用端口 {port}：请用 1024 以上的端口，前面放代理。"
    return f"不能在 {host} 的端口 {port} 上监听：请写本机的 IP 地址，如 127.0.0.1。"


def refuse_unready() -> None:
    """Refuse a database of another version, with open passwords, or sealed with other keys."""
    refuse_unmigrated()
    refuse_demo_accounts()
    refuse_without_accounts()
    refuse_wrong_keys()


def refuse_unmigrated() -> None:
    """Fail plainly when the database is not at this version."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Refused("数据库还没有建立或需要升级：请先运行 liangxin migrate。")


def refuse_demo_accounts() -> None:
    """Fail plainly when openly known passwords would open a production site."""
    if settings.ENV.mode != PRODUCTION:
        return
    names = User.objects.filter(is_synthetic=True, is_active=True).values_list(
        "username", flat=True
    )
    if names:
        shown = "、".join(names[:SHOWN_NAMES])
        raise Refused(
            f"数据库里有演示账号（{shown}），密码是公开的，生产模式拒绝启动："
            "请换一个空的数据库，不要在演示数据上正式使用。"
        )


def refuse_without_accounts() -> None:
    """Fail plainly where nobody could log in to a production site: its first start makes the administrator."""
    if settings.ENV.mode == PRODUCTION and not User.objects.exists():
        raise Refused("还没有账号：请先运行 liangxin create-admin 登录名，建立系统管理员。")


def refuse_wrong_keys() -> None:
    """Fail plainly when what is sealed here was sealed with other keys: new values would join old ones
    that nobody can open. The first call of a deployment leaves the sample that later calls open.
    """
    _refuse_retired_keys()
    sample = Path(settings.DATA_DIR) / KEY_SAMPLE
    try:
        unseal(sample.read_bytes())
    except FileNotFoundError:
        sample.write_bytes(seal(b"liangxin"))


def _refuse_retired_keys() -> None:
    """What is derived from a key can only be found again with that key: it is the oldest one at hand."""
    head = AuditHead.objects.first()
    if head is None or head.key_id == oldest_key_id():
        return
    if head.key_id in key_ids():
        raise Refused(
            f"密钥“{oldest_key_id()}”已停用：请从 LIANGXIN_FIELD_KEYS 去掉它，"
            f"最后一个应是“{head.key_id}”。"
        )
    raise Refused(
        f"身份证索引和操作记录由密钥“{head.key_id}”生成：请把它加回 LIANGXIN_FIELD_KEYS 的最后；"
        f"要停用它，请先运行 liangxin keys retire {head.key_id}。"
    )
