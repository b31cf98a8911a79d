"""The README's Python runs, its commands exist, and the property graph's page is current."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.cli.app import COMMANDS, main
from workbench.cli.manual import pages
from workbench.communities import METHODS
from workbench.influence import MEASURES
from workbench.polarisation import INDICES
from workbench.store.schema import neo4j_statements

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


def test_the_pages_that_come_from_the_code_are_current():
    for name, text in pages().items():
        assert (ROOT / "docs" / name).read_text("utf-8") == text, f"{name}: run make docs"


def test_every_command_is_documented_and_every_documented_command_is_real(capsys):
    page = pages()["cli.md"]
    headings = re.findall(r"^#+ `workbench ([a-z -]+)`", page, re.MULTILINE)
    assert {heading.partition(" ")[0] for heading in headings} == set(COMMANDS)
    assert {"store push", "store counts", "store runs", "store drop-run"} <= set(headings)
    for command in headings:
        with pytest.raises(SystemExit) as left:
            main([*command.split(), "--help"])
        assert not left.value.code, command
        section = page.partition(f"`workbench {command}`\n")[2].partition("\n#")[0]
        for option in re.findall(r"(?<!\S)--[a-z-]+", capsys.readouterr().out):
            assert option == "--help" or f"`{option}`" in section, f"{command} {option}"


def test_every_measure_has_its_row():
    page = pages()["numbers.md"]
    for registry in (METHODS, MEASURES, INDICES):
        for name in registry:
            assert f"| `{name}` |" in page


def test_the_statements_for_neo4j_can_be_run_again():
    assert all("IF NOT EXISTS" in statement for statement in neo4j_statements())
