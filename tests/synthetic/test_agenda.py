from __future__ import annotations

from workbench.synthetic.agenda import Agenda


def test_acts_come_in_time_order_and_ties_as_planned():
    done: list[str] = []
    agenda = Agenda(100)
    for ms, name in [(5, "b"), (1, "a"), (5, "c"), (9, "d")]:
        agenda.plan(ms, lambda now, name=name: done.append(f"{name}{now}"))
    agenda.run(9)
    assert done == ["a1", "b5", "c5"]
    agenda.run(10)
    assert done[-1] == "d9"


def test_acts_planned_meanwhile_are_done_in_their_turn():
    done: list[int] = []
    agenda = Agenda(100)

    def again(ms: int) -> None:
        done.append(ms)
        agenda.plan(ms + 10, again)

    agenda.plan(0, again)
    agenda.run(35)
    assert done == [0, 10, 20, 30]
    agenda.run(1_000)
    assert done[-1] == 90  # nothing at or after the end is taken


def test_only_posts_count_against_the_quota():
    agenda = Agenda(100)
    agenda.plan(1, print)
    agenda.plan(2, print, posts=False)
    agenda.plan(8, print)
    assert agenda.posts_before(8) == 1
    assert agenda.posts_before(9) == 2
