"""Edges of GEXF and GraphML files, read element by element in constant memory.

Namespaces of every version are taken (GEXF 1.1 to 1.3, GraphML). A document type is refused before
anything of it is read: no entity is ever expanded and nothing is ever fetched.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.parsers import expat

from workbench.errors import InputError
from workbench.loaders.edge_rows import Fault
from workbench.loaders.moments import parse_time
from workbench.loaders.source import BLOCK, MAX_LINE
from workbench.model.cells import ROUNDED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workbench.loaders.source import Head, Source

__all__ = ["Edge", "GraphXml", "is_graph_xml"]

_ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:gexf|graphml)[\s>]")
_END = re.compile(rb"</(?:[\w.-]+:)?(?:hyper)?edge\s*>")
#: What an attribute of an edge means, by its title without regard to case.
_ROLES = {
    "weight": "weight", "edge weight": "weight", "time": "start", "timestamp": "start",
    "created_at": "start", "start": "start", "end": "end",
}  # fmt: skip
#: The attributes of an edge, or of a spell of it, that name an instant.
_SPANS = {
    "start": "start", "startopen": "start", "timestamp": "start", "end": "end", "endopen": "end",
}  # fmt: skip
_ROUNDED = re.compile(ROUNDED)
_MOST_TEXT, _MOST_PIECES = 1 << 12, 64  # characters of a value that are kept, and its pieces
_INSTANTS = re.compile(r"[^\s<>\[\]();,]+")
#: Smaller numbers are years or steps, not seconds since 1970.
_UNIX = 10**8


class Edge(NamedTuple):
    """One edge: its ends as given, weight, first instant, and whether it has a direction."""

    source: str
    target: str
    weight: float
    us: int | None
    precision: str | None
    directed: bool


@dataclass
class _Open:
    """An edge whose end tag has not come yet."""

    number: int
    byte_offset: int
    source: str | None
    target: str | None
    directed: bool
    values: dict[str, list[str]] = field(default_factory=dict)
    weight: str | None = None
    reason: str | None = None

    def add(self, role: str, text: str | None) -> None:
        """Add a value that is not empty."""
        if text is not None and text.strip():
            self.values.setdefault(role, []).append(text.strip())


class GraphXml:
    """Reads the edges of a GEXF or GraphML input.

    Parameters
    ----------
    beginning
        Whether the input may break off.

    Attributes
    ----------
    labels
        Node id → its label, empty without one, for every node that has been declared.
    graphs
        How many graphs the file has.
    undirected, lasting, several, steps
        How many edges have no direction, loops aside; an end that is not their start; several
        instants; times that are numbers but no unix times.
    """

    def __init__(self, source: Source, *, beginning: bool = False) -> None:
        self._source = source
        self._beginning = beginning
        self.labels: dict[str, str] = {}
        self.graphs = self.undirected = self.lasting = self.several = self.steps = 0
        self._gexf = False
        self._root = False
        self._directed: list[bool] = []
        self._edges: list[_Open] = []
        self._roles: dict[str, str] = {}
        self._defaults: dict[str, str] = {}
        self._titles: set[str] = set()  # ids of GraphML attributes that are labels of nodes
        self._of_edges = False
        self._node: str | None = None
        self._role: str | None = None  # of the GraphML attribute that is being declared
        self._text: list[str] = []
        self._take: Callable[[str], None] | None = None
        self._done: list[Edge | Fault] = []
        self._held = b""
        self._base = 0
        self._handlers: dict[str, Callable[[dict[str, str]], None]] = {
            "graph": self._graph, "key": self._key, "default": self._default,
            "attributes": self._attributes, "attribute": self._attribute,
            "node": self._node_begins, "edge": self._edge, "hyperedge": self._hyperedge,
            "data": self._data, "attvalue": self._attvalue, "spell": self._spell,
        }  # fmt: skip
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def parts(self) -> Iterator[tuple[int, list[Edge | Fault]]]:
        """Yield the edges, and what is none, block by block, each with the block's end in bytes.

        Raises
        ------
        InputError
            The file is broken, has a document type, or is neither GEXF nor GraphML.
        """
        offset = 0
        with self._source.open() as handle:
            while True:
                chunk = handle.read(BLOCK)
                offset += len(chunk)
                self._held += chunk
                try:
                    self._parser.Parse(chunk, not chunk)
                except expat.ExpatError as error:
                    if self._beginning and not chunk:
                        return
                    raise InputError(
                        f"broken XML: {expat.ErrorString(error.code)}",
                        where=f"{self._source.path}:{error.lineno}",
                    ) from error
                except InputError:
                    raise
                except (LookupError, ValueError) as error:  # of the encoding that it declares
                    raise InputError(
                        "the encoding of the file is not read here",
                        where=f"{self._source.path}:1",
                        allowed="UTF-8",
                        remedy="convert it first, e.g. with iconv",
                    ) from error
                done, self._done = self._done, []
                yield offset, done
                if not chunk:
                    return
                self._let_go()

    def _let_go(self) -> None:
        """Forget the bytes before the edge that is open, or before where the parser stands."""
        at = self._edges[0].byte_offset if self._edges else self._parser.CurrentByteIndex
        cut = max(0, at - self._base)
        self._held = self._held[cut:]
        self._base += cut
        if len(self._held) > MAX_LINE:
            raise InputError(
                f"an element is longer than {MAX_LINE >> 20} MiB",
                where=f"{self._source.path}:{self._parser.CurrentLineNumber}",
            )

    # -- what the parser meets -------------------------------------------------------------------

    def _doctype(self, *_: Any) -> None:
        raise InputError(
            "the file has a DOCTYPE",
            where=f"{self._source.path}:{self._parser.CurrentLineNumber}",
            allowed="GEXF or GraphML without document type and entities",
            remedy="remove the <!DOCTYPE …> declaration",
        )

    def _start(self, name: str, given: dict[str, str]) -> None:
        local = _local(name)
        if not self._root:
            self._begin(local or name)
        handler = self._handlers.get(local)
        if handler is not None:
            handler(given)

    def _begin(self, root: str) -> None:
        if root not in {"gexf", "graphml"}:
            raise InputError(
                "neither GraphML nor GEXF",
                value=f"<{root}>",
                where=f"{self._source.path}:{self._parser.CurrentLineNumber}",
            )
        self._root, self._gexf = True, root == "gexf"

    def _end(self, name: str) -> None:
        local = _local(name)
        if local in {"data", "default"}:
            if self._take is not None:
                self._take("".join(self._text))
            self._take = None
        elif local in {"edge", "hyperedge"} and self._edges:
            self._finish(self._edges.pop())
        elif local == "graph" and self._directed:
            self._directed.pop()
        elif local == "node":
            self._node = None
        elif local == "key":
            self._role = None
        elif local == "attributes":
            self._of_edges = False

    def _characters(self, text: str) -> None:
        if self._take is not None and len(self._text) < _MOST_PIECES:
            self._text.append(text[:_MOST_TEXT])

    def _collect(self, take: Callable[[str], None]) -> None:
        """Hand the text up to the next end tag to `take`."""
        self._take, self._text = take, []

    # -- elements --------------------------------------------------------------------------------

    def _graph(self, given: dict[str, str]) -> None:
        self.graphs += 1
        default = given.get("defaultedgetype" if self._gexf else "edgedefault", "")
        self._directed.append(default.casefold() == "directed")

    def _key(self, given: dict[str, str]) -> None:
        """Note what a GraphML attribute means."""
        key, title = given.get("id", ""), given.get("attr.name", given.get("id", "")).casefold()
        domain = given.get("for", "all")
        if domain in {"edge", "all"}:
            role = _ROLES.get(title) or ("weight" if key.casefold() == "weight" else None)
            if role is not None:
                self._roles[key] = self._role = role
        if domain in {"node", "all"} and title == "label":
            self._titles.add(key)

    def _default(self, _given: dict[str, str]) -> None:
        role = self._role
        if role is not None:
            self._collect(lambda text: self._defaults.__setitem__(role, text.strip()))

    def _attributes(self, given: dict[str, str]) -> None:
        self._of_edges = given.get("class") == "edge"

    def _attribute(self, given: dict[str, str]) -> None:
        """Note what a GEXF attribute means."""
        role = _ROLES.get(given.get("title", "").strip().casefold())
        if self._of_edges and role is not None:
            self._roles[given.get("id", "")] = role

    def _node_begins(self, given: dict[str, str]) -> None:
        self._node = given.get("id", "")
        self.labels[self._node] = given.get("label", "") if self._gexf else ""

    def _edge(self, given: dict[str, str]) -> None:
        directed = self._directed[-1] if self._directed else False
        said = given.get("type" if self._gexf else "directed", "").casefold()
        if said in {"directed", "true"}:
            directed = True
        elif said in {"undirected", "mutual", "false"}:
            directed = False
        edge = _Open(
            self._parser.CurrentLineNumber, self._parser.CurrentByteIndex,
            given.get("source"), given.get("target"), directed, weight=given.get("weight"),
        )  # fmt: skip
        self._span(given, edge)
        self._edges.append(edge)

    def _hyperedge(self, given: dict[str, str]) -> None:
        self._edge(given)
        self._edges[-1].reason = "an edge of more than two nodes"

    def _data(self, given: dict[str, str]) -> None:
        """Collect the value of a GraphML attribute that means something here."""
        key = given.get("key", "")
        if self._edges:
            role, edge = self._roles.get(key), self._edges[-1]
            if role is not None:
                self._collect(lambda text: edge.add(role, text))
        elif self._node is not None and key in self._titles:
            node = self._node
            self._collect(lambda text: self.labels.__setitem__(node, text))

    def _attvalue(self, given: dict[str, str]) -> None:
        """Take the value of a GEXF attribute that means something here."""
        if self._edges:
            role = self._roles.get(given.get("for", given.get("id", "")))
            if role is not None:
                self._edges[-1].add(role, given.get("value"))

    def _spell(self, given: dict[str, str]) -> None:
        if self._edges:
            self._span(given, self._edges[-1])

    def _span(self, given: dict[str, str], edge: _Open) -> None:
        """Note the instants that an edge, or a spell of it, names."""
        for name, text in given.items():
            role = _SPANS.get(name)
            if role is not None:
                edge.add(role, text)
            elif name == "timestamps":
                edge.values.setdefault("start", []).extend(_INSTANTS.findall(text))

    # -- an edge that is complete ----------------------------------------------------------------

    def _finish(self, edge: _Open) -> None:
        try:
            self._done.append(self._made(edge))
        except ValueError as error:
            # Of an empty element this is already behind it, of another one before its end tag.
            stop = self._parser.CurrentByteIndex - self._base
            end = _END.match(self._held, stop)
            stop = stop if end is None else end.end()
            data = self._held[edge.byte_offset - self._base : stop]
            self._done.append(Fault(edge.number, edge.byte_offset, data, str(error)))

    def _made(self, edge: _Open) -> Edge:
        if edge.reason is not None:
            raise ValueError(edge.reason)
        source, target = _checked("source", edge.source), _checked("target", edge.target)
        weight = self._weight(edge)
        us, precision = self._time(edge) if edge.values else (None, None)
        self.undirected += not edge.directed and source != target
        return Edge(source, target, weight, us, precision, edge.directed)

    def _weight(self, edge: _Open) -> float:
        given = edge.values.get("weight", [])
        own = (edge.weight or "").strip()
        if not own and len(set(given)) > 1:
            raise ValueError("the weight changes over time")
        text = own or next(iter(given), "") or self._defaults.get("weight", "") or "1"
        try:
            weight = float(text)
        except ValueError:
            weight = math.nan
        if not 0 < weight < math.inf:
            raise ValueError("the weight is not a positive number")
        return weight

    def _time(self, edge: _Open) -> tuple[int | None, str | None]:
        """Return the first instant of an edge."""
        starts, last = self._instants(edge, "start"), self._instants(edge, "end")
        first = min(starts, default=(None, None))
        self.lasting += bool(starts and last) and max(last)[0] != first[0]
        self.several += len({moment for moment, _ in starts}) > 1
        return first

    def _instants(self, edge: _Open, role: str) -> list[tuple[int, str]]:
        found = []
        for text in edge.values.get(role, ()):
            number = _number(text)
            if number is None:
                found.append(parse_time(text))
            elif math.isfinite(number):
                if abs(number) >= _UNIX:
                    found.append(parse_time(str(int(number)) if "e" in text.casefold() else text))
                elif role == "start":
                    self.steps += 1
        return found


def is_graph_xml(head: Head) -> bool:
    """Return whether an input begins like GEXF or GraphML."""
    start = head.data[:8192].lstrip()
    return start.startswith(b"<") and _ROOT.search(start) is not None


@lru_cache(maxsize=256)
def _local(name: str) -> str:
    """Return the name of an element of GEXF or GraphML without its namespace; else nothing."""
    space, _, local = name.rpartition(" ")
    return local if not space or "gexf" in space or "graphml" in space else ""


def _checked(name: str, end: str | None) -> str:
    """Return the id of an end as it is given."""
    if end is None or not end.strip():
        raise ValueError(f"no {name}")
    if not end.isdecimal() and _ROUNDED.search(end.strip()):
        raise ValueError(f"the {name} is a rounded number, not an id")
    return end


def _number(text: str) -> float | None:
    """Return a number; None for anything else, such as a date."""
    try:
        return float(text)
    except ValueError:
        return None
