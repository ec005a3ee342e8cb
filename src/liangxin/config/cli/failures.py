"""What the operator reads when a command cannot be done: one sentence that says why and what to do."""

import errno
import os
import tempfile
import traceback
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from liangxin.config.cli.wording import Refused
from liangxin.config.env import BadEnvironment
from liangxin.kernel.encryption import WrongKey
from liangxin.kernel.jobs import JobRefused
from liangxin.kernel.permissions import NotAllowed

# What SQLite and PostgreSQL say, and what it means for the operator; the first that fits counts.
DATABASE_SENTENCES = (
    (("disk is full", "no space left"), "磁盘已满，没有写入，数据保持原样：请清理磁盘后重试。"),
    (
        ("no such table", "no such column"),
        "数据库还没有建立或需要升级：请先运行 liangxin migrate。",
    ),
    (
        ("unable to open", "readonly database", "permission denied", "disk i/o"),
        "数据库文件打不开或不能写：请检查数据目录能否写入；第一次使用先运行 liangxin migrate。",
    ),
    (("not a database", "malformed"), "数据库文件已损坏或不是数据库：请从备份恢复。"),
    (("locked",), "数据库正被另一个程序占用：请稍后再试。"),
    (
        ("password authentication", "no password"),
        "数据库拒绝了账号或密码：请检查 LIANGXIN_DATABASE_URL。",
    ),
    (("database", "does not exist"), "PostgreSQL 里没有这个库：请先用 createdb 建立。"),
    (
        ("connection", "resolve", "timeout", "refused", "closed"),
        "连不上 PostgreSQL：请检查它是否在运行，以及 LIANGXIN_DATABASE_URL 的主机和端口。",
    ),
)
SYSTEM_SENTENCES = {
    errno.ENOSPC: "磁盘已满，没有完成，数据保持原样：请清理磁盘后重试。",
    errno.EDQUOT: "磁盘配额已用完，没有完成，数据保持原样：请清理后重试。",
    errno.EACCES: "没有读写权限：{name}。请换一个账号运行，或修改它的权限。",
    errno.EPERM: "没有读写权限：{name}。请换一个账号运行，或修改它的权限。",
    errno.EROFS: "这个磁盘是只读的：{name}。请换一个数据目录。",
    errno.ENOTDIR: "路径中有一段不是文件夹：{name}。",
    errno.EEXIST: "应是文件夹，却是文件：{name}。",
}


def refusal(error: Exception) -> Refused:
    """The sentence for any failure; what nobody foresaw is kept in a file for whoever mends it."""
    sentence = _foreseen(error)
    if sentence is None:
        sentence = (
            f"程序出错：{type(error).__name__}: {error}。"
            f"详情已记入 {_kept_details(error)}，请把它交给维护人员。"
        )
    return Refused(sentence)


def _foreseen(error: Exception) -> str | None:
    if isinstance(error, BadEnvironment | JobRefused | NotAllowed):
        return str(error)
    if isinstance(error, WrongKey):
        return "密钥与数据库不符，加密的内容解不开：请使用原来的 LIANGXIN_FIELD_KEYS。"
    if isinstance(error, DatabaseError):
        return database_sentence(str(error))
    if isinstance(error, OSError) and error.errno in SYSTEM_SENTENCES:
        return SYSTEM_SENTENCES[error.errno].format(name=error.filename or "")
    if isinstance(error, ImproperlyConfigured):
        return f"配置有误：{error}"
    return None


def database_sentence(said: str) -> str | None:
    """The operator's sentence for what the database said; None where it is nothing of theirs."""
    text = said.lower()
    if "relation" in text and "does not exist" in text:
        text = "no such table"
    for words, sentence in DATABASE_SENTENCES:
        if any(word in text for word in words):
            return sentence
    return None


def _kept_details(error: Exception) -> Path:
    handle, name = tempfile.mkstemp(prefix="liangxin-error-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(traceback.format_exception(error))
    return Path(name)
