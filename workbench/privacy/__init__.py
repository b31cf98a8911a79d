"""Data protection: pseudonyms in everything that leaves the machine, names for public actors."""

from __future__ import annotations

from workbench.privacy.keys import load_key
from workbench.privacy.pseudonyms import Pseudonymiser
from workbench.privacy.public_actors import PublicActors, read_public_actors

__all__ = ["Pseudonymiser", "PublicActors", "load_key", "read_public_actors"]
