"""The command line speaks Chinese: help, usage errors, and what stands before every refusal."""

import sys
from collections.abc import Sequence
from typing import Any

import click

EXIT_INTERRUPTED = 130
EXIT_REFUSED = 2
USAGE = "用法："


class Refused(click.ClickException):
    """The command cannot be done; the text says why and what to do, in Chinese."""

    exit_code = EXIT_REFUSED


def _options_in_chinese(
    command: click.Command, context: click.Context, formatter: click.HelpFormatter
) -> None:
    options = [item for item in command.get_params(context) if isinstance(item, click.Option)]
    records = [
        (name, text.replace("[required]", "必填。"))
        for item in options
        for name, text in filter(None, [item.get_help_record(context)])
    ]
    with formatter.section("选项"):
        formatter.write_dl(records)


class ChineseCommand(click.Command):
    """One verb, its help in Chinese."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the line that shows how the verb is used."""
        pieces = self.collect_usage_pieces(ctx)
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=USAGE)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write every option with what it does."""
        _options_in_chinese(self, ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """--help, described in Chinese."""
        return _help_in_chinese(super().get_help_option(ctx))


class ChineseGroup(click.Group):
    """The program itself: its verbs, and the one place where refusals are shown."""

    command_class = ChineseCommand

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the line that shows how the program is used."""
        formatter.write_usage(ctx.command_path, "动作 [选项] [参数]…", prefix=USAGE)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options and the verbs."""
        _options_in_chinese(self, ctx, formatter)
        verbs = [(name, verb.get_short_help_str(80)) for name, verb in self.commands.items()]
        with formatter.section("动作"):
            formatter.write_dl(verbs)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """--help, described in Chinese."""
        return _help_in_chinese(super().get_help_option(ctx))

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a verb and leave with its exit code; a refusal becomes one Chinese sentence."""
        try:
            done = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message(), err=True)
            sys.exit(error.exit_code)
        except click.ClickException as error:
            click.echo(f"错误：{sentence(error)}", err=True)
            sys.exit(error.exit_code)
        except click.Abort:
            click.echo("已中止。", err=True)
            sys.exit(EXIT_INTERRUPTED)
        sys.exit(done if isinstance(done, int) else 0)


def _help_in_chinese(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = "显示这段说明。"
    return option


def sentence(error: click.ClickException) -> str:
    """What to tell the operator; click's own English never reaches them."""
    if not isinstance(error, click.UsageError):
        return error.format_message()
    path = error.ctx.command_path if error.ctx else "liangxin"
    return f"{_fault(error)}用法见 {path} --help。"


def _fault(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        return f"没有 {error.option_name} 这个选项{_nearest(error.possibilities)}。"
    if isinstance(error, click.exceptions.NoSuchCommand):
        return f"没有“{error.command_name}”这个动作{_nearest(error.possibilities)}。"
    if isinstance(error, click.BadOptionUsage):
        return f"{error.option_name} 后面要写值。"
    if isinstance(error, click.MissingParameter):
        return f"缺少 {_name(error)}。"
    if isinstance(error, click.BadParameter):
        return f"{_name(error)} 的值不对，{_expected(error)}。"
    return "参数太多或写法不对。"


def _nearest(possibilities: Sequence[str] | None) -> str:
    return f"（是不是 {'、'.join(possibilities)}？）" if possibilities else ""


def _name(error: click.BadParameter) -> str:
    if isinstance(error.param, click.Option):
        return max(error.param.opts, key=len)
    return error.param.make_metavar(error.ctx) if error.param and error.ctx else "参数"


def _expected(error: click.BadParameter) -> str:
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        return f"可选：{'、'.join(map(str, kind.choices))}"
    if isinstance(kind, click.DateTime):
        return "应是真实的日期，写成 2026-06-30 的样子"
    if isinstance(kind, click.IntRange):
        return f"应是 {kind.min} 到 {kind.max} 的整数"
    if isinstance(kind, type(click.FLOAT)):
        return "应是数字"
    return "应是整数" if isinstance(kind, type(click.INT)) else "请检查"
