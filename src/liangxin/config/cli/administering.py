"""First start and upkeep, for the operator."""

import json
import secrets as random_secrets
from pathlib import Path

import click
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from liangxin.accounts.actions import create_user, grant_role
from liangxin.kernel.models import User
from liangxin.kernel.viewer import SETUP, Role, Scope, ScopeKind
from liangxin.registry.actions.areas import BadBoundaryFile, import_areas

SECRET_BYTES = 48


def migrate_command() -> None:
    """Create or upgrade the database of this deployment."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=1)


def secrets_command() -> None:
    """Print fresh secrets in the form of an environment file."""
    click.echo(f"LIANGXIN_SECRET_KEY={random_secrets.token_urlsafe(SECRET_BYTES)}")
    click.echo(f"LIANGXIN_FIELD_KEYS=k1:{random_secrets.token_urlsafe(SECRET_BYTES)}")


def create_admin_command(*, username: str, name: str, password: str) -> None:
    """Create an administrator; only while there is none, later ones are made on the users page."""
    if User.objects.exists():
        raise click.ClickException("已经有账号了：其他账号请由管理员在“用户”页面建立。")
    try:
        validate_password(password)
    except ValidationError as error:
        raise click.ClickException("密码不合要求：" + " ".join(error.messages)) from error
    user = create_user(username=username, name=name, password=password, by=SETUP)
    grant_role(
        user,
        role=Role.ADMINISTRATOR,
        scope=Scope(ScopeKind.DISTRICT),
        from_date=timezone.localdate(),
        by=SETUP,
    )
    click.echo(f"已建立系统管理员 {username}。")


def import_areas_command(*, geojson: Path) -> None:
    """Read the district's own boundaries."""
    try:
        areas = import_areas(json.loads(geojson.read_text(encoding="utf-8")), by=SETUP)
    except (ValueError, BadBoundaryFile) as error:
        raise click.ClickException(f"{geojson}：{error}") from error
    click.echo(f"已导入 {len(areas)} 个区域。")
