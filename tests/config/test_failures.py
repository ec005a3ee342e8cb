"""Every failure that an operator can mend is told as one sentence with the mend."""

import errno
import re
from pathlib import Path

import pytest
from django.db import OperationalError, ProgrammingError

from liangxin.config.cli.failures import refusal
from liangxin.config.cli.wording import EXIT_REFUSED
from liangxin.kernel.encryption import WrongKey
from liangxin.kernel.jobs import JobRefused


@pytest.mark.parametrize(
    ("failure", "mend"),
    [
        (OperationalError("no such table: kernel_user"), "请先运行 liangxin migrate。"),
        (ProgrammingError('relation "kernel_user" does not exist\nLINE 1'), "liangxin migrate。"),
        (OperationalError("unable to open database file"), "请检查数据目录能否写入"),
        (OperationalError("attempt to write a readonly database"), "请检查数据目录能否写入"),
        (OperationalError("database or disk is full"), "请清理磁盘后重试。"),
        (OperationalError("database is locked"), "请稍后再试。"),
        (OperationalError("file is not a database"), "请从备份恢复。"),
        (OperationalError("connection failed: Connection refused"), "连不上 PostgreSQL"),
        (OperationalError("failed to resolve host 'nowhere'"), "连不上 PostgreSQL"),
        (
            OperationalError(
                'connection failed: FATAL: password authentication failed for user "u"'
            ),
            "拒绝了账号或密码",
        ),
        (OperationalError('connection failed: FATAL: database "x" does not exist'), "createdb"),
        (OSError(errno.ENOSPC, "No space left on device"), "请清理磁盘后重试。"),
        (PermissionError(errno.EACCES, "Permission denied", "/data"), "没有读写权限：/data。"),
        (WrongKey("no key named 'k2'"), "请使用原来的 LIANGXIN_FIELD_KEYS。"),
        (JobRefused("请先做别的事。"), "请先做别的事。"),
    ],
)
def test_foreseen_failure_names_the_mend(failure: Exception, mend: str) -> None:
    refused = refusal(failure)

    assert mend in refused.message
    assert "程序出错" not in refused.message
    assert refused.exit_code == EXIT_REFUSED


def test_unforeseen_failure_keeps_its_details_in_a_file() -> None:
    try:
        raise KeyError("surprise")
    except KeyError as failure:
        refused = refusal(failure)
    found = re.search(r"详情已记入 (\S+?)，", refused.message)

    assert found
    kept = Path(found[1])
    assert "test_unforeseen_failure_keeps_its_details_in_a_file" in kept.read_text(encoding="utf-8")
    kept.unlink()
