"""The application: commands, errors as one line (or one object), exit codes."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from types import TracebackType
from typing import Any

import typer
from typer.exceptions import Abort, Exit, TyperException

from workbench.errors import InputError, WorkbenchError

__all__ = ["COMMANDS", "build", "main"]

#: Command → module of this package; each has a function of that name, or a Typer app.
COMMANDS = (
    "demo", "doctor", "inspect", "load", "describe", "graph", "evidence", "store", "communities",
    "polarisation", "influence", "maximise", "dismantle", "export", "cypher", "datasets",
    "synthetic", "sources", "merge", "privacy", "report", "study", "cite", "pack", "lab",
)  # fmt: skip
_HELP = "From a raw social-media export to a policy paper, with every number explained."
_INTERRUPTED = 130


def build() -> typer.Typer:
    """Return the Typer application with every command."""
    app = typer.Typer(
        help=_HELP,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback(help=_HELP)(_options)
    for name in COMMANDS:
        module = import_module(f"workbench.cli.{name}_command")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name)
        else:
            app.command(name)(getattr(module, name))
    return app


def _options(
    version: bool = typer.Option(
        False,
        "--version",
        help="Print the version and exit.",
        is_eager=True,
        callback=lambda wanted: _version() if wanted else None,
    ),
) -> None:
    """Take the options before a command."""


def _version() -> None:
    from workbench.provenance import package_version

    typer.echo(package_version())
    raise typer.Exit


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code.

    0 ok · 1 analysis failed · 2 usage · 3 bad input · 4 missing optional dependency · 5 store
    unreachable · 130 interrupted.
    """
    given = sys.argv[1:] if arguments is None else arguments
    as_json = "--json" in given
    sys.excepthook = _bug_reporter(as_json)
    command = typer.main.get_command(build())
    try:
        code = _run(command, given)
    except WorkbenchError as error:
        _fail(error.to_dict(), str(error), as_json=as_json)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, Abort):
        _fail(_object("interrupted"), "interrupted", as_json=as_json)
        sys.exit(_INTERRUPTED)
    except TyperException as error:
        text = _usage(error)
        _fail(_object(text, remedy="see: workbench --help"), text, as_json=as_json)
        sys.exit(2)
    except BrokenPipeError:  # whoever read the output has had enough; Typer leaves so as well
        _drop_output()
        sys.exit(1)
    except OSError as error:
        _drop_output()
        wrong = InputError(
            "cannot read or write",
            value=error.filename,
            where=error.strerror or str(error),
            remedy="free some space, or choose another place",
        )
        _fail(wrong.to_dict(), str(wrong), as_json=as_json)
        sys.exit(wrong.exit_code)
    sys.exit(code)


def _run(command: Any, given: list[str]) -> int:
    """Return the exit code of a command whose output has arrived."""
    try:
        code = command.main(args=given, prog_name="workbench", standalone_mode=False)
    except Exit as leave:
        code = leave.exit_code
    sys.stdout.flush()
    return code if isinstance(code, int) else 0


def _drop_output() -> None:
    """Let what standard output could not take go nowhere, so that leaving does not fail again."""
    try:
        sys.stdout.flush()
    except OSError:
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123  only its number is wanted
            os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _usage(error: TyperException) -> str:
    """Return the one-line message of a parser error; help goes to standard error."""
    message = str(getattr(error, "format_message", error.__str__)())
    if "\n" in message:
        sys.stderr.write(message + "\n")
        return "no command given"
    return message


def _object(what: str, *, remedy: str | None = None) -> dict[str, str | None]:
    return {"what": what, "value": None, "where": None, "allowed": None, "remedy": remedy}


def _fail(entry: dict[str, str | None], line: str, *, as_json: bool) -> None:
    text = json.dumps({"error": entry}, ensure_ascii=False) if as_json else f"error: {line}"
    sys.stderr.write(text + "\n")


def _bug_reporter(
    as_json: bool,
) -> Callable[[type[BaseException], BaseException, TracebackType | None], Any]:
    """Return the hook for what nobody foresaw: the traceback, then the error object; exit 1."""

    def report(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        traceback.print_exception(kind, error, trace, file=sys.stderr)
        what = f"a fault of the workbench: {kind.__name__}: {error}"
        entry = _object(what, remedy="report it with the lines above")
        _fail(entry, f"{what}; please report it with the lines above", as_json=as_json)

    return report
