"""A real Neo4j Community server without Docker, for tests and trials: ``make neo4j``.

The server's jars come from Maven Central once and are kept outside the tree. A server has a folder
and a port of its own, and ends with the process that started it, however that ends.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Self

VERSION = "5.26.25"
REMEDY = "install Java 17 or newer and Maven"
READY_SECONDS = 90
_POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>neo4j-home</artifactId><version>1</version>
<packaging>pom</packaging><dependencies><dependency><groupId>org.neo4j</groupId>
<artifactId>neo4j</artifactId><version>{VERSION}</version></dependency></dependencies></project>
"""
_OPENS = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch")
#: Kills the server as soon as nobody holds the other end of standard input any more.
_KEEPER = 'java "$@" >"$LOG" 2>&1 </dev/null & echo $! >"$PID"; cat >/dev/null; kill $!; wait $!'


class UnavailableError(RuntimeError):
    """No server can be started here; the text says what is missing."""


def jars() -> Path:
    """Return the folder with the server's jars, fetched if it is not there yet.

    Raises
    ------
    UnavailableError
        Java or Maven is missing, or the jars cannot be fetched.
    """
    for tool in ("java", "mvn"):
        if shutil.which(tool) is None:
            raise UnavailableError(f"{tool} is not installed: {REMEDY}")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "workbench" / f"neo4j-{VERSION}"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="fetching-") as name:
        fresh = Path(name)
        (fresh / "pom.xml").write_text(_POM)
        command = ["mvn", "-B", "-q", "dependency:copy-dependencies", "-DincludeScope=runtime"]
        done = subprocess.run(
            [*command, f"-DoutputDirectory={fresh / 'lib'}"],
            cwd=fresh, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            said = (done.stdout + done.stderr).strip().splitlines()
            raise UnavailableError(f"Maven cannot fetch Neo4j {VERSION}: {(said or ['?'])[0]}")
        try:
            (fresh / "lib").rename(folder)
        except OSError:
            if not folder.is_dir():  # not somebody else's, finished at the same moment
                raise
    return folder


class Server:
    """A server with a folder of its own; a context manager that removes both at its end.

    Parameters
    ----------
    password
        Turns authentication on, for the user ``neo4j``.
    heap
        The most memory of its heap, as Java spells it.
    settings
        More lines of its configuration.
    """

    def __init__(self, *, password: str | None = None, heap: str = "1g", **settings: str) -> None:
        self._heap = heap
        self._lib = jars()
        self.home = Path(tempfile.mkdtemp(prefix="workbench-neo4j-"))
        self.port = _free_port()
        self.uri = f"bolt://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        for name in ("conf", "data", "logs", "plugins", "import", "run", "licenses"):
            (self.home / name).mkdir()
        (self.home / "lib").symlink_to(self._lib)
        lines = {
            "server.bolt.listen_address": f"127.0.0.1:{self.port}",
            "server.bolt.advertised_address": f"127.0.0.1:{self.port}",
            "server.http.enabled": "false",
            "server.https.enabled": "false",
            "dbms.usage_report.enabled": "false",
            "dbms.security.auth_enabled": "false" if password is None else "true",
            "dbms.security.allow_csv_import_from_file_urls": "false",
            "server.memory.pagecache.size": "256m",
            "db.transaction.timeout": "300s",
            **{key.replace("__", "."): value for key, value in settings.items()},
        }
        text = "".join(f"{key}={value}\n" for key, value in lines.items())
        (self.home / "conf" / "neo4j.conf").write_text(text)
        if password is not None:
            self.admin("dbms", "set-initial-password", password)

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        """Stop it and remove its folder."""
        self.close()

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises
        ------
        UnavailableError
            It ends or does not answer in time.
        """
        opens = [f"--add-opens={name}=ALL-UNNAMED" for name in _OPENS]
        arguments = [
            "-Xms256m", f"-Xmx{self._heap}", "-XX:+UseG1GC", "-Dlog4j2.disable.jmx=true",
            "-Dio.netty.tryReflectionSetAccessible=true", *opens,
            "-cp", f"{self.home}/lib/*:{self.home}/plugins/*",
            "org.neo4j.server.CommunityEntryPoint", f"--home-dir={self.home}",
            f"--config-dir={self.home}/conf", "--console-mode",
        ]  # fmt: skip
        places = {"LOG": str(self.log), "PID": str(self.home / "run" / "java.pid")}
        self._process = subprocess.Popen(
            ["bash", "-c", _KEEPER, "bash", *arguments],
            stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, **places},
            start_new_session=True,
        )  # fmt: skip
        self._wait()

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.home / "logs" / "console.log"

    def stop(self) -> None:
        """Stop it cleanly; what it holds stays."""
        process, self._process = self._process, None
        if process is not None and process.stdin is not None:
            process.stdin.close()
            process.wait(60)

    def kill(self) -> None:
        """End it at once, as a loss of power would."""
        os.kill(int((self.home / "run" / "java.pid").read_text()), signal.SIGKILL)
        self.stop()

    def close(self) -> None:
        """End it and remove its folder."""
        if self._process is not None:
            self.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    def admin(self, *arguments: str) -> str:
        """Run the server's administration tool while it is stopped and return what it says."""
        done = subprocess.run(
            ["java", "-Xmx1g", "--add-opens=java.base/java.nio=ALL-UNNAMED",
             "-cp", f"{self.home}/lib/*", "org.neo4j.cli.AdminTool", *arguments],
            env={**os.environ, "NEO4J_HOME": str(self.home), "NEO4J_CONF": f"{self.home}/conf"},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    def _wait(self) -> None:
        import neo4j

        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            said = self.log.read_text("utf-8") if self.log.exists() else ""
            if "Started." in said:
                with neo4j.GraphDatabase.driver(self.uri, telemetry_disabled=True) as driver:
                    try:
                        driver.verify_connectivity()
                    except neo4j.exceptions.AuthError:
                        return
                    except neo4j.exceptions.DriverError:
                        continue
                    return
            if "Exception" in said or "ERROR" in said:
                break
            time.sleep(0.1)
        said = self.log.read_text("utf-8") if self.log.exists() else ""
        self.close()
        raise UnavailableError(f"Neo4j does not start: {said.strip().splitlines()[-1:]}")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def main() -> int:
    """Fetch the jars (``--fetch``), or run a server until Ctrl-C."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--fetch", action="store_true", help="only fetch the server's jars")
    only_fetch = parser.parse_args().fetch
    try:
        jars()
        if only_fetch:
            return 0
        with Server() as server:
            print(f"Neo4j {VERSION} answers at {server.uri}, without a password.")
            print(f"  export NEO4J_URI={server.uri}\nCtrl-C stops it and removes what it holds.")
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
            try:
                signal.pause()
            except KeyboardInterrupt:
                return 0
    except UnavailableError as error:
        print(error, file=sys.stderr)
        # Tests that need the server say so themselves: they fail in CI and skip elsewhere.
        return 0 if only_fetch else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
