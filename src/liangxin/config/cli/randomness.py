"""`liangxin secrets`: needs no settings, because without secrets there are none yet."""

import secrets

import click

SECRET_BYTES = 48


def secrets_command() -> None:
    """Print fresh secrets in the form of an environment file."""
    click.echo(f"LIANGXIN_SECRET_KEY={secrets.token_urlsafe(SECRET_BYTES)}")
    click.echo(f"LIANGXIN_FIELD_KEYS=k1:{secrets.token_urlsafe(SECRET_BYTES)}")
