"""The secret of a project: outside the study, readable by its owner only."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from workbench.errors import InputError, UsageError

__all__ = ["key_file", "load_key"]

KEY_BYTES = 32


def key_file(project: str) -> Path:
    """Return where the key of a project is kept: under the user's configuration folder."""
    root = os.environ.get("WORKBENCH_KEYS")
    if not root:
        config = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
        root = str(Path(config) / "workbench" / "keys")
    return Path(root) / f"{project}.key"


def load_key(project: str, *, outside: Path | None = None) -> bytes:
    """Return the project's key, made with mode 0600 when there is none.

    The same key gives the same pseudonyms, so joins across files survive; without the key nobody
    can tell who is who, and a new key makes a release that cannot be linked to the old one.

    Parameters
    ----------
    project
        Name of the pseudonymisation domain: the study's id.
    outside
        The study folder, in which the key must not be.

    Raises
    ------
    InputError
        The key lies inside the study, others can read it, it is damaged, or it cannot be made.
    UsageError
        The name is no file name.
    """
    if not project or Path(project).name != project:
        raise UsageError("a study's id must be a plain name", value=project or "(empty)")
    file = key_file(project)
    if outside is not None and file.resolve().is_relative_to(outside.resolve()):
        raise InputError(
            "the key would lie inside the study",
            value=str(file),
            remedy="set WORKBENCH_KEYS to a folder outside the study",
        )
    if not file.exists():
        return _made(file)
    mode = stat.S_IMODE(file.stat().st_mode)
    if os.name == "posix" and mode & 0o077:
        raise InputError(
            "others can read the key",
            value=f"{file}: mode {mode:04o}",
            allowed="0600",
            remedy=f"chmod 600 {file}",
        )
    return _read(file)


def _read(file: Path) -> bytes:
    try:
        key = bytes.fromhex(file.read_text("ascii").strip())
    except ValueError:  # not hexadecimal, or not text
        key = b""
    if len(key) != KEY_BYTES:
        raise InputError("the key is damaged", value=str(file), remedy="restore it from a backup")
    return key


def _made(file: Path) -> bytes:
    key = secrets.token_bytes(KEY_BYTES)
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise InputError("cannot make the key", value=str(file), where=error.strerror) from error
    with os.fdopen(handle, "w") as stream:
        stream.write(key.hex() + "\n")
    return key
