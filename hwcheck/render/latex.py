"""Documents for LaTeX: the frame, and text that means nothing but itself in it.

Contents have the type `Tex`, which text becomes through `escaped` and `code` alone, and formulas through `maths`. A
document compiles with pdflatex; a letter that it lacks is shown by its number, and by XeLaTeX and LuaLaTeX as itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NewType

from ..formula.expr import Expr
from ..formula.names import GREEK
from ..formula.showlatex import latex
from ..text import safe_text
from .tables import Table
from .words import Said, codes_text

Tex = NewType("Tex", str)

PREAMBLE = r"""\documentclass[a4paper,fleqn]{article}
\ifdefined\Umathchar\else\usepackage[T1]{fontenc}\fi
\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\usepackage[margin=2.2cm]{geometry}
\usepackage{amsmath,amssymb,array,graphicx,longtable}
\setlength\mathindent{1.5em}
\setlength\parindent{0pt}
\setlength\parskip{.6ex plus .4ex}
\setlength\LTleft{0pt}
\allowdisplaybreaks
\sloppy
% a letter that pdflatex does not have, and its number
\DeclareRobustCommand\other[2]{\ifdefined\Umathchar#1\else\texttt{\textless U+#2\textgreater}\fi}
% what is wider than its share of a line is made smaller
\newsavebox\fitted
\newcommand\fitto[2]{\sbox\fitted{#2}\ifdim\wd\fitted>#1\resizebox{#1}{!}{\usebox\fitted}\else\usebox\fitted\fi}
\newcommand\fit[1]{\fitto{.72\linewidth}{$\displaystyle #1$}}
\pagestyle{plain}
"""
#: The ten special characters, and signs that fonts would print as others.
SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "`": r"\textasciigrave{}", "'": r"\textquotesingle{}",
    '"': r"\textquotedbl{}", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
}  # fmt: skip
SIGNS = {
    "−": r"\ensuremath{-}", "·": r"\textperiodcentered{}", "×": r"\ensuremath{\times}", "✓": r"\ensuremath{\checkmark}",
    "✗": r"\ensuremath{\times}", "…": r"\textellipsis{}", "–": r"\textendash{}", "—": r"\textemdash{}",
    "≤": r"\ensuremath{\le}", "≥": r"\ensuremath{\ge}", "≠": r"\ensuremath{\ne}", "⊙": r"\ensuremath{\odot}",
    "∂": r"\ensuremath{\partial}", "∞": r"\ensuremath{\infty}", "→": r"\ensuremath{\to}", "√": r"\ensuremath{\surd}",
    "ᵀ": r"\ensuremath{^\top}", "′": r"\ensuremath{'}", "‖": r"\ensuremath{\Vert}", "∑": r"\ensuremath{\sum}",
    "’": r"\textquoteright{}", "‘": r"\textquoteleft{}", "“": r"\textquotedblleft{}", "”": r"\textquotedblright{}",
    **{letter: rf"\ensuremath{{\{name}}}" for letter, name in GREEK.items()},
    **{sign: rf"\ensuremath{{^{digit}}}" for digit, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    **{sign: rf"\ensuremath{{_{digit}}}" for digit, sign in enumerate("₀₁₂₃₄₅₆₇₈₉")},
}  # fmt: skip
LETTERS = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ"
    "ĂăĄąĆćČčĎďĐđĒēĖėĘęĚěĞğĢģĪīĮįİıĶķĹĺĻļĽľŁłŃńŅņŇňŐőŒœŔŕŘřŚśŞşŠšŢţŤťŪūŮůŰűŲųŸŹźŻżŽž"
)
BREAKS = frozenset(",;:+*/)]=")


def escaped(content: str) -> Tex:
    """Make text mean nothing but itself in LaTeX; two signs that fonts would join (`--`, `,,`) stand apart."""
    out: list[str] = []
    before = ""
    for char in safe_text(content):
        out += ["{}"] if char == before and char in ",-" else []
        out.append(SPECIAL.get(char, char) if char.isascii() else _sign(char))
        before = char
    return Tex("".join(out))


def _sign(char: str) -> str:
    return char if char in LETTERS else SIGNS.get(char) or rf"\other{{{char}}}{{{ord(char):04X}}}"


def code(content: str) -> Tex:
    """Give what is typed, its blanks and lines kept; it may be broken behind signs."""
    rows = []
    for line in content.strip("\n").split("\n"):
        out = ""
        for before, char in zip(" " + line, line, strict=False):
            out += r"\ " if char == before == " " else escaped(char)
            out += r"\allowbreak{}" if char in BREAKS else ""
        rows.append(out)
    return Tex(r"\texttt{" + r"\newline{}".join(row or r"\ " for row in rows) + "}")


def prose(content: str) -> Tex:
    """Give running text, its paragraphs and lines kept."""
    paragraphs = [part.split("\n") for part in content.replace("\r\n", "\n").split("\n\n")]
    texts = [[escaped(line) for line in lines if line.strip()] for lines in paragraphs]
    return Tex("\n\n".join("\\newline{}\n".join(lines) for lines in texts if lines))


def formula(tree: Expr) -> Tex:
    """Give a formula for maths mode; a letter of a name that pdflatex lacks is shown by its number."""
    return Tex("".join(char if char.isascii() else _sign(char) for char in latex(tree)))


def maths(*trees: Expr) -> Tex:
    """Give formulas in a line of text, signs of equality between them."""
    return Tex(r"\fit{" + " = ".join(map(formula, trees)) + "}") if trees else Tex("")


def command(name: str, content: Tex) -> Tex:
    """Give a command with its argument."""
    return Tex(f"\\{name}{{{content}}}")


def joined(parts: Iterable[Tex], between: str = "") -> Tex:
    """Set contents one behind the other, a text between them."""
    return Tex(escaped(between).join(parts))


def row(*cells: Tex, gap: str = "0pt") -> Tex:
    """Give a row of a table; what follows cannot be taken for the gap."""
    return Tex(f"{' & '.join(cells)} \\\\[{gap}]")


def values_table(values: Table) -> Tex:
    """Give a table of values, made smaller where it is wide; a mark stands behind what has a verdict."""
    rows = [row(*(command("textbf", code(title)) if title else Tex("") for title in values.titles)), Tex(r"\hline")]
    for lead, line in zip(values.leads, values.lines, strict=True):
        cells = [escaped(f"{content} {mark}".strip()) for content, mark in zip(line.texts, line.marks, strict=True)]
        rows.append(row(*map(escaped, lead), *cells))
    columns = "l" * len(values.leads[0]) + "r" * len(values.columns)
    body = "\n".join(rows)
    return Tex(rf"\fitto{{\linewidth}}{{\begin{{tabular}}{{@{{}}{columns}@{{}}}} {body} \end{{tabular}}}}")


def said_text(said: Said) -> Tex:
    """Give words, and the codes that stand behind them."""
    return joined([escaped(said.words), *([Tex(" "), code(codes_text(said.codes))] if said.codes else [])])


def document(title: str, blocks: Iterable[Tex]) -> str:
    """Give a whole document; the blocks are paragraphs."""
    head = Tex(rf"{{\LARGE\bfseries {escaped(title)}\par}}")
    body = "\n\n".join(block for block in (head, *blocks) if block)
    return f"{PREAMBLE}\\begin{{document}}\n\n{body}\n\n\\end{{document}}\n"
