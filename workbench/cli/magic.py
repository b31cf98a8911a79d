"""``%cypher`` and ``%%cypher``: Cypher in a notebook, with variables in and tables or graphs out.

Values travel as parameters and are never pasted into the text. An error is one line, and its cell
fails.
"""

from __future__ import annotations

import argparse
import difflib
import io
import keyword
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from workbench.cli.asking import TABLE_ROWS, ask, ask_library, count, cut_note, given_by
from workbench.cli.carrying import graph_of, travelling
from workbench.cli.output import say
from workbench.errors import UsageError, WorkbenchError

if TYPE_CHECKING:
    import pandas as pd

    from workbench.store.protocol import GraphStore

__all__ = ["CypherMagic", "add", "remove"]

_HELP = """Ask the graph in Cypher.

    %cypher --store STORE [--study NAME]      from now on ask this store
    %cypher [OPTIONS] MATCH … RETURN …
    %%cypher [OPTIONS]                        and the query below
    %cypher list                              the queries of the library

STORE is a variable with a store, or with a path or address; or a path or address itself. The
password comes from NEO4J_PASSWORD or is asked for; an address that holds one is refused.

$name in the query takes the value of the variable `name`: a number, a text, or a list of them.

    -p NAME=VALUE     a parameter by hand; VALUE is a number or text, or $variable
    --name AREA/NAME  a query of the library instead; its parameters come from -p alone
    --into VARIABLE   keep all rows as a DataFrame
    --graph VARIABLE  keep rows source, target[, weight] as an InteractionGraph
    --kind KIND       what its edges are (retweet)
    --limit N         rows at most; without it 1,000 are shown
    --write           allow the query to write
"""


def add(shell: Any) -> None:
    """Register ``%cypher`` and ``%%cypher``."""
    made = CypherMagic(shell)

    def cypher(line: str, cell: str | None = None) -> pd.DataFrame | None:
        return made(line, cell)

    cypher.__doc__ = _HELP
    # The line stays as it was typed: otherwise $name would be pasted into the query.
    cypher._ipython_magic_no_var_expand = True  # type: ignore[attr-defined]  # noqa: SLF001
    cypher.made = made  # type: ignore[attr-defined]
    remove(shell)
    shell.register_magic_function(cypher, magic_kind="line_cell", magic_name="cypher")


def remove(shell: Any) -> None:
    """Take ``%cypher`` away and close the store that it opened."""
    for kind in ("line", "cell"):
        found = shell.magics_manager.magics[kind].pop("cypher", None)
        if hasattr(found, "made"):
            found.made.close()


class CypherMagic:
    """The magic of one notebook: its variables, and the store that is asked.

    Parameters
    ----------
    shell
        The IPython shell.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._store: GraphStore | None = None
        self._owned = False

    def __call__(self, line: str, cell: str | None = None) -> pd.DataFrame | None:
        """Run a line or cell.

        Returns
        -------
        DataFrame or None
            What is shown; None where it was kept under a name.

        Raises
        ------
        IPython.core.error.UsageError
            Whatever a user can repair, as one line.
        """
        from IPython.core.error import UsageError as Shown

        try:
            return self._run(line, cell)
        except WorkbenchError as error:
            said = str(error)
        raise Shown(said)

    def close(self) -> None:
        """Let go of the store, if it was opened here."""
        if self._store is not None and self._owned:
            self._store.close()
        self._store, self._owned = None, False

    def _run(self, line: str, cell: str | None) -> pd.DataFrame | None:
        options, rest = _options(line, whole=cell is not None)
        text = (cell if cell is not None else rest).strip()
        for name in (options.into, options.graph):
            _check_variable(name)
        if options.study is not None and options.store is None:
            raise UsageError("--study names a study of a store", allowed="with --store STORE")
        if options.store is not None:
            self._use(options.store, study=options.study)
            if not text and options.name is None:
                say(f"asking {self._store!r}")
                return None
        if text == "list" and options.name is None:
            return _library()
        if bool(text) == (options.name is not None):
            raise UsageError("give a query", allowed="Cypher text, or --name AREA/NAME")
        frame = self._answer(options, text)
        if options.graph is not None:
            self._keep(options.graph, graph_of(frame, kind=options.kind, text=text or options.name))
        if options.into is not None:
            self._keep(options.into, frame)
        told = cut_note(frame, more=_more(options))
        if told:
            say(told)
        return frame if options.graph is None and options.into is None else None

    def _answer(self, options: argparse.Namespace, text: str) -> pd.DataFrame:
        """Return the rows of the query: all of them where they are kept."""
        if self._store is None:
            raise UsageError("no store was chosen", remedy="choose one: %cypher --store STORE")
        shown = options.into is None and options.graph is None
        most = TABLE_ROWS if shown and options.limit is None else options.limit
        given = self._by_hand(options.param)
        if options.name is None:
            values = {**self._variables(text, given), **given}
            frame = ask(self._store, text, values, write=options.write, limit=most)
        else:
            frame = ask_library(self._store, options.name, given, limit=options.limit)
        if most is not None and len(frame) > most:
            frame = frame.head(most)
            frame.attrs["cut"] = True
        return frame

    def _variables(self, text: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the notebook's values of the parameters that were not given by hand."""
        from workbench.store.guard import parameters_of

        return {name: self._value(name) for name in sorted(parameters_of(text) - set(given))}

    def _value(self, name: str) -> Any:
        known = self._shell.user_ns
        if name not in known:
            close = difflib.get_close_matches(name, [n for n in known if n[:1] != "_"], n=3)
            raise UsageError(
                "no variable has the name of this parameter", value=f"${name}",
                remedy=f"set it, or give -p {name}=VALUE"
                + (f"; did you mean {', '.join(close)}?" if close else ""),
            )  # fmt: skip
        return travelling(known[name], name)

    def _by_hand(self, entries: list[str]) -> dict[str, Any]:
        """Return the values of ``-p``; ``$variable`` stands for the value of a variable."""
        return {
            name: self._value(value[1:])
            if isinstance(value, str) and value[:1] == "$" and entry.endswith(f"={value}")
            else value
            for entry, (name, value) in zip(entries, given_by(entries).items(), strict=True)
        }

    def _use(self, given: str, *, study: str | None) -> None:
        """Ask another store from now on."""
        from workbench.store import connect
        from workbench.store.secret import typed

        found: Any = self._shell.user_ns.get(given, given) if given.isidentifier() else given
        if hasattr(found, "cypher") and hasattr(found, "query"):
            if study is not None:
                raise UsageError(
                    "this store has its study already",
                    value=given,
                    remedy="name it when connecting: workbench.connect(…, study=…)",
                )
            opened, owned = found, False
        elif isinstance(found, str | Path):
            _check_secret(str(found))
            if "://" not in str(found) and study is not None:
                raise UsageError("a folder holds one study", value="--study")
            opened, owned = connect(found, study=study, secret=typed), True
        else:
            raise UsageError(
                "this variable is no store",
                value=given,
                where=type(found).__name__,
                allowed="a store, or the path or address of one",
            )
        if opened is not self._store:
            self.close()
        self._store, self._owned = opened, owned

    def _keep(self, name: str, value: Any) -> None:
        self._shell.push({name: value}, interactive=True)
        what = repr(value) if hasattr(value, "fingerprint") else _size(value)
        say(f"{name}: {what}")


def _library() -> pd.DataFrame:
    """Return the queries of the library: name, question, parameters with their defaults."""
    import pandas as pd

    from workbench.store.library import queries

    return pd.DataFrame(
        {
            "name": found.name,
            "question": found.question,
            "parameters": ", ".join(f"{p.name}={p.default!r}" for p in found.parameters),
        }
        for found in queries().values()
    )


def _check_secret(uri: str) -> None:
    """Refuse an address with a password, which a notebook would keep."""
    rest = uri.partition("://")[2]
    if ":" in rest.rpartition("@")[0]:
        raise UsageError(
            "an address with a password is not for a notebook, which keeps it",
            remedy="take it out of the cell and set NEO4J_PASSWORD, or wait to be asked for it",
        )


def _check_variable(name: str | None) -> None:
    if name is not None and (not name.isidentifier() or keyword.iskeyword(name)):
        raise UsageError("this is no name of a variable", value=name)


def _more(options: argparse.Namespace) -> str:
    if options.limit is None and options.name is None:
        return "--limit N shows more, --into VARIABLE keeps all"
    return "" if options.name is None else "--limit N asks for more"


def _size(frame: pd.DataFrame) -> str:
    return f"{count(len(frame))} of {', '.join(map(str, frame.columns))}"


class _Parser(argparse.ArgumentParser):
    """A parser that says what is wrong instead of leaving."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, remedy="see: %cypher?")


def _parser() -> _Parser:
    parser = _Parser(prog="%cypher", add_help=False, allow_abbrev=False)
    for name in ("store", "study", "name", "into", "graph"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--kind", default="retweet")
    parser.add_argument("-p", "--param", action="append", default=[])
    parser.add_argument("--limit", type=int)
    parser.add_argument("--write", action="store_true")
    return parser


def _options(line: str, *, whole: bool) -> tuple[argparse.Namespace, str]:
    """Return the options at the start of a line, and the query behind them as it was typed.

    Parameters
    ----------
    whole
        Whether the line is that of a cell, which has options only.
    """
    words, rest = [], line.strip()
    while rest.startswith("-"):
        word, rest = _word(rest)
        words.append(word)
        if word != "--write" and "=" not in word and rest:
            value, rest = _word(rest)
            words.append(value)
    if whole and rest:
        raise UsageError("the query belongs below the line of %%cypher", value=rest)
    options = _parser().parse_args(words)
    if options.limit is not None and options.limit < 0:
        raise UsageError("the limit is no number of rows", value=options.limit, allowed="≥ 0")
    return options, rest


def _word(line: str) -> tuple[str, str]:
    """Return the first word of a line, without its quotes, and what is left."""
    stream = io.StringIO(line)
    lexer = shlex.shlex(stream, posix=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    try:
        word = lexer.get_token() or ""
    except ValueError as error:
        raise UsageError("a quotation mark is missing", value=line) from error
    return word, stream.read().strip()
