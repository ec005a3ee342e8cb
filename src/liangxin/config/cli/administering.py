"""First start and upkeep, for the operator."""

import json
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from liangxin.accounts.actions import create_user, grant_role
from liangxin.config.cli.readiness import refuse_wrong_keys
from liangxin.config.cli.wording import Refused
from liangxin.kernel import chain_guard
from liangxin.kernel.models import User
from liangxin.kernel.viewer import SETUP, Role, Scope, ScopeKind
from liangxin.registry.actions.areas import import_areas


def migrate_command() -> None:
    """Create or upgrade the database of this deployment."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    # SQLite drops the triggers of a table that a migration builds anew.
    chain_guard.install(connection)
    refuse_wrong_keys()
    click.echo("数据库已是最新。")


def create_admin_command(*, username: str, name: str, password: str) -> None:
    """Create an administrator; only while there is none, later ones are made on the users page."""
    if User.objects.exists():
        raise Refused("已经有账号了：其他账号请由管理员在“用户”页面建立。")
    if not name:
        name = click.prompt("姓名")
    user = User(username=username, name=name)
    _refuse_bad_account(user)
    password = _checked_password(password, user=user) if password else _asked_password(user)
    made = create_user(username=username, name=name, password=password, by=SETUP)
    grant_role(
        made,
        role=Role.ADMINISTRATOR,
        scope=Scope(ScopeKind.DISTRICT),
        from_date=timezone.localdate(),
        by=SETUP,
    )
    click.echo(f"已建立系统管理员 {username}。")


def _refuse_bad_account(user: User) -> None:
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError as error:
        raise Refused("登录名或姓名不合要求：" + " ".join(error.messages)) from error
    if user.username != "".join(user.username.split()):
        raise Refused("登录名中不能有空格。")


def _checked_password(password: str, *, user: User) -> str:
    try:
        validate_password(password, user=user)
    except ValidationError as error:
        raise Refused("密码不合要求：" + " ".join(error.messages)) from error
    return password


def _asked_password(user: User) -> str:
    """Ask until a good password was typed twice."""
    while True:
        password: str = click.prompt("密码（至少 10 位，不显示）", hide_input=True)
        if password != click.prompt("再输一遍", hide_input=True):
            click.echo("两次输入不一致，请重新输入。", err=True)
            continue
        try:
            return _checked_password(password, user=user)
        except Refused as refused:
            click.echo(refused.message, err=True)


def import_areas_command(*, geojson: Path) -> None:
    """Read the district's own boundaries."""
    if not geojson.is_file():
        raise Refused(f"没有这个文件：{geojson}。请检查路径。")
    try:
        areas = import_areas(_collection(geojson), by=SETUP)
    except ValueError as error:
        raise Refused(f"{geojson}：{error}") from error
    click.echo(f"已导入 {len(areas)} 个区域。")


def _collection(geojson: Path) -> dict[str, Any]:
    mend = "请用地图软件另存为 UTF-8 编码的 GeoJSON（WGS-84 经纬度）。"
    try:
        collection = json.loads(geojson.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refused(f"{geojson} 不是 UTF-8 文本。{mend}") from error
    except json.JSONDecodeError as error:
        raise Refused(f"{geojson} 第 {error.lineno} 行不是正确的 JSON。{mend}") from error
    if not isinstance(collection, dict):
        raise Refused(f"{geojson} 不是 GeoJSON。{mend}")
    return collection
