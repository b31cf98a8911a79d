"""What a reader is told before the numbers: only what is so."""

from __future__ import annotations

from tests.polarisation.cases import graph_of, sides_of
from workbench.model import IndexValue
from workbench.polarisation.notes import notes_of, notes_of_p
from workbench.polarisation.preparation import prepare

STEADY = {"runs": 5, "agreement": 0.9, "stable": True}


def two_camps(small=12):
    """Return two rings of accounts with one edge between them, the second of `small` accounts."""
    rings = [(c, n) for c, n in (("x", 12), ("y", small))]
    edges = [(f"{c}{i}", f"{c}{(i + 1) % n}") for c, n in rings for i in range(n)]
    graph = graph_of([*edges, ("x0", "y0")])
    return prepare(graph, sides_of(graph, {a: a[0] for a in graph.accounts}))


def test_nothing_is_said_where_there_is_nothing_to_say():
    assert notes_of({"kind": "fixed", "acceptance": 0.5}, None, two_camps(), found=False) == []


def scattered(*sides):
    """Return two camps in one piece, and pairs of other sides apart from them."""
    edges = [(f"x{i}", f"x{i + 1}") for i in range(7)] + [("x7", "y0"), ("y0", "y1")]
    edges += [(f"{name}{i}", f"{name}{i + 1}") for name, n in sides for i in range(20, 19 + n)]
    graph = graph_of(edges)
    return prepare(graph, sides_of(graph, {a: a[0] for a in graph.accounts}))


def test_a_side_that_is_missing_for_the_larger_part_is_named():
    notes = notes_of({"kind": "none"}, None, scattered(("y", 4), ("x", 2)), found=False)
    assert notes[0] == (
        "4 of 6 accounts of side y are outside the largest component: their acts do not enter; "
        "see --choice component=all"
    )
    assert [note for note in notes if "side x" in note] == []


def test_the_three_largest_of_the_missing_sides_are_named_and_the_others_counted():
    many = scattered(("a", 3), ("b", 5), ("c", 4), ("d", 2), ("e", 6))
    notes = notes_of({"kind": "none"}, None, many, found=False)
    told = [note.partition(" are")[0] for note in notes if "accounts of side" in note]
    assert told == [f"{n} of {n} accounts of side {s}" for s, n in (("e", 6), ("b", 5), ("c", 4))]
    assert "of 2 more sides the larger part is outside it as well" in notes


def test_each_note_is_said_where_it_is_so():
    camps = two_camps()
    found = notes_of({"kind": "repartitioned"}, STEADY, camps, found=True)
    assert len(found) == 1
    assert found[0].startswith("the sides were found in this graph")
    shaky = {"runs": 5, "agreement": 0.31, "stable": False}
    lenient = notes_of({"kind": "fixed", "acceptance": 0.04}, shaky, camps, found=True)
    assert [note.partition(":")[0] for note in lenient[1:]] == [
        "the sides hang on the seed",
        "the null keeps sides that were found in this graph",
        "only 4.0% of swaps are possible in this graph",
    ]
    assert "5 runs agree to 0.31" in lenient[1]
    small = notes_of({"kind": "none"}, None, two_camps(small=4), found=False)
    assert small == ["the smallest side has 4 accounts: single accounts move the values"]


def values(count, *, p=0.005, undefined=0):
    choices = {"undefined_null_samples": undefined} if undefined else {}
    return [IndexValue(f"i{n}", 0.5, p=p, divided_is="high", choices=choices) for n in range(count)]


def test_how_low_p_can_be_is_said_where_it_cannot_be_low():
    assert notes_of_p(values(21), runs=20) == []
    assert notes_of_p(values(10), runs=199) == []
    [note] = notes_of_p(values(21), runs=199)
    assert note == (
        "p is adjusted for 21 indices (Holm), so 199 null graphs cannot show less than 0.105: ask "
        "for fewer measures, or for 419 null graphs or more"
    )
    assert notes_of_p(values(21), runs=419) == []
    assert len(notes_of_p(values(21), runs=418)) == 1


def test_why_there_is_no_p_is_said_once_for_all_indices_it_is_true_of():
    some = [*values(2, p=None, undefined=11), *values(1), IndexValue("none", None, reason="empty")]
    assert notes_of_p(some, runs=199) == [
        "no p where an index is undefined in 11 of 199 null graphs: i0, i1"
    ]
