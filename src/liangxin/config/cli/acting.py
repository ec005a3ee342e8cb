"""Who acts on the command line, and how progress is shown there."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from liangxin.accounts.queries import viewer_of
from liangxin.config.cli.wording import Refused
from liangxin.kernel import jobs
from liangxin.kernel.models import User
from liangxin.kernel.viewer import SYSTEM, Viewer


def acting_viewer(username: str) -> Viewer:
    """The viewer named on the command line; the district itself where none is named."""
    if not username:
        return SYSTEM
    user = User.objects.filter(username=username).first()
    if user is None:
        raise Refused(f"没有账号“{username}”：请检查 --by 后面的登录名。")
    if not user.is_active:
        raise Refused(f"账号“{username}”已停用：请换一个账号，或由管理员恢复。")
    return viewer_of(user, at=timezone.localdate())


@contextmanager
def shown_progress() -> Iterator[jobs.Progress]:
    """A progress bar on the error stream, so that the output stays clean for programs."""
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
    with bar:
        task = bar.add_task("准备", total=None)
        yield jobs.Progress(
            listener=lambda done, total, note: bar.update(
                task, completed=done, total=total or None, description=note or "处理中"
            )
        )
