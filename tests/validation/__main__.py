"""``python -m tests.validation FOLDER``: write the pages from the reference data."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.validation import communities, influence, polarisation

if TYPE_CHECKING:
    from types import ModuleType

#: A page is a module with ``page()``, its text, and ``FIGURES``, file name → drawing function.
PAGES: tuple[ModuleType, ...] = (communities, influence, polarisation)


def main(folder: Path, pages: tuple[ModuleType, ...] = PAGES) -> int:
    """Write the pages; where the reference data is not there, say so and leave them as they are."""
    for module in pages:
        name = module.__name__.rpartition(".")[2]
        try:
            text = module.page()
        except pytest.skip.Exception as missing:
            print(f"docs/validation/{name}.md left as it is: {missing}", file=sys.stderr)
            continue
        file = folder / "validation" / f"{name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8", newline="")
        for figure, draw in module.FIGURES.items():
            draw(file.with_name(figure))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
