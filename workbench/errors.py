"""Every exception of the package: what is wrong, which value, where, what to do."""

from __future__ import annotations

__all__ = [
    "CannotBuildError",
    "ClaimError",
    "ConvergenceError",
    "CutWarning",
    "InputError",
    "MissingDependencyError",
    "MissingGlyphWarning",
    "NotFoundError",
    "NotUniqueWarning",
    "QueryError",
    "SchemaError",
    "StoreError",
    "UndefinedError",
    "UsageError",
    "WorkbenchError",
]


class WorkbenchError(Exception):
    """The root of all errors a user can cause or repair.

    Parameters
    ----------
    what
        The fault in a few words, without the value.
    value
        The offending value, shown by ``repr`` and cut at 120 characters.
    where
        File and line, option, column or node that holds the value.
    allowed
        What would have been accepted.
    remedy
        What to do now.
    """

    exit_code = 1

    def __init__(
        self,
        what: str,
        *,
        value: object = None,
        where: str | None = None,
        allowed: str | None = None,
        remedy: str | None = None,
    ) -> None:
        self.what = what
        self.value = value
        self.where = where
        self.allowed = allowed
        self.remedy = remedy
        super().__init__(what)

    def __str__(self) -> str:
        """Return the error as one line."""
        text = self.what
        if self.value is not None:
            text += f": {shorten(self.value)}"
        if self.where:
            text += f" ({self.where})"
        if self.allowed:
            text += f"; allowed: {self.allowed}"
        if self.remedy:
            text += f"; {self.remedy}"
        return " ".join(text.split())

    def to_dict(self) -> dict[str, str | None]:
        """Return the error object that ``--json`` prints."""
        value = None if self.value is None else shorten(self.value)
        return {
            "what": self.what,
            "value": value,
            "where": self.where,
            "allowed": self.allowed,
            "remedy": self.remedy,
        }


class InputError(WorkbenchError, ValueError):
    """Data from outside is not what it should be."""

    exit_code = 3


class SchemaError(InputError):
    """A table, file or study has another structure or schema version than this version reads."""


class CannotBuildError(InputError):
    """The data cannot support what was asked for, and the message says why."""


class NotFoundError(WorkbenchError, LookupError):
    """A name, file, account or query does not exist."""

    exit_code = 3


class UsageError(WorkbenchError, ValueError):
    """An option or argument is wrong, or two of them contradict each other."""

    exit_code = 2


class QueryError(UsageError):
    """A Cypher query is refused or invalid."""


class UndefinedError(WorkbenchError, ArithmeticError):
    """A measure has no value on this graph."""


class ConvergenceError(WorkbenchError, ArithmeticError):
    """An iteration ended before it reached its tolerance."""


class CutWarning(UserWarning):
    """A query has more rows than were asked for."""


class MissingGlyphWarning(UserWarning):
    """A figure or report holds characters that no font at hand can show."""


class NotUniqueWarning(UserWarning):
    """A number that the graph alone does not settle; the result says which one was taken."""


class ClaimError(WorkbenchError, ArithmeticError):
    """A sentence of a study is not true of its data, so the study is not written."""


class StoreError(WorkbenchError, OSError):
    """A graph store cannot be opened, reached, locked or trusted."""

    exit_code = 5


class MissingDependencyError(WorkbenchError, ImportError):
    """An optional part is not installed."""

    exit_code = 4


def shorten(value: object, *, limit: int = 120) -> str:
    """Return `value` as text of at most `limit` characters; other than strings by repr."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
