"""Letters that the fonts of figures lack: found and told, never drawn as silent boxes."""

from __future__ import annotations

import unicodedata
import warnings
from functools import cache
from typing import TYPE_CHECKING, cast

from workbench.errors import MissingGlyphWarning

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["families", "missing", "remedy", "warn_of_missing"]

#: The font that comes with Matplotlib, and fonts that help out where they are installed.
HOUSE = "DejaVu Sans"
HELPERS = (
    "Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans Arabic", "Noto Sans Hebrew",
    "Noto Sans Devanagari", "Noto Sans Bengali", "Noto Sans Tamil", "Noto Sans Telugu",
    "Noto Sans Thai", "Noto Sans Ethiopic", "Noto Sans Sinhala", "Noto Sans Khmer",
    "Noto Sans Myanmar", "Symbola", "Noto Emoji",
)  # fmt: skip
#: Debian's package for letters whose Unicode names start so; any other script is in the last one.
_PACKAGES = {
    "CJK ": "fonts-noto-cjk",
    "HIRAGANA ": "fonts-noto-cjk",
    "KATAKANA ": "fonts-noto-cjk",
    "HANGUL ": "fonts-noto-cjk",
}
_OTHER_SCRIPTS, _SIGNS = "fonts-noto-core", "fonts-symbola"
_RIGHT_TO_LEFT = {"R", "AL"}


@cache
def families() -> tuple[str, ...]:
    """Return the fonts of figures: the house font, then the helpers that are installed."""
    from matplotlib.font_manager import fontManager

    installed = set(fontManager.get_font_names())
    return (HOUSE, *(name for name in HELPERS if name in installed))


@cache
def _letters(family: str) -> frozenset[int]:
    from matplotlib.font_manager import FontProperties, findfont
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(findfont(FontProperties(family=[family]))).get_charmap())


def missing(texts: Iterable[str], fonts: Iterable[str] | None = None) -> str:
    """Return the letters of the texts that none of the fonts has, each once, in order."""
    known = frozenset().union(*(_letters(family) for family in fonts or families()))
    found = {
        sign: None
        for text in texts
        for sign in text
        if ord(sign) not in known and unicodedata.category(sign) not in {"Cc", "Cf", "Mn", "Zl"}
    }
    return "".join(found)


def remedy(signs: str) -> str:
    """Return what to install so that these letters can be drawn, on Debian by name."""
    return ", ".join(sorted({_package(sign) for sign in signs}))


def _package(sign: str) -> str:
    name = unicodedata.name(sign, "")
    for start, package in _PACKAGES.items():
        if name.startswith(start):
            return package
    return _OTHER_SCRIPTS if unicodedata.category(sign).startswith(("L", "M")) else _SIGNS


def warn_of_missing(ax: Axes) -> None:
    """Warn of letters in the figure that its fonts lack, and of scripts it cannot set.

    A picture shows boxes for them; in an SVG text stays text, which the reader's fonts show.
    """
    import matplotlib as mpl
    from matplotlib.text import Text

    texts = [text.get_text() for text in cast("Figure", ax.get_figure(root=True)).findobj(Text)]
    if signs := missing(texts):
        warnings.warn(
            f"no font here has {' '.join(signs[:12])}{' …' if len(signs) > 12 else ''}, so the "
            f"picture shows boxes: install {remedy(signs)} (packages of Debian; elsewhere any font "
            "of the Noto family that has them) and start Python anew, or label in other letters",
            MissingGlyphWarning,
            stacklevel=4,
        )
    turned = {s for text in texts for s in text if unicodedata.bidirectional(s) in _RIGHT_TO_LEFT}
    if turned and tuple(mpl.__version_info__[:2]) < (3, 11):
        warnings.warn(
            f"Matplotlib {mpl.__version__} sets {' '.join(sorted(turned)[:6])} … from left to "
            "right and unjoined: install matplotlib 3.11 or newer, or label in other letters",
            MissingGlyphWarning,
            stacklevel=4,
        )
