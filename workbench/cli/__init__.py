"""The command line: one file a command."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run the ``workbench`` command."""
    from workbench.cli.app import main as run

    run()
