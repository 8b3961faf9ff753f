"""The HTML of everything that students see: escaping, and one style sheet that suits light and dark pages.

Texts arrive as plain text and are escaped here, once, whatever they contain; only our own `backticks` become code.
Colours are either inherited, translucent, or a badge with its own background, so the page's theme may be any.
"""

from __future__ import annotations

import re
from html import escape

_CODE = re.compile(r"`([^`]+)`")

STYLE = """\
<style>
.inm{container-type:inline-size;box-sizing:border-box;max-width:54em;margin:.4em 0;padding:.6em .8em .7em;
color:inherit;font-size:14px;line-height:1.5;
font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
border:1px solid rgba(128,128,128,.4);border-left:5px solid #6b7280;border-radius:6px;overflow-wrap:anywhere}
.inm *{box-sizing:border-box}
.inm-good{border-left-color:#1a7f37}.inm-bad{border-left-color:#c4342b}.inm-part{border-left-color:#a15c00}
.inm .inm-head{display:flex;flex-wrap:wrap;gap:.2em .6em;align-items:center;justify-content:space-between}
.inm .inm-h{font-size:1.15em;font-weight:600;margin:0}
.inm .inm-sub{opacity:.75;margin:0 0 .2em}
.inm .inm-badge{display:inline-block;white-space:nowrap;padding:.05em .6em;border-radius:1em;font-size:.86em;
font-weight:600;color:#fff;background:#5b626d}
.inm .inm-badge.inm-good{background:#1a7f37}.inm .inm-badge.inm-bad{background:#b92d25}
.inm .inm-badge.inm-part{background:#8f5100}
.inm p{margin:.45em 0}
.inm .inm-lead{margin:.6em 0;padding:.5em .8em;border-radius:5px;background:rgba(128,128,128,.13)}
.inm .inm-lead p{margin:.15em 0}
.inm .inm-h5{font-weight:600;margin:0}
.inm ul.inm-list{list-style:none;margin:.5em 0;padding:0}
.inm ul.inm-list>li{margin:0;padding:.45em 0;border-top:1px solid rgba(128,128,128,.28)}
.inm .inm-row{display:flex;flex-wrap:wrap;gap:.15em .6em;align-items:baseline}
.inm .inm-name{flex:1 1 14em}
.inm .inm-points{opacity:.75;white-space:nowrap}
.inm .inm-row .inm-badge{min-width:6.3em;text-align:center}
.inm .inm-body{margin:.25em 0 .1em}
.inm .inm-body>p{margin:.3em 0}
.inm .inm-why{opacity:.75}
.inm.inm code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.93em;
color:inherit;background:rgba(128,128,128,.16);padding:.05em .3em;border-radius:3px;white-space:pre-wrap;
unicode-bidi:isolate}
.inm table.inm-table{width:100%;margin:.4em 0;border:0;border-collapse:collapse;table-layout:fixed;font-size:.93em;
color:inherit;background:transparent}
.inm.inm table.inm-table tr{background:transparent;border:0}
.inm.inm table.inm-table th,.inm.inm table.inm-table td{text-align:left;vertical-align:top;padding:.25em .5em;
border:1px solid rgba(128,128,128,.35);white-space:normal;overflow-wrap:anywhere;max-width:none;color:inherit;
background:transparent;unicode-bidi:isolate}
.inm.inm table.inm-table th:first-child{width:28%}
.inm.inm table.inm-table th{font-weight:600;background:rgba(128,128,128,.13)}
.inm.inm table.inm-table td.inm-note{border-top:0;opacity:.85}
.inm.inm table.inm-steps th:first-child{width:auto}.inm.inm table.inm-steps th:last-child{width:9em}
.inm .inm-figure{display:flex;flex-wrap:wrap;gap:.6em 2em;align-items:flex-start;margin:.5em 0}
.inm .inm-caption{font-size:.86em;margin-bottom:.2em}
.inm .inm-figure svg{display:block;max-width:100%;height:auto}
.inm .inm-line{fill:none;stroke:currentColor;stroke-opacity:.75;stroke-width:.07}
.inm .inm-ink{fill:currentColor;stroke:none}
.inm .inm-cross{fill:none;stroke:#d8473d;stroke-width:.16}
.inm .inm-tree{margin:.5em 0;font-size:.93em}
.inm.inm .inm-tree ul{list-style:none;margin:0;padding:0 0 0 1.1em;border-left:1px solid rgba(128,128,128,.45)}
.inm.inm .inm-tree>ul{padding:0;border:0}.inm.inm .inm-tree li{margin:.1em 0}
.inm summary{cursor:pointer}
.inm.inm pre{margin:.4em 0;padding:.5em .7em;border:0;border-radius:5px;color:inherit;background:rgba(128,128,128,.13);
font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.93em;line-height:1.45;
white-space:pre-wrap;overflow-wrap:anywhere}
.inm .inm-next{margin:.5em 0 0}
@container (max-width:30em){.inm .inm-row{justify-content:space-between}
.inm .inm-row .inm-name{order:1;flex-basis:100%}
.inm.inm table.inm-table th,.inm.inm table.inm-table td{padding:.2em .3em}}
</style>"""


def inline(text: str) -> str:
    """Plain text as HTML: everything escaped, `code` between backticks as code."""
    return _CODE.sub(r"<code>\1</code>", escape(text, quote=True))


def paragraph(text: str, css: str = "") -> str:
    """A paragraph; nothing for an empty text."""
    return f"<p{_class(css)}>{inline(text)}</p>" if text else ""


def heading(text: str, css: str = "inm-h", level: int = 4) -> str:
    """A heading for screen readers that stays out of the notebook's table of contents."""
    return f'<div role="heading" aria-level="{level}"{_class(css)}><strong>{inline(text)}</strong></div>'


def code(source: str) -> str:
    """Source code as it stands."""
    return f"<pre>{escape(source.strip(), quote=True)}</pre>"


def folded(summary: str, body: str) -> str:
    """HTML that opens when its one line is clicked."""
    return f"<details><summary>{inline(summary)}</summary>{body}</details>"


def badge(symbol: str, word: str, tone: str) -> str:
    """A status: the word says it, the symbol and the colour repeat it."""
    return f'<span class="inm-badge {tone}"><span aria-hidden="true">{escape(symbol)}</span> {escape(word)}</span>'


def framed(label: str, body: str, tone: str = "") -> str:
    """The outermost element, with its style sheet."""
    return f'{STYLE}<section class="{f"inm {tone}".strip()}" aria-label="{escape(label, quote=True)}">{body}</section>'


def figure(words: str, panels: list[tuple[str, str]]) -> str:
    """Drawings side by side, each (caption, SVG); `words` stand for them all where they can't be seen."""
    shown = "".join(f'<div><div class="inm-caption">{inline(caption)}</div>{svg}</div>' for caption, svg in panels)
    return f'<div class="inm-figure" role="img" aria-label="{escape(words, quote=True)}">{shown}</div>'


def table(head: list[str], rows: list[list[str]], css: str = "") -> str:
    """A table of plain texts; a row of one cell spans all columns."""
    top = "".join(f'<th scope="col">{inline(cell)}</th>' for cell in head)
    body = "".join(_row(row, len(head)) for row in rows)
    return f'<table class="{f"inm-table {css}".strip()}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'


def _row(cells: list[str], columns: int) -> str:
    if len(cells) == 1:
        return f'<tr><td class="inm-note" colspan="{columns}">{inline(cells[0])}</td></tr>'
    return f"<tr>{''.join(f'<td>{inline(cell)}</td>' for cell in cells)}</tr>"


def _class(css: str) -> str:
    return f' class="{css}"' if css else ""
