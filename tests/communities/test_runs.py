from __future__ import annotations

import pytest

from tests.communities.blocks import cliques
from workbench.communities import METHODS
from workbench.communities.runs import check_method, prepare
from workbench.errors import UsageError


@pytest.mark.parametrize("name", list(METHODS))
def test_a_run_on_a_prepared_graph_is_that_of_the_function(name):
    labels, told = check_method(name)(prepare(cliques(), weighted=True), None, 3)
    found = METHODS[name].function(cliques(), seed=3)
    assert len(set(labels.tolist())) == found.k
    assert {**told, "weights": "weighted"} == dict(found.parameters)


def test_what_does_not_exist_is_refused():
    with pytest.raises(UsageError, match="no such method"):
        check_method("magic")
