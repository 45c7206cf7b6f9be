"""Pages of HTML: one file that needs no other, with its style, without a script, for screens, readers and printers.

Contents have the type `Html`, which text becomes through `escaped` alone and elements through `tag`: what a student
typed cannot be set into a page in any other way. The elements are closed as in XML, so that a page is well formed.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..formula.expr import Expr
from ..formula.showmathml import Html, escaped, mathml
from .tables import Table
from .words import MARKS, STYLES, Said, codes_text

#: The page may hold its style and nothing else: no script, no picture, no request.
POLICY = "default-src 'none'; style-src 'sha256-{}'"
EMPTY = frozenset(["meta"])
#: What ends a line, for whoever reads the file.
LINES = frozenset(
    [
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "main",
        "section",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "p",
        "div",
        "ul",
        "li",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
    ]
)
STYLE = """
:root { color-scheme: light dark; --back: #fff; --text: #1c2024; --soft: #5a6270; --line: #d5d9e0; --box: #f5f6f8;
  --shade: #0004; --right: #176b32; --carried: #7a5200; --wrong: #b3202c; }
@media (prefers-color-scheme: dark) {
  :root { --back: #15181c; --text: #e4e7eb; --soft: #a3abb8; --line: #3a414c; --box: #1e2329;
  --shade: #fff4; --right: #6fd08c; --carried: #e6b95c; --wrong: #ff8d8d; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 1rem 1.25rem 3rem; background: var(--back); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; -webkit-text-size-adjust: 100%; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: .5rem 0; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 2.5rem 0 .5rem; padding-top: 1rem;
  border-top: 1px solid var(--line); }
h3 { font-size: 1.08rem; margin: 1.75rem 0 .5rem; }
h4, h5 { font-size: 1rem; margin: 1.25rem 0 .4rem; }
p { margin: .4rem 0; }
code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .92em; white-space: pre-wrap; }
.text { white-space: pre-line; max-width: 45rem; }
.score { font-size: 1.15rem; font-weight: 600; }
.note { color: var(--soft); }
.right { color: var(--right); } .carried { color: var(--carried); } .wrong { color: var(--wrong); }
.verdict { font-weight: 600; }
.first { padding: .6rem .9rem; background: var(--box); max-width: 45rem;
  border-inline-start: .3rem solid var(--wrong); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
ul { list-style-type: ""; margin: 0; padding: 0; }
.steps > li { display: flex; flex-wrap: wrap; align-items: center; gap: .1rem .6rem; padding: .35rem 0; }
.steps > li + li { border-top: 1px solid var(--line); }
.givens { display: flex; flex-wrap: wrap; gap: .5rem 2rem; align-items: center; }
.givens > li { display: flex; flex-wrap: wrap; align-items: center; gap: 0 .6rem; max-width: 100%; }
.maths { display: inline-block; vertical-align: middle; max-width: 100%; padding: .15rem 0; }
.maths + .maths { margin-inline-start: 1.2rem; }
.givens .maths + .maths, td .maths + .maths { margin-inline-start: 0; }
math { font-size: 1.1em; overflow-wrap: normal; }
mtd { padding: .2em .4em; }
mtable.numbers > mtr > mtd { text-align: right; text-align: -webkit-right; font-variant-numeric: tabular-nums; }
.scroll { position: relative; max-width: 100%; }
.answers, .lines, .formulas { table-layout: fixed; width: 100%; }
.lines tr > :first-child { width: 4.5rem; }
.formulas tr > :first-child { width: 6.5rem; }
.lines tr > :last-child { width: 35%; }
.answers > * > tr > :first-child { width: 9rem; }
.answers .note { margin-inline-start: .6rem; }
.scroll, .maths { overflow: auto hidden; background: /* a shadow where something is out of sight */
  linear-gradient(to right, var(--back) 50%, transparent) local left / 2rem 120%,
  linear-gradient(to left, var(--back) 50%, transparent) local right / 2rem 120%,
  linear-gradient(to right, var(--shade), transparent) left / .8rem 100%,
  linear-gradient(to left, var(--shade), transparent) right / .8rem 100%;
  background-repeat: no-repeat; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; overflow-wrap: break-word; }
caption { line-height: 0; }
th, td { padding: .3rem .7rem; text-align: start; vertical-align: top; }
thead th { border-bottom: 2px solid var(--line); }
tbody th { font-weight: 400; }
tbody + tbody > tr:first-child > * { border-top: 1px solid var(--line); }
.entries th, .entries td, .entries tbody > tr:first-child > * { padding: .05rem .9rem .05rem 0; border: 0;
  white-space: nowrap; }
.entries th { font-weight: 400; color: var(--soft); }
.entries td { text-align: end; }
.entries tbody + tbody > tr:first-child > * { padding-top: .4rem; }
.entries .typed { text-align: start; white-space: normal; }
.finding { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); grid-template-rows: auto 1fr;
  gap: .2rem 2rem; padding: .6rem 0;
  break-inside: avoid; }
.finding + .finding { border-top: 1px solid var(--line); }
.finding h4 { margin: 0; }
.finding .words { grid-area: 1 / 2 / span 2; }
.finding .words p { margin: 0 0 .3rem; }
.finding .wide { grid-column: 1 / -1; }
footer { margin-top: 2.5rem; padding-top: .75rem; border-top: 1px solid var(--line); color: var(--soft); }
@media (max-width: 40rem) {
  body { padding: .5rem .8rem 2rem; }
  .finding { grid-template-columns: minmax(0, 1fr); }
  .finding .words { grid-area: auto; }
  th, td { padding: .3rem .4rem; }
  .answers > * > tr > :first-child { width: 6rem; }
  .entries { font-size: .92rem; }
}
@media print {
  :root { color-scheme: light; --back: #fff; --text: #000; --soft: #444; --line: #999; --box: #fff;
    --right: #000; --carried: #000; --wrong: #000; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  h2, h3, h4, h5 { break-after: avoid; }
  li, tr { break-inside: avoid; }
  .maths, .scroll { overflow: visible; background: none; }
}
"""


def tag(name: str, /, *contents: Html, **attributes: str) -> Html:
    """Give an element: `class_` is the attribute class, `aria_label` is aria-label; attributes are escaped here."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escaped(value)}"' for key, value in attributes.items() if value
    )
    end = "\n" if name in LINES else ""
    if name in EMPTY:
        return Html(f"<{name}{said} />{end}")
    return Html(f"<{name}{said}>{''.join(contents)}</{name}>{end}")


def joined(parts: Iterable[Html], between: str = "") -> Html:
    """Set contents one behind the other, a text between them."""
    return Html(escaped(between).join(parts))


def text(name: str, content: str, /, **attributes: str) -> Html:
    """Give an element that holds a text."""
    return tag(name, escaped(content), **attributes)


def lines(content: str) -> Html:
    """Give running text: a paragraph for each one, its lines kept."""
    paragraphs = (part.strip("\n") for part in content.replace("\r\n", "\n").split("\n\n"))
    return joined(
        tag("p", Html("\n".join(escaped(line) for line in each.split("\n"))), class_="text")
        for each in paragraphs
        if each.strip()
    )


def code(content: str) -> Html:
    """Give what is typed, its lines kept."""
    return tag("code", Html("\n".join(escaped(line) for line in content.strip("\n").split("\n"))))


def maths(content: Html) -> Html:
    """Give a formula in a box of its own, in which it scrolls if it is wide."""
    return tag("span", tag("math", content, displaystyle="true"), class_="maths")


def equation(left: Expr | None, sides: Iterable[Expr]) -> Html:
    """Give `name = formula`, then `= numbers` and `= value`, each in a box, so that they break before the signs."""
    boxes: list[Html] = []
    before = mathml(left) if left is not None else Html("")
    for at, side in enumerate(sides):
        sign = "<mo>=</mo>" if at or left is not None else ""
        boxes.append(maths(Html(f"{before if not at else ''}{sign}{mathml(side)}")))
    return joined(boxes or ([maths(before)] if before else []))


def caption(*contents: Html) -> Html:
    """Give the caption of a table to those who hear the page; its place shows it to the others."""
    return tag("caption", tag("span", *contents, class_="hidden"))


def values_table(values: Table, name: Html) -> Html:
    """Give a table of values; a mark stands behind what has a verdict, with the word for whoever hears the page."""
    rows = []
    for lead, line in zip(values.leads, values.lines, strict=True):
        verdicts = line.verdicts or [""] * len(line.texts)
        heads = [text("th", content, scope="row") for content in lead]
        rows.append(tag("tr", *heads, *map(_marked, line.texts, verdicts)))
    titles = [text("th", title, scope="col") for title in values.titles]
    table = tag("table", caption(name), tag("thead", tag("tr", *titles)), tag("tbody", *rows), class_="entries")
    return tag("div", table, class_="scroll")


def _marked(content: str, verdict: str) -> Html:
    if not verdict or verdict == "blank":
        return text("td", content)
    mark = text("span", MARKS.get(verdict, ""), aria_hidden="true", class_=STYLES.get(verdict, ""))
    return tag("td", escaped(f"{content} "), mark, text("span", verdict, class_="hidden"))


def said_text(said: Said, name: str = "p", class_: str = "") -> Html:
    """Give words, in the style they have, and the codes that stand behind them."""
    codes = [Html(" "), code(codes_text(said.codes))] if said.codes else []
    return tag(name, escaped(said.words), *codes, class_=f"{class_} {said.style}".strip())


def document(title: str, header: Html, main: Html, footer: Html) -> str:
    """Give a whole page."""
    from base64 import b64encode
    from hashlib import sha256

    policy = POLICY.format(b64encode(sha256(STYLE.encode()).digest()).decode())
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        text("title", title),
        tag("style", Html(STYLE)),
    )
    body = tag("body", tag("header", header), tag("main", main), tag("footer", footer))
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}\n"
