"""A real Neo4j Community server without Docker, for tests and trials: ``make neo4j``.

The server's jars come from Maven Central once and are kept outside the tree. A server has a folder
and a port of its own, and ends with the process that started it, however that ends.
"""

from __future__ import annotations

import argparse
import os
import re
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
#: Graph Data Science for this version of the server.
GDS_VERSION = "2.13.9"
REMEDY = "install Java 17 or newer and Maven, or set WORKBENCH_NEO4J_URI=bolt://… to a server that "
REMEDY += "may be emptied"
READY_SECONDS = 90
_POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>neo4j-home</artifactId><version>1</version>
<packaging>pom</packaging><dependencies>{dependencies}</dependencies></project>
"""
_DEPENDENCY = """<dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId>
<version>{version}</version></dependency>"""
_GDS = (
    "proc", "proc-sysinfo", "opengds-extension", "open-model-catalog", "open-write-services",
)  # fmt: skip
_OPENS = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch")
#: Ends the server as soon as nobody holds the other end of standard input any more: cleanly if the
#: last word was to keep the folder, else at once, and with its folder.
_KEEPER = """
[ -z "$LIMIT" ] || ulimit -f "$LIMIT"
java "$@" >"$LOG" 2>&1 </dev/null & echo $! >"$PID"
if [ "$(cat)" = keep ]; then kill $!; wait $!; else kill -9 $!; wait $!; rm -rf "$PLACE"; fi
"""
_PREFIX = "workbench-neo4j-"


class UnavailableError(RuntimeError):
    """No server can be started here; the text says what is missing."""


def jars() -> Path:
    """Return the folder with the server's jars, fetched if it is not there yet.

    Raises
    ------
    UnavailableError
        Java or Maven is missing, or the jars cannot be fetched.
    """
    return _fetched(f"neo4j-{VERSION}", {("org.neo4j", "neo4j"): VERSION})


def gds_jars() -> Path:
    """Return the folder with the jars of Graph Data Science, fetched if it is not there yet.

    Of what they need, those that the server has already are left out.

    Raises
    ------
    UnavailableError
        Java or Maven is missing, or the jars cannot be fetched.
    """
    wanted = {("org.neo4j.gds", name): GDS_VERSION for name in _GDS}
    return _fetched(f"gds-{GDS_VERSION}-for-{VERSION}", wanted, beside=jars())


def _fetched(name: str, wanted: dict[tuple[str, str], str], *, beside: Path | None = None) -> Path:
    for tool in ("java", "mvn"):
        if shutil.which(tool) is None:
            raise UnavailableError(f"{tool} is not installed: {REMEDY}")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "workbench" / name
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="fetching-") as made:
        fresh = Path(made)
        dependencies = "".join(
            _DEPENDENCY.format(group=group, artifact=artifact, version=version)
            for (group, artifact), version in wanted.items()
        )
        (fresh / "pom.xml").write_text(_POM.format(dependencies=dependencies))
        command = ["mvn", "-B", "-q", "dependency:copy-dependencies", "-DincludeScope=runtime"]
        done = subprocess.run(
            [*command, f"-DoutputDirectory={fresh / 'lib'}"],
            cwd=fresh, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            said = (done.stdout + done.stderr).strip().splitlines()
            raise UnavailableError(f"Maven cannot fetch {name}: {(said or ['?'])[0]}")
        if beside is not None:
            _leave_out(fresh / "lib", beside)
        try:
            (fresh / "lib").rename(folder)
        except OSError:
            if not folder.is_dir():  # not somebody else's, finished at the same moment
                raise
    return folder


def _leave_out(lib: Path, beside: Path) -> None:
    """Remove the jars that stand beside already, of whatever version, and the server's own."""
    have = {_artifact(file) for file in beside.glob("*.jar")}
    for file in lib.glob("*.jar"):
        own = file.name.endswith(f"-{GDS_VERSION}.jar")
        if not own and (_artifact(file) in have or file.name.endswith(f"-{VERSION}.jar")):
            file.unlink()


def _artifact(file: Path) -> str:
    return re.sub(r"-\d[^-]*.*$", "", file.stem)


def sweep() -> list[Path]:
    """Remove what servers left behind whose process and keeper were both killed; return it."""
    swept = []
    for folder in sorted(Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*")):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if not owner.isdigit() or _alive(int(owner)) or not os.access(folder, os.W_OK):
            continue
        file = folder / "run" / "java.pid"
        said = file.read_text().strip() if file.exists() else ""
        # The number may be another process's by now.
        if said.isdigit() and str(folder) in _command_of(int(said)):
            os.kill(int(said), signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)
        swept.append(folder)
    return swept


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _command_of(process: int) -> str:
    done = subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", str(process)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout


class Server:
    """A server with a folder of its own; a context manager that removes both at its end.

    Parameters
    ----------
    password
        Turns authentication on, for the user ``neo4j``.
    heap
        The most memory of its heap, as Java spells it.
    plugins
        A folder of jars to start it with.
    settings
        More lines of its configuration.
    """

    def __init__(
        self,
        *,
        password: str | None = None,
        heap: str = "1g",
        plugins: Path | None = None,
        **settings: str,
    ) -> None:
        self._heap = heap
        self._lib = jars()
        sweep()
        # The name says whose it is, so that the next one can tell whether it is still wanted.
        self.home = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
        self.port = _free_port()
        self.uri = f"bolt://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        for name in ("conf", "data", "logs", "import", "run", "licenses"):
            (self.home / name).mkdir()
        (self.home / "lib").symlink_to(self._lib)
        if plugins is None:
            (self.home / "plugins").mkdir()
        else:
            (self.home / "plugins").symlink_to(plugins)
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
        self._lines = lines
        self.configure()
        if password is not None:
            self.admin("dbms", "set-initial-password", password)

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        """Stop it and remove its folder."""
        self.close()

    def configure(self, **settings: str) -> None:
        """Change lines of its configuration, for the next start."""
        self._lines |= {key.replace("__", "."): value for key, value in settings.items()}
        text = "".join(f"{key}={value}\n" for key, value in self._lines.items())
        (self.home / "conf" / "neo4j.conf").write_text(text)

    def start(self, *, wait: bool = True, largest_file: int | None = None) -> None:
        """Start it and wait until it answers.

        Parameters
        ----------
        wait
            False returns at once.
        largest_file
            No file may grow beyond so many KiB, as on a disk with a quota.

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
        places = {
            "LOG": str(self.log), "PID": str(self.home / "run" / "java.pid"),
            "PLACE": str(self.home), "LIMIT": str(largest_file or ""),
        }  # fmt: skip
        for name in ("LOG", "PID"):  # what the last one left would be taken for this one's
            Path(places[name]).unlink(missing_ok=True)
        self._process = subprocess.Popen(
            ["bash", "-c", _KEEPER, "bash", *arguments],
            stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, **places},
            start_new_session=True,
        )  # fmt: skip
        if wait:
            self._wait()

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.home / "logs" / "console.log"

    @property
    def process(self) -> int:
        """The number of its process."""
        file, deadline = self.home / "run" / "java.pid", time.monotonic() + 10
        while not (said := file.read_text() if file.exists() else "") and (
            time.monotonic() < deadline
        ):
            time.sleep(0.01)
        return int(said)

    def stop(self) -> None:
        """Stop it cleanly; what it holds stays."""
        process, self._process = self._process, None
        if process is not None and process.stdin is not None:
            process.stdin.write(b"keep")
            process.stdin.close()
            process.wait(60)

    def kill(self) -> None:
        """End it at once, as a loss of power would; what it holds stays."""
        os.kill(self.process, signal.SIGKILL)
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
