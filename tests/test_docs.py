"""The README's Python runs, its commands exist, and the property graph's page is current."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from workbench.cli.app import COMMANDS
from workbench.store.schema import markdown, neo4j_statements

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_the_ten_lines_of_python_run():
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len([line for line in code.splitlines() if line and "import" not in line]) <= 10
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "0 rejected" in done.stdout
    assert "random_walk_controversy" in done.stdout


def test_the_commands_of_the_readme_exist():
    named = set(re.findall(r"`workbench (\w+)", README))
    assert named
    assert named <= set(COMMANDS)
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^make (\w+)", README, re.MULTILINE):
        assert f"\n{target}:" in makefile


def test_the_page_of_the_property_graph_is_current():
    assert (ROOT / "docs" / "schema.md").read_text("utf-8") == markdown()
    assert all("IF NOT EXISTS" in statement for statement in neo4j_statements())
