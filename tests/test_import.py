from __future__ import annotations

import subprocess
import sys


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)


def test_importing_is_silent_and_loads_nothing_heavy():
    done = run(
        "import workbench, sys; heavy = {'numpy', 'pandas', 'pyarrow', 'matplotlib', 'igraph', "
        "'networkx', 'duckdb', 'ladybug', 'neo4j', 'IPython', 'typer'} & set(sys.modules); "
        "assert not heavy, heavy"
    )
    assert done.stdout == ""
    assert done.stderr == ""


def test_importing_takes_less_than_half_a_second():
    code = "import time; t = time.perf_counter(); import workbench; print(time.perf_counter() - t)"
    assert min(float(run(code).stdout) for _ in range(3)) < 0.5


def test_what_is_promised_is_there():
    run(
        "import workbench as wb\n"
        "for name in ('load', 'connect', 'Corpus', 'InteractionGraph', 'Partition', 'NodeScores',"
        " 'IndexValue', 'communities', 'polarisation', 'influence', 'plotting', 'privacy'):\n"
        "    assert getattr(wb, name), name\n"
        "assert 'load' in dir(wb)\n"
        "try:\n    wb.nothing\n"
        "except AttributeError as error:\n    assert 'nothing' in str(error)\n"
        "else:\n    raise AssertionError"
    )
