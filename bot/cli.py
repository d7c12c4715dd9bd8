"""The command line: one function a command; what each one does is in a module of its own."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.errors import BotError, InputError
from bot.terminal import tell

if TYPE_CHECKING:
    from bot.service import Service

LONGEST = 100_000  # characters of a question that are looked at at all
BROKEN = 2  # the status where the project's own data cannot be used

_region = click.option("--region", metavar="REGION", help=tell("help_region"))
_day = click.option("--day", metavar="YYYY-MM-DD", help=tell("help_day"))
_json = click.option("--json", "as_json", is_flag=True, help=tell("help_json"))


class Program(click.Group):
    """The commands; an error that a person can mend is said in a sentence, with status 2."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click has it
        """Run a command."""
        from intents.errors import IntentsError
        from knowledge.errors import KnowledgeError

        settle_streams()
        heed_the_end()
        try:
            return super().invoke(ctx)
        except BotError as error:
            complaint, status = str(error), error.status
        except click.UsageError as error:
            complaint, status = _complaint(error), error.exit_code
        except (KnowledgeError, IntentsError) as error:
            complaint, status = tell("broken_packs", detail=error), BROKEN
        click.echo(complaint, err=True)
        raise click.exceptions.Exit(status)


def _complaint(error: click.UsageError) -> str:
    """What was wrong with the words of a command, as a sentence."""
    group = isinstance(error.ctx and error.ctx.command, click.Group)
    command = error.ctx.command_path if error.ctx else "yiwentong"
    if isinstance(error, click.NoSuchOption):
        return tell("no_such_option", name=error.option_name, command=command)
    if isinstance(error, click.MissingParameter):
        name = error.param.human_readable_name if error.param else ""
        return tell("missing_parameter", name=name, command=command)
    if isinstance(error, click.BadParameter):
        name = error.param.human_readable_name if error.param else ""
        return tell("bad_parameter", name=name, command=command)
    if group:
        return tell("no_such_command", command=command)
    return tell("odd_words", command=command)


def settle_streams() -> None:
    """UTF-8 in and out, whatever the locale; what is no character does not stop the program."""
    for stream, errors in (
        (sys.stdin, "replace"),
        (sys.stdout, "backslashreplace"),
        (sys.stderr, "backslashreplace"),
    ):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(encoding="utf-8", errors=errors)


def heed_the_end() -> None:
    """End at SIGTERM from the start on, also as the first process of a container.

    There the system leaves a signal alone that has no handler, and a server has its own only once
    it serves.
    """
    if os.getpid() == 1:
        signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))


@click.group(
    cls=Program,
    invoke_without_command=True,
    help=tell("help"),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.pass_context
def main(ctx: click.Context) -> None:
    """Talk, where no command is given."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(chat)


@main.command(help=tell("help_chat"))
@_region
def chat(region: str | None = None) -> None:
    """Talk in the terminal."""
    from bot.channels.console import Console, paint_for, talk, typed

    paint = paint_for(sys.stdout, os.environ)
    try:
        talk(Console(_service(region), paint=paint), typed(paint), click.echo)
    except KeyboardInterrupt:
        click.echo()
    if sys.stdin.isatty():
        click.echo(f"\n{tell('chat_bye')}")


@main.command(help=tell("help_serve"))
@_region
@click.option("--host", metavar="HOST", help=tell("help_host"))
@click.option("--port", type=click.IntRange(0, 65_535), help=tell("help_port"))
@click.option("--workers", type=click.IntRange(1, 64), help=tell("help_workers"))
@click.option("--watch", is_flag=True, help=tell("help_watch"))
def serve(
    *, region: str | None, host: str | None, port: int | None, workers: int | None, watch: bool
) -> None:
    """Serve everything over HTTP."""
    from msgspec import structs

    from bot import logs
    from bot.settings import read_settings

    settings = read_settings()
    settings = structs.replace(
        settings,
        host=host or settings.host,
        port=settings.port if port is None else port,
        workers=workers or settings.workers,
    )
    logs.settle()
    if settings.workers > 1:
        from bot.counting import together

        with together():
            from bot import workers as several

            several.serve(region, settings, click.echo, watch=watch)
        return
    from bot import server
    from bot.resources import opened

    server.serve(opened(region, settings=settings), click.echo, watch=watch)


@main.command(help=tell("help_mcp"))
@_region
def mcp(region: str | None) -> None:
    """Serve an assistant on standard input and output."""
    from bot import logs
    from bot.channels import mcp as assistants
    from bot.resources import opened

    # Few assistants read what is told here, and a pipe that nobody reads fills up.
    logs.settle(logging.WARNING)
    assistants.run(opened(region))


@main.command(help=tell("help_telegram"))
@_region
def telegram(region: str | None) -> None:
    """Answer on Telegram."""
    from bot import logs
    from bot.channels import telegram as channel
    from bot.resources import opened
    from bot.settings import read_settings

    settings = read_settings()
    account = channel.account_of(settings)
    logs.settle()
    channel.poll(opened(region, settings=settings), account, click.echo)


@main.command(help=tell("help_ask"))
@click.argument("text")
@_region
@_day
@_json
@click.option("--why", is_flag=True, help=tell("help_why"))
def ask(text: str, *, region: str | None, day: str | None, as_json: bool, why: bool) -> None:
    """Answer one question."""
    from msgspec import to_builtins

    from bot.answers import plain, reply
    from bot.days import day_of, today
    from bot.reasons import why as why_of
    from bot.service import turn
    from intents.dialogue import State

    when = day_of(day) if day else today()
    done = turn(_service(region), State(), _question(text), day=when)
    reasons = list(why_of(done)) if why else []
    if as_json:
        _print_json(to_builtins(reply(done.answer)) | ({"why": reasons} if why else {}))
    else:
        click.echo("\n".join([plain(done.answer), *[""][: len(reasons)], *reasons]))
    if done.answer.kind == "error":
        sys.exit(1)


@main.command(help=tell("help_why_command"))
@click.argument("id_", metavar="ID")
@_region
@_json
def why(id_: str, *, region: str | None, as_json: bool) -> None:
    """Take a turn of the journal again."""
    from bot.replaying import as_data, as_lines, replayed
    from bot.resources import opened

    found = replayed(opened(region), id_)
    if as_json:
        _print_json(as_data(found))
    else:
        click.echo("\n".join(as_lines(found)))


@main.command(help=tell("help_forget"))
@click.argument("session", required=False)
@click.option("--old", is_flag=True, help=tell("help_forget_old"))
def forget(session: str | None, *, old: bool) -> None:
    """Forget a conversation, or what was kept long enough."""
    from bot import forgetting

    if old == bool(session):
        raise InputError(tell("forget_one_of"))
    sentence, found = forgetting.old() if old else forgetting.asked(session or "")
    click.echo(sentence)
    sys.exit(int(not found))


@main.command(help=tell("help_batch"))
@click.argument("file")
@_region
def batch(file: str, region: str | None) -> None:
    """Hold many conversations."""
    from bot.batch import outcomes
    from bot.days import today

    broken = False
    served = _service(region)
    for outcome in outcomes(served, _lines(file), today()):
        broken |= "error" in outcome
        _print_json(outcome)
    sys.exit(int(broken))


@main.command("eval", help=tell("help_eval"))
@click.argument("path", type=Path)
@_region
@_day
@_json
@click.option("--misses", default=20, type=click.IntRange(0), help=tell("help_misses"))
@click.option("--peer", is_flag=True, help=tell("help_peer"))
@click.option("--min-accuracy", type=click.FloatRange(0, 100), help=tell("help_min_accuracy"))
def evaluate(
    path: Path,
    *,
    region: str | None,
    day: str | None,
    as_json: bool,
    misses: int,
    peer: bool,
    min_accuracy: float | None,
) -> None:
    """Judge question files."""
    from bot import scores
    from bot.days import day_of, today
    from bot.evaluation import Tally, placed, read_cases, tallies, verdicts
    from bot.retrieval import retrieved

    when = day_of(day) if day else today()
    served = _service(region)
    cases = [placed(served.library, case) for case in read_cases(path)]
    judged = list(verdicts(served, cases, when))
    counted = tallies(judged)
    if peer:
        counted["peer"] = {"all": Tally()}
        for verdict in retrieved(served.library, cases):
            counted["peer"]["all"].add(verdict)
    if as_json:
        _print_json(scores.as_data(counted, judged, misses))
    else:
        click.echo(f"{scores.table(counted)}\n\n{scores.misses(judged, misses)}")
    scores.hold(counted, min_accuracy)


@main.command(help=tell("help_check"))
@click.argument("pack", required=False)
def check(pack: str | None) -> None:
    """Print every fault of the packs."""
    from bot.inspection import checked

    faults, summary = checked(pack)
    for fault in faults:
        click.echo(str(fault))
    click.echo(summary)
    sys.exit(int(bool(faults)))


@main.command(help=tell("help_audit"))
@click.option("--sources", required=True, type=Path, metavar="DIR", help=tell("help_sources"))
def audit(sources: Path) -> None:
    """Hold every fact against its document."""
    from bot.inspection import audited

    report, summary = audited(sources)
    for miss in report.misses:
        click.echo(str(miss))
    click.echo(summary)
    sys.exit(int(not report.clean))


@main.group(help=tell("help_bench"))
def bench() -> None:
    """Measure."""


@bench.command("turn", help=tell("help_turn"))
@click.option("--questions", type=Path, metavar="PATH", help=tell("help_questions"))
@click.option("--rounds", default=3, type=click.IntRange(1), help=tell("help_rounds"))
@_json
def bench_turn(*, questions: Path | None, rounds: int, as_json: bool) -> None:
    """Measure turns, a cold start and the memory."""
    from bot.bench import QUESTIONS, measured, table

    figures = measured(_service(None), questions or QUESTIONS, rounds)
    if as_json:
        _print_json(figures)
    else:
        click.echo(table(figures))


@bench.command("web", help=tell("help_web"))
@click.option("--questions", type=Path, metavar="PATH", help=tell("help_questions"))
@click.option("--seconds", default=10.0, type=click.FloatRange(0.1), help=tell("help_seconds"))
@_json
def bench_web(*, questions: Path | None, seconds: float, as_json: bool) -> None:
    """Measure the server."""
    from bot.bench import QUESTIONS
    from bot.bench_web import measured, table

    figures = measured(_service(None), questions or QUESTIONS, seconds)
    if as_json:
        _print_json(figures)
    else:
        click.echo(table(figures))


@bench.command("load", help=tell("help_load"))
@click.option("--questions", type=Path, metavar="PATH", help=tell("help_questions"))
@click.option("--seconds", default=5.0, type=click.FloatRange(0.1), help=tell("help_seconds"))
@_json
def bench_load(*, questions: Path | None, seconds: float, as_json: bool) -> None:
    """Measure what load is held."""
    from bot.bench import QUESTIONS
    from bot.bench_load import as_data, measured, table

    loads = measured(questions or QUESTIONS, seconds)
    if as_json:
        _print_json(as_data(loads))
    else:
        click.echo(table(loads))


@bench.command("wechat", help=tell("help_bench_wechat"))
@click.option("--questions", type=Path, metavar="PATH", help=tell("help_questions"))
@click.option("--seconds", default=10.0, type=click.FloatRange(0.1), help=tell("help_seconds"))
@_json
def bench_wechat(*, questions: Path | None, seconds: float, as_json: bool) -> None:
    """Measure callbacks of WeChat."""
    from bot.bench import QUESTIONS
    from bot.bench_wechat import measured, table

    figures = measured(_service(None), questions or QUESTIONS, seconds)
    if as_json:
        _print_json(figures)
    else:
        click.echo(table(figures))


@main.group(help=tell("help_wechat"))
def wechat() -> None:
    """Keep the official account."""


@wechat.group("menu", help=tell("help_wechat_menu"))
def wechat_menu() -> None:
    """Keep its menu."""


@wechat_menu.command("push", help=tell("help_wechat_menu_push"))
@click.option("--dry-run", is_flag=True, help=tell("help_dry_run"))
def wechat_menu_push(*, dry_run: bool) -> None:
    """Give the platform the menu."""
    import asyncio

    from bot.channels import wechat_menu
    from bot.settings import read_settings

    if dry_run:
        click.echo(wechat_menu.shown())
    else:
        click.echo(asyncio.run(wechat_menu.push(read_settings().accounts.wechat)))


@main.group("desk-user", help=tell("help_desk_user"))
def desk_user() -> None:
    """Keep the agents of the desk."""


@desk_user.command("add", help=tell("help_desk_user_add"))
@click.argument("name")
def desk_user_add(name: str) -> None:
    """Let an agent in."""
    from bot.desk import keeping

    click.echo(keeping.add(keeping.store(), name))


@desk_user.command("password", help=tell("help_desk_user_password"))
@click.argument("name")
def desk_user_password(name: str) -> None:
    """Give an agent another password."""
    from bot.desk import keeping

    click.echo(keeping.reset(keeping.store(), name))


@desk_user.command("list", help=tell("help_desk_user_list"))
def desk_user_list() -> None:
    """Print who may log in."""
    from bot.desk import keeping

    click.echo("\n".join(keeping.listing(keeping.store())))


@desk_user.command("remove", help=tell("help_desk_user_remove"))
@click.argument("name")
def desk_user_remove(name: str) -> None:
    """Let an agent in no longer."""
    from bot.desk import keeping

    click.echo(keeping.remove(keeping.store(), name))


@desk_user.command("unlock", help=tell("help_desk_user_unlock"))
@click.argument("name")
def desk_user_unlock(name: str) -> None:
    """End the lock of an agent."""
    from bot.desk import keeping

    click.echo(keeping.unlock(keeping.store(), name))


@main.group(invoke_without_command=True, help=tell("help_flags"))
@click.option("--all", "closed", is_flag=True, help=tell("help_flags_all"))
@click.pass_context
def flags(ctx: click.Context, *, closed: bool) -> None:
    """Print what agents hold to be wrong, where no command is given."""
    from bot.desk import keeping

    if ctx.invoked_subcommand is None:
        click.echo("\n".join(keeping.flag_lines(keeping.store(), closed=closed)))


@flags.command("close", help=tell("help_flags_close"))
@click.argument("number", type=click.IntRange(1, 10**9))
@click.option("--because", required=True, metavar="TEXT", help=tell("help_because"))
def flags_close(number: int, because: str) -> None:
    """Close a flag."""
    from bot.desk import keeping

    click.echo(keeping.close_flag(keeping.store(), number, because))


def _service(region: str | None) -> Service:
    """The service of this process. Raises BotError for a region or setting that cannot be."""
    from bot.opening import opened

    return opened(region)


def _question(text: str) -> str:
    """The question itself, from standard input for `-`. Raises InputError for one too long."""
    if text == "-":
        # One byte more than the longest can have, so that a longer one is seen to be longer.
        raw = sys.stdin.buffer.read(4 * LONGEST + 1)
        text = raw.decode("utf-8", errors="replace").rstrip("\r\n")
    else:
        text = _as_typed(text)
    if len(text) > LONGEST:
        raise InputError(tell("text_too_long", longest=LONGEST))
    return text


def _as_typed(argument: str) -> str:
    """An argument read as UTF-8 even where the locale had Python read it as something else."""
    try:
        return os.fsencode(argument).decode("utf-8")
    except UnicodeError:
        return argument


def _lines(file: str) -> Iterator[bytes]:
    """The lines of a file, or of standard input for `-`. Raises InputError."""
    try:
        if file == "-":
            yield from sys.stdin.buffer
        else:
            with Path(file).open("rb") as stream:
                yield from stream
    except FileNotFoundError as error:
        raise InputError(tell("no_file", path=file)) from error
    except OSError as error:
        raise InputError(tell("unreadable", path=file, why=error.strerror)) from error


def _print_json(data: dict[str, Any]) -> None:
    """One line of JSON, at once."""
    click.echo(json.dumps(data, ensure_ascii=False))
