"""Talking to a Neo4j server: sessions, statements in batches, rows as Arrow, errors in words."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa

from workbench.errors import QueryError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    #: Asks somebody for a password; None where nobody answers.
    Ask = Callable[[str], str | None]

__all__ = ["SCHEMES", "Bolt", "errors"]

SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
#: Seconds that a query may take.
TIMEOUT = 300.0
#: Seconds that a second writer waits for the first.
PATIENCE = 3.0
_OLDEST = (5, 26)
_WAITED = ("TransactionTimedOut", "Lock", "Terminated")
_READ_ONLY = ("ReadOnly", "WriteOnReadOnly")
# Without a handler, Python writes the driver's warnings of retries to standard error.
logging.getLogger("neo4j").addHandler(logging.NullHandler())


class Bolt:
    """A driver for one database of a server.

    Credentials come from ``NEO4J_USERNAME`` and ``NEO4J_PASSWORD``, or from the URI, where they
    are taken once and never shown; where the server wants a password and none was given, `secret`
    is asked for it once. The database is ``NEO4J_DATABASE``, by default ``neo4j``.

    Raises
    ------
    StoreError
        No server answers, it refuses the credentials, or it is of a version that is too old.
    """

    def __init__(self, uri: str, *, secret: Ask | None = None) -> None:
        import neo4j

        try:
            parts = urlsplit(uri)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if not parts.scheme or parts.path or parts.query or parts.fragment:
            # Never shown: the password may be what makes it wrong.
            raise StoreError(
                "this is no address of a server",
                allowed="neo4j://HOST:PORT",
                remedy="give the password by NEO4J_PASSWORD, or percent-encode it",
            )
        user, password = parts.username, parts.password
        place = parts.hostname or "localhost"
        if ":" in place:  # an IPv6 address
            place = f"[{place}]"
        self.uri = f"{parts.scheme}://{place}{f':{port}' if port else ''}"
        self.database = os.environ.get("NEO4J_DATABASE") or "neo4j"
        user = unquote(user) if user else os.environ.get("NEO4J_USERNAME", "neo4j")
        # In a cluster, whoever reads after a write sees it, whichever member answers.
        self._bookmarks = neo4j.GraphDatabase.bookmark_manager()
        known = unquote(password) if password else os.environ.get("NEO4J_PASSWORD")
        try:
            self._open(None if known is None else neo4j.basic_auth(user, known))
        except StoreError as refused:
            unknown = isinstance(refused.__cause__, neo4j.exceptions.AuthError) and known is None
            answer = secret(f"Password of {user} at {self.uri}: ") if unknown and secret else None
            if not answer:
                raise
            self._open(neo4j.basic_auth(user, answer))

    def _open(self, auth: Any) -> None:
        import neo4j

        with errors(self.uri):
            self._driver = neo4j.GraphDatabase.driver(
                self.uri,
                auth=auth,
                telemetry_disabled=True,
                notifications_min_severity="OFF",
                connection_timeout=10.0,
                connection_acquisition_timeout=30.0,
                max_transaction_retry_time=60.0,
                user_agent="workbench",
            )
        try:
            self._check_version()
        except BaseException:
            self._driver.close()
            raise

    def __repr__(self) -> str:
        """Return where the server is, without credentials."""
        return f"<Bolt {self.uri} {self.database}>"

    def close(self) -> None:
        """Let go of all connections."""
        self._driver.close()

    def session(self, *, write: bool = False, fetch: int = 1000) -> Any:
        """Return a session; one that reads is refused every write by the server."""
        return self._driver.session(
            database=self.database,
            bookmark_manager=self._bookmarks,
            default_access_mode="WRITE" if write else "READ",
            fetch_size=fetch,
        )

    def rows(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        limit: int | None = None,
    ) -> pa.Table:
        """Run one statement and return its rows, at most `limit` of them.

        Raises
        ------
        QueryError
            The server refuses it, or it took too long.
        StoreError
            The server does not answer any more.
        """
        import neo4j

        fetch = 1000 if limit is None else max(1, min(limit, 1000))
        with errors(self.uri), self.session(write=write, fetch=fetch) as session:
            result = session.run(neo4j.Query(text, timeout=TIMEOUT), dict(parameters or {}))
            names = list(result.keys())
            found = [
                record.values() for record in (result if limit is None else _some(result, limit))
            ]
        columns = zip(*found, strict=True) if found else [()] * len(names)
        return pa.table({n: _column(c) for n, c in zip(names, columns, strict=True)})

    def stream(
        self, text: str, parameters: Mapping[str, Any], *, fetch: int = 1
    ) -> Iterator[list[Any]]:
        """Run one statement and yield its rows, of which at most `fetch` are on the way.

        Raises
        ------
        QueryError
            The server refuses it, or it took too long.
        StoreError
            The server does not answer any more.
        """
        import neo4j

        with errors(self.uri), self.session(fetch=fetch) as session:
            for record in session.run(neo4j.Query(text, timeout=TIMEOUT), dict(parameters)):
                yield record.values()

    def run(self, text: str, parameters: Mapping[str, Any] | None = None) -> int:
        """Run one writing statement by itself and return what its only row counts, else 0."""
        with errors(self.uri, asked=False), self.session(write=True) as session:
            row = session.run(text, dict(parameters or {})).single()
            return int(row[0]) if row is not None else 0

    def batch(self, text: str, parameters: Mapping[str, Any]) -> int:
        """Run a statement in a transaction that is tried again; return the number it returns."""

        def work(transaction: Any) -> int:
            return int(transaction.run(text, dict(parameters)).single()[0])

        with errors(self.uri, asked=False), self.session(write=True) as session:
            counted: int = session.execute_write(work)
            return counted

    def together(self, statements: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Run writing statements in one transaction: all of them or none."""
        with (
            errors(self.uri, asked=False),
            self.session(write=True) as session,
            session.begin_transaction() as transaction,
        ):
            for text, parameters in statements:
                transaction.run(text, dict(parameters)).consume()
            transaction.commit()

    @contextlib.contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the lock of those who write; it ends with the process, however that ends.

        An open transaction holds a lock in the server, which ends with its connection.

        Raises
        ------
        StoreError
            Another process is writing.
        """
        import neo4j

        self.run("MERGE (l:Lock {lock: 'write'}) RETURN count(*)")
        token = secrets.token_hex(8)
        with self.session(write=True) as session:
            with errors(self.uri):
                held = session.begin_transaction(metadata={"workbench": token}, timeout=0)
                watch = threading.Timer(PATIENCE, self._give_up, [token])
                watch.start()
                try:
                    held.run("MATCH (l:Lock) SET l.held = true").consume()
                except neo4j.exceptions.Neo4jError as error:
                    if not any(name in (error.code or "") for name in _WAITED):
                        raise
                    raise StoreError(
                        "another process is writing to this store",
                        value=self.uri,
                        remedy="wait until it has ended",
                    ) from error
                finally:
                    watch.cancel()
            try:
                yield
            finally:
                with contextlib.suppress(neo4j.exceptions.DriverError, neo4j.exceptions.Neo4jError):
                    held.close()

    def _give_up(self, token: str) -> None:
        """End a transaction that has waited for the lock long enough."""
        with contextlib.suppress(StoreError, QueryError):
            waiting = self.rows(
                "SHOW TRANSACTIONS YIELD transactionId, metaData "
                "WHERE metaData.workbench = $token RETURN transactionId",
                {"token": token},
            )
            for identity in waiting.column(0).to_pylist():
                self.rows("TERMINATE TRANSACTION $id", {"id": identity})

    def _check_version(self) -> None:
        rows = self.rows("CALL dbms.components() YIELD versions RETURN versions")
        version = str(rows.column("versions")[0].as_py()[0])
        numbers = tuple(int(part) for part in version.partition("-")[0].split(".")[:2])
        if numbers < _OLDEST:
            raise StoreError(
                "this server is too old",
                value=f"Neo4j {version}",
                allowed="Neo4j 5.26 or newer",
                remedy="upgrade it, or use the embedded store",
            )


@contextlib.contextmanager
def errors(uri: str, *, asked: bool = True) -> Iterator[None]:
    """Say in our words what the driver and the server complain about.

    `asked` says whether it is about a question, not about what a push or the like writes.
    """
    import neo4j.exceptions as n4

    try:
        yield
    except UnicodeEncodeError as error:
        raise QueryError(
            "a text has half a character, which is no Unicode",
            value=ascii(error.object[max(0, error.start - 20) : error.end + 20]),
            remedy="take it out, or give the whole character",
        ) from error
    except n4.AuthError as error:
        raise StoreError(
            "the server refuses these credentials",
            value=uri,
            remedy="set NEO4J_USERNAME and NEO4J_PASSWORD",
        ) from error
    except n4.Neo4jError as error:
        if "AuthenticationRateLimit" in (error.code or ""):
            raise StoreError(
                "the server refuses these credentials",
                value=uri,
                where="too many wrong ones in a short time",
                remedy="wait some seconds, and set NEO4J_USERNAME and NEO4J_PASSWORD",
            ) from error
        raise _said(uri, error, asked=asked) from error
    except (n4.DriverError, OSError) as error:
        raise StoreError(
            "no Neo4j server answers",
            value=uri,
            where=_first_line(error),
            remedy="start it, check host and port; what was pushed so far is healed by the next "
            "push",
        ) from error


def _said(uri: str, error: Any, *, asked: bool) -> QueryError | StoreError:
    code, message = error.code or "", _first_line(error)
    if "TransactionTimedOut" in code and not asked:  # only questions have a limit of ours
        return StoreError(
            "a statement took longer than the server allows",
            value=uri,
            remedy="raise db.transaction.timeout in neo4j.conf, and push again",
        )
    if "TransactionTimedOut" in code:
        return QueryError("the query took too long", remedy="narrow it, or compute it in Python")
    if "AccessMode" in code:
        return QueryError(
            "this query writes, and queries read", remedy="allow it with --write (write=True)"
        )
    if any(name in code for name in _READ_ONLY):
        return StoreError("the server is read-only", value=uri, remedy="push to another one")
    if ".Statement." in code:
        return QueryError("the query is wrong", value=message)
    return StoreError("the server cannot do this", value=uri, where=f"{code}: {message}")


def _first_line(error: Exception) -> str:
    message = getattr(error, "message", None) or str(error)
    return str(message).strip().splitlines()[0] if str(message).strip() else type(error).__name__


def _some(result: Any, limit: int) -> Iterator[Any]:
    """Yield at most `limit` records, without asking for one more."""
    for _, record in zip(range(limit), result, strict=False):
        yield record


def _column(values: Any) -> pa.Array:
    """Return values of a server as an Arrow column."""
    import neo4j.time

    plain = [
        value.to_native() if isinstance(value, neo4j.time.DateTime | neo4j.time.Date) else value
        for value in values
    ]
    try:
        return pa.array(plain)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([None if value is None else str(value) for value in plain], pa.string())
