"""``run.sh`` and ``constraints.txt``: how the outputs are made again, and with which versions."""

from __future__ import annotations

import re
import shlex
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from workbench.studies.packing.contents import OUTPUTS
from workbench.studies.packing.readme import AGAIN

if TYPE_CHECKING:
    from workbench.studies.packing.contents import Contents, Run

__all__ = ["constraints", "script"]

_HEAD = f"""\
#!/bin/sh
# Makes the outputs again in {AGAIN}/ and compares them with {OUTPUTS}/, byte by byte.
set -eu
cd "$(dirname "$0")"
"""
_NEEDS = """\
STUDY=%s
if [ ! -d "$STUDY" ]; then
  echo "the study is missing: README.md says which files to load into $STUDY" >&2
  exit 3
fi
"""
_COMPARE = f"""\
cd {AGAIN}
sha256sum -c ../outputs.sha256
"""
_INSIDE = re.compile(r'\$OUT"?/')
_UNQUOTED = re.compile(r'(?<!")\$(STUDY|OUT)\b')


def script(contents: Contents) -> str:
    """Return a shell script that runs every command and compares what it made."""
    parts = [_HEAD]
    if contents.needs_study:
        parts.append(_NEEDS % shlex.quote(contents.data))
    for run in contents.runs:
        lines = [
            f"OUT={shlex.quote(str(PurePosixPath(AGAIN, run.name)))}",
            *(f"mkdir -p {shlex.quote(folder)}" for folder in _folders(run)),
            *(_UNQUOTED.sub(r'"$\1"', command) for command in run.manifest.commands),
        ]
        parts.append("\n".join([*lines, ""]))
    return "\n".join([*parts, _COMPARE])


def _folders(run: Run) -> list[str]:
    """Return the folders that must be there before the commands of a run.

    A command that is given a whole folder, as ``--out $OUT``, makes it and may want it empty.
    """
    out = PurePosixPath(AGAIN, run.name)
    if any(_INSIDE.search(command) for command in run.manifest.commands):
        found = {(out / name).parent for name in run.manifest.outputs}
    else:
        found = {out.parent}
    return sorted(str(folder) for folder in found if folder.name)


def constraints(contents: Contents) -> str:
    """Return the versions of the runs, as pip takes them with ``-c``."""
    first = contents.runs[0].manifest
    lines = [
        f"# Python {first.versions.get('python', '')}, workbench "
        + " ".join(filter(None, (first.versions.get("workbench"), first.commit)))
    ]
    lines += [
        f"{name}=={version}"
        for name, version in sorted(first.versions.items())
        if name not in {"python", "workbench"}
    ]
    return "\n".join(lines) + "\n"
