"""What the fault tests break servers and connections with, and how they compare databases."""

from __future__ import annotations

import contextlib
import json
import random
import socket
import struct
import threading
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from tests.corpora import corpus_of
from workbench.store.bolt import Bolt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.model import Corpus

#: Pushes in small batches and dies a little after the statement of a number.
PUSH = """
import os, sys, time
import tests.store.faults as faults
from workbench.store import connect
uri, study, seed, number, delay = sys.argv[1:]
faults.small_batches(setattr)
corpus = faults.lively(int(seed))
store = connect(uri, study=study)
die = lambda: (time.sleep(float(delay)), os.kill(os.getpid(), 9))
count = faults.at_statement(int(number), die, setattr)
print("open", flush=True)
store.write(corpus, progress=False)
print(count())
"""
#: How a name of a module or class is given another value, for a while or for good.
Put = Callable[[Any, str, Any], None]


@cache
def lively(seed: int = 1) -> Corpus:
    """Return a corpus with every kind of node and act: some 600 nodes, 2,500 relationships."""
    rng = random.Random(seed)
    people = [f"x:{i}" for i in range(60)]
    posts, acts, carried = [], [], []
    for i in range(300):
        base = {
            "platform": "x", "post_id": f"x:p{i}", "created_ms": 1_000 * i, "source_id": "s",
            "record": i,
        }  # fmt: skip
        author = rng.choice(people)
        posts.append(
            {**base, "version_id": f"x:p{i}", "author_id": author, "seen_as": "primary",
             "availability": "full", "kind": "original", "lang": rng.choice(["fr", "en"]),
             "text": f"text {i} of {seed}"}
        )  # fmt: skip
        for kind in ("share", "quote", "reply"):
            acts.append(
                {**base, "kind": kind, "actor_id": author, "target_id": rng.choice(people),
                 "weight": 1.0, "resolved_by": "id_field", "origin": "authored",
                 "target_post_id": f"x:p{rng.randrange(300)}"}
            )  # fmt: skip
        acts.append(
            {**base, "kind": "mention", "actor_id": author, "target_id": rng.choice(people),
             "weight": 1.0, "resolved_by": "id_field", "origin": "authored", "start": 0}
        )  # fmt: skip
        thing = rng.randrange(40)
        for kind, number in (("hashtag", i % 40), ("url", thing), ("domain", thing % 7)):
            carried.append(
                {**base, "author_id": author, "kind": kind, "value": f"{kind}{number}",
                 "value_raw": f"url{thing}" if kind == "domain" else None,
                 "origin": "authored", "seen_as": "primary", "start": 0}
            )  # fmt: skip
    return corpus_of(posts=posts, interactions=acts, attachments=carried)


def small_batches(put: Put) -> None:
    """Make pushes send many batches, from two writers."""
    from workbench.store import merging

    put(merging, "BATCH", 40)
    put(merging, "_ONE_WRITER", 80)


def at_statement(number: int, happen: Callable[[], Any], put: Put) -> Callable[[], int]:
    """Let something happen beside the statement of a number; return the count so far."""
    seen, lock = [0], threading.Lock()

    def counted(plain: Any) -> Any:
        def told(*arguments: Any, **options: Any) -> Any:
            with lock:
                seen[0] += 1
                now = seen[0] == number
            if now:
                threading.Thread(target=happen, daemon=True).start()
            return plain(*arguments, **options)

        return told

    for name in ("rows", "run", "batch"):
        put(Bolt, name, counted(getattr(Bolt, name)))
    return lambda: seen[0]


def dump(uri: str) -> dict[str, list[str]]:
    """Return every node and relationship with all properties; times of writing are left out."""
    with contextlib.closing(Bolt(uri)) as bolt:
        nodes = bolt.rows(
            "MATCH (n) WHERE NOT n:Lock RETURN elementId(n) AS id, labels(n) AS labels, "
            "properties(n {.*, written_ms: null, token: null, "
            "created_at: toString(n.created_at)}) AS held"
        ).to_pylist()
        between = bolt.rows(
            "MATCH (a)-[r]->(b) RETURN elementId(a) AS a, elementId(b) AS b, type(r) AS type, "
            "properties(r) AS held"
        ).to_pylist()
    told = {}
    for node in nodes:
        held = {k: v for k, v in node["held"].items() if v is not None}
        held["studies"] = sorted(held.get("studies", []))
        told[node["id"]] = f"{node['labels']} {json.dumps(held, sort_keys=True)}"
    return {
        "nodes": sorted(told.values()),
        "relationships": sorted(
            json.dumps([told[r["a"]], r["type"], r["held"], told[r["b"]]], sort_keys=True)
            for r in between
        ),
    }


class Proxy:
    """A TCP proxy to a server on this machine, which cuts all connections after so many bytes.

    Parameters
    ----------
    port
        Where the server listens.
    cut_after
        Bytes from the client after which all connections are cut, once; None never.
    refuse
        Whether connections are refused afterwards.
    """

    def __init__(self, port: int, *, cut_after: int | None = None, refuse: bool = False) -> None:
        self._target = port
        self._cut_after = cut_after
        self._refuse = refuse
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.sent = 0
        self.cuts = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.uri = f"bolt://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        """Start it."""
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        """Stop it."""
        self._stop_listening()
        self._cut()

    def _stop_listening(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._target))
            with self._lock:
                self._open |= {client, server}
            for ends in ((client, server, True), (server, client, False)):
                threading.Thread(target=self._pump, args=ends, daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, from_client: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 14):
                if from_client and self._counted(len(data)):
                    self._cut()
                    return
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _counted(self, size: int) -> bool:
        """Return whether these bytes are those at which to cut."""
        with self._lock:
            self.sent += size
            due = self._cut_after is not None and self.sent > self._cut_after and not self.cuts
            self.cuts += due
        return due

    def _cut(self) -> None:
        if self._refuse:
            self._stop_listening()
        with self._lock:
            ends, self._open = self._open, set()
        for end in ends:
            with contextlib.suppress(OSError):
                # Reset, as a router that forgets a connection does.
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextlib.contextmanager
def silent() -> Iterator[str]:
    """Yield the address of a port that accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"bolt://127.0.0.1:{listener.getsockname()[1]}"
