"""The look of Word files: pandoc's own reference file with the styles and the foot of a paper."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from workbench.studies.pandoc import default_file

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SIZES", "landscape", "reference_file"]

#: Sizes of the letters of tables, in points, each a style.
SIZES = (9, 8, 7, 6, 5)
_NAVY, _GOLD, _SOFT, _RULE, _WASH = "12355B", "B8860B", "4A4F57", "BDC1C6", "F3F6FA"
_FOOT, _FOOT_ID = "word/footer-report.xml", "rIdReportFoot"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORDS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
#: A font of Word, which LibreOffice has an equal of.
_FONT = '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/>'
#: An A4 page in twentieths of a point.
_SHORT, _LONG, _MARGIN = 11906, 16838, 1247


def reference_file(provenance: str) -> bytes:
    """Return the file that tells pandoc the styles, the page and its foot."""
    parts = dict(_default_parts())
    parts["word/styles.xml"] = _styled(parts["word/styles.xml"])
    parts["word/document.xml"] = parts["word/document.xml"].replace(
        "</w:body>", f"{_section()}</w:body>"
    )
    parts["word/_rels/document.xml.rels"] = parts["word/_rels/document.xml.rels"].replace(
        "</Relationships>",
        f'<Relationship Type="{_OFFICE}/footer" Id="{_FOOT_ID}" Target="footer-report.xml"/>'
        "</Relationships>",
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        "</Types>", f'<Override PartName="/{_FOOT}" ContentType="{kind}"/></Types>'
    )
    parts[_FOOT] = _foot(provenance)
    return _zipped(parts)


def landscape() -> tuple[str, str]:
    """Return the ends of sections that put what stands between them on a page across."""
    ends = (_section(), _section(across=True))
    before, after = (f"<w:p><w:pPr>{end}</w:pPr></w:p>" for end in ends)
    return before, after


@cache
def _default_parts() -> tuple[tuple[str, str], ...]:
    with zipfile.ZipFile(io.BytesIO(default_file("reference.docx"))) as archive:
        return tuple((name, archive.read(name).decode("utf-8")) for name in archive.namelist())


def _zipped(parts: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def _section(*, across: bool = False) -> str:
    width, height = (_LONG, _SHORT) if across else (_SHORT, _LONG)
    turned = ' w:orient="landscape"' if across else ""
    sides = " ".join(f'w:{side}="{_MARGIN}"' for side in ("top", "right", "bottom", "left"))
    return (
        f'<w:sectPr><w:footerReference xmlns:r="{_OFFICE}" w:type="default" r:id="{_FOOT_ID}"/>'
        f'<w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
        f'<w:pgMar {sides} w:header="709" w:footer="567" w:gutter="0"/></w:sectPr>'
    )


def _foot(provenance: str) -> str:
    """Return the foot of a page: provenance to the left, page of pages to the right."""
    fields = " / ".join(
        f'</w:t></w:r><w:fldSimple w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        '<w:r><w:t xml:space="preserve">'
        for name in ("PAGE", "NUMPAGES")
    )
    edge = _SHORT - 2 * _MARGIN
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><w:ftr {_WORDS}><w:p><w:pPr>'
        f'<w:pStyle w:val="ReportFoot"/><w:tabs><w:tab w:val="right" w:pos="{edge}"/></w:tabs>'
        f'</w:pPr><w:r><w:t xml:space="preserve">{escape(provenance)}</w:t></w:r><w:r><w:tab/>'
        f'<w:t xml:space="preserve">{fields}</w:t></w:r></w:p></w:ftr>'
    )


def _styled(styles: str) -> str:
    """Return the styles with ours in the place of those of the same name."""
    for identifier, style in _STYLES.items():
        styles = re.sub(
            rf'<w:style [^>]*w:styleId="{identifier}".*?</w:style>', "", styles, flags=re.DOTALL
        )
        styles = styles.replace("</w:styles>", f"{style}</w:styles>")
    styles = re.sub(r"<w:rFonts [^>]*asciiTheme[^>]*>", _FONT, styles)
    return styles.replace('<w:sz w:val="24" />', '<w:sz w:val="21" />', 1)


def _paragraph(name: str, layout: str, letters: str = "", *, based: str = "BodyText") -> str:
    identifier = name.title().replace(" ", "")
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{identifier}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="{based}"/><w:qFormat/>'
        f"<w:pPr>{layout}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"
    )


def _letters(size: float, *, colour: str = "", strong: bool = False) -> str:
    bold = "<w:b/>" if strong else ""
    shade = f'<w:color w:val="{colour}"/>' if colour else ""
    half = round(2 * size)
    return f'{bold}{shade}<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


def _box(kind: str, colour: str, *, filled: bool) -> str:
    """Return the style of a box: a table with an edge to the left, perhaps a ground."""
    ground = f'<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{_WASH}"/></w:tcPr>'
    margins = "".join(
        f'<w:{side} w:w="{wide}" w:type="dxa"/>'
        for side, wide in (("top", 60), ("left", 180), ("bottom", 60), ("right", 180))
    )
    return (
        f'<w:style w:type="table" w:customStyle="1" w:styleId="Box{kind.title()}">'
        f'<w:name w:val="Box {kind}"/><w:basedOn w:val="TableNormal"/><w:tblPr>'
        f'<w:tblBorders><w:left w:val="single" w:sz="24" w:space="0" w:color="{colour}"/>'
        f"</w:tblBorders><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>"
        f"{ground if filled else ''}</w:style>"
    )


def _heading(level: int, size: float) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/>'
        '<w:basedOn w:val="Normal"/><w:next w:val="BodyText"/><w:qFormat/><w:pPr><w:keepNext/>'
        f'<w:keepLines/><w:spacing w:before="320" w:after="80"/><w:outlineLvl w:val="{level - 1}"/>'
        f"</w:pPr><w:rPr>{_letters(size, colour=_NAVY, strong=True)}</w:rPr></w:style>"
    )


def _letter_style(size: int) -> str:
    return (
        f'<w:style w:type="character" w:customStyle="1" w:styleId="Table{size}pt">'
        f'<w:name w:val="Table {size}pt"/><w:rPr>{_letters(size)}</w:rPr></w:style>'
    )


def _line(side: str, size: int, colour: str) -> str:
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/>'


_TABLE = (
    '<w:style w:type="table" w:default="1" w:styleId="Table"><w:name w:val="Table"/>'
    '<w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr><w:tblBorders>'
    f"{_line('bottom', 4, _RULE)}{_line('insideH', 4, _RULE)}</w:tblBorders><w:tblCellMar>"
    '<w:left w:w="55" w:type="dxa"/><w:right w:w="55" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    f'<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders>{_line("top", 8, _SOFT)}'
    f'{_line("bottom", 8, _SOFT)}</w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr>'
    "</w:tblStylePr></w:style>"
)
_LEFT = '<w:jc w:val="left"/>'
_STYLES = {
    "Title": _paragraph("Title", f'<w:keepNext/><w:spacing w:before="0" w:after="60"/>{_LEFT}',
                        _letters(22, colour=_NAVY, strong=True), based="Normal"),
    "Subtitle": _paragraph("Subtitle", f'<w:spacing w:before="0" w:after="60"/>{_LEFT}',
                           _letters(13, colour=_SOFT), based="Normal"),
    "Author": _paragraph("Author", f'<w:spacing w:before="0" w:after="0"/>{_LEFT}',
                         _letters(10.5, colour=_SOFT), based="Normal"),
    "Date": _paragraph("Date", f'<w:spacing w:before="0" w:after="240"/>{_LEFT}',
                       _letters(10.5, colour=_SOFT), based="Normal"),
    **{f"Heading{level}": _heading(level, size) for level, size in enumerate((15, 13, 11.5), 1)},
    "BodyText": _paragraph("Body Text", '<w:spacing w:before="100" w:after="100" w:line="264" '
                           'w:lineRule="auto"/>', based="Normal"),
    "Caption": _paragraph("Caption", '<w:spacing w:before="80" w:after="160"/>',
                          _letters(9, colour=_SOFT), based="Normal"),
    "TableCaption": _paragraph("Table Caption", '<w:keepNext/><w:spacing w:before="200" '
                               'w:after="60"/>', based="Caption"),
    "BoxFindings": _box("findings", _NAVY, filled=True),
    "BoxBox": _box("box", _NAVY, filled=True),
    "BoxAbstract": _box("abstract", _GOLD, filled=False),
    "BoxOther": _box("other", _GOLD, filled=False),
    "Table": _TABLE,
    "ReportFoot": _paragraph("Report Foot", "", _letters(8, colour=_SOFT), based="Normal"),
    **{f"Table{size}pt": _letter_style(size) for size in SIZES},
}  # fmt: skip
