"""Deployments of their own for tests of the operator's commands, on the database the run is on."""

import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.db import connection

from tests.config.programs import environment, liangxin

DATABASE_URL = "LIANGXIN_DATABASE_URL"
SET_UP = """
import django, json, os, signal, sys
django.setup()
from pathlib import Path
from django.conf import settings
from liangxin.kernel import audit, blobs
from liangxin.kernel.models import AuditEntry, Blob
from liangxin.kernel.viewer import SYSTEM
from liangxin.registry.models import Area
"""


@dataclass(frozen=True)
class Deployment:
    """A data folder and the settings that lead to its database."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        """One command of the program."""
        return liangxin(*arguments, folder=self.folder, **{**self.settings, **settings})

    def python(self, code: str) -> "subprocess.CompletedProcess[str]":
        """A few lines inside the deployment."""
        told = environment(
            self.folder, DJANGO_SETTINGS_MODULE="liangxin.config.settings", **self.settings
        )
        command = [sys.executable, "-c", SET_UP + code]
        return subprocess.run(command, env=told, capture_output=True, text=True, check=False)


@contextmanager
def deployment(folder: Path, *, like: Deployment | None = None) -> Iterator[Deployment]:
    """A deployment on the kind of database that this run of the tests uses: empty, or a copy of `like`."""
    if like:
        shutil.copytree(like.folder, folder)
    else:
        folder.mkdir(parents=True)
    if connection.vendor != "postgresql":
        yield Deployment(folder)
        return
    told = connection.settings_dict
    login = f"{told['USER']}:{quote(str(told['PASSWORD']), safe='')}@{told['HOST']}:{told['PORT']}"
    model = like.settings[DATABASE_URL].rpartition("/")[2] if like else "template0"
    name = f"deployment_{secrets.token_hex(6)}"
    with psycopg.connect(f"postgresql://{login}/postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {model} ENCODING 'UTF8'")
        try:
            yield Deployment(folder, {DATABASE_URL: f"postgresql://{login}/{name}"})
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
