"""LaTeX documents: balanced, with no command that a student typed, and accepted by pdflatex where there is one."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.formula.names import LATIN
from hwcheck.marking.report import Report
from hwcheck.render import report_latex, solution_latex
from hwcheck.render.latex import LETTERS, SIGNS, SPECIAL, code, escaped
from hwcheck.render.numbers import decimal
from hwcheck.text import safe_text
from tests.render.sheets import report, solution
from tests.render.test_html import HOSTILE, REPORTS, SOLUTIONS, formula_report, hostile
from tests.render.test_report import BLANK
from tests.render.test_solution import entries

PDFLATEX = shutil.which("pdflatex") or ""
needs_pdflatex = pytest.mark.skipif(not PDFLATEX, reason="there is no pdflatex here")
#: Every command that a document may use behind its preamble.
COMMANDS = {
    *re.findall(r"\\([A-Za-z]+)", "".join([*SPECIAL.values(), *SIGNS.values()])), *LATIN, "other", "newline",
    "allowbreak", "section", "subsection", "subsubsection", "textbf", "texttt", "small", "medskip", "nopagebreak",
    "LARGE", "bfseries", "par", "begin", "end", "fit", "fitto", "linewidth", "multicolumn", "hspace", "quad", "phantom",
    "frac", "partial", "left", "right", "mathrm", "text", "top", "cdot", "cdots", "odot", "hat", "bar", "tilde", "dot",
    "ln", "exp", "sin", "cos", "tanh", "max", "min", "sum", "dots", "sqrt", "lvert", "rvert", "lVert", "rVert", "log",
    "infty", "ge", "le", "ne", "parbox", "raggedright", "arraybackslash", "hline",
}  # fmt: skip
SIGNED = set("\\{}$&#%_, *!") | {" "}  # `\\`, `\{` and the like


@cache
def documents(name: str) -> str:
    """Give the document of a solution or of a report."""
    kind, _, sheet = name.partition(":")
    return solution_latex(solution(sheet)) if kind == "solution" else report_latex(report(sheet))


DOCUMENTS = [*(f"solution:{name}" for name in SOLUTIONS), *(f"report:{name}" for name in REPORTS)]


def body(document: str) -> str:
    preamble, _, rest = document.partition("\\begin{document}\n")
    assert preamble == report_latex(Report("", "", "", "", 0, 0, (), ())).partition("\\begin{document}\n")[0]
    inner, end, nothing = rest.partition("\n\\end{document}\n")
    assert end
    assert nothing == ""
    return inner


def check(document: str) -> str:
    """Check what holds of every document, whatever was typed; give its body."""
    inner = body(document)
    assert {name for name in re.findall(r"\\([A-Za-z]+)", inner)} <= COMMANDS
    assert set(re.findall(r"\\([^A-Za-z])", inner)) <= SIGNED
    bare = re.sub(r"\\[^A-Za-z]", "", inner)
    assert not set(bare) & set('%#`"|'), "a sign that means something to TeX, or is another one in print"
    depth = 0
    for char in bare:
        depth += (char == "{") - (char == "}")
        assert depth >= 0
    assert depth == 0
    assert bare.count("$") % 2 == 0
    assert inner.count(r"\left") == inner.count(r"\right")
    opened: list[str] = []
    for verb, name in re.findall(r"\\(begin|end)\{([a-z*]+)\}", inner):
        if verb == "begin":
            opened.append(name)
        else:
            assert opened.pop() == name
    assert not opened
    assert all(char.isascii() or char in LETTERS for char in re.sub(r"\\other\{.\}\{[0-9A-F]{4,5}\}", "", inner))
    return inner


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_balanced_and_of_known_commands(name: str) -> None:
    check(documents(name))


@pytest.mark.parametrize("typed", [*HOSTILE, "\\input{/etc/passwd}", "\\end{document}", "^^5cinput", "$x$ & % # _ ~"])
def test_what_a_student_typed_is_text_and_nothing_else(typed: str) -> None:
    inner = check(report_latex(hostile(typed)))
    harmless = check(report_latex(hostile("x")))
    for structure in (r"\section*", r"\subsection*", r"\begin{tabular}", r"\textbf", r"\texttt", "\n\n"):
        assert inner.count(structure) == harmless.count(structure) or structure == "\n\n"
    assert escaped(typed) in inner or "\n" in typed


def unescaped(text: str) -> str:
    """Read LaTeX as the text that it prints."""
    back = {written: sign for sign, written in {**SIGNS, **SPECIAL}.items()}
    known = "|".join(sorted(map(re.escape, back), key=len, reverse=True))

    def printed(found: re.Match[str]) -> str:
        return found[1] or back.get(found[0], "")

    return re.sub(rf"\\other\{{(.)\}}\{{[0-9A-F]+\}}|{known}|\{{\}}", printed, text)


SAME = {"✗": "×", "µ": "μ", "ϵ": "ε", "ϕ": "φ"}  # signs that are printed alike


@given(st.text(st.one_of(st.sampled_from([*SPECIAL, *SIGNS, *"ab\n\x1b漢é…"]), st.characters()), max_size=40))
def test_a_text_is_printed_as_it_is_and_nothing_of_it_is_lost(text: str) -> None:
    wanted = "".join(SAME.get(char, char) for char in safe_text(text))
    assert "".join(SAME.get(char, char) for char in unescaped(escaped(text))) == wanted
    typed = code(text).replace(r"\allowbreak{}", "").replace(r"\ ", " ")
    assert typed.startswith(r"\texttt{")
    assert typed.count("\\newline{}") == len(text.strip("\n").split("\n")) - 1


@pytest.mark.parametrize("name", SOLUTIONS)
def test_every_number_of_a_solution_is_there(name: str) -> None:
    words = set(re.split(r"[^0-9.]+", documents(f"solution:{name}")))
    for problem in solution(name).problems:
        for part in problem.parts:
            for quantity in part.quantities:
                if quantity.shown:
                    texts = {decimal(abs(entry), 4, quantity.role == "given") for entry in entries(quantity.value)}
                    assert {text.partition("e")[0] for text in texts} <= words, quantity.name


def test_a_derivation_is_shown_line_by_line_as_typed_and_as_read() -> None:
    inner = check(report_latex(formula_report()))
    assert "Line 1: " in inner
    assert r"here it breaks" in inner
    assert r"$\displaystyle" not in inner  # formulas are made to fit
    assert r"\fit{w_1 \cdot w_3 + w_4}" in inner
    assert "computed: " in inner
    hidden = formula_report()
    hidden = hidden._replace(findings=tuple(each._replace(key=None, reference=None) for each in hidden.findings))
    assert "computed: " not in report_latex(hidden)


def test_what_is_blank_is_not_worked_out_for_the_student() -> None:
    blank = BLANK._replace(reference=0.123456)
    other = BLANK._replace(quantity="z", verdict="correct", reference=5.0, values="5", answer="5", cells="correct")
    for findings in ((blank,), (blank, other)):
        text = report_latex(Report("s", "S", "0", "me", 0, 1, findings, ()))
        assert "0.123" not in text
        assert "othing written" in text


def compiled(document: str, folder: Path) -> str:
    """Run pdflatex over a document; give its log, fail where it stops."""
    (folder / "page.tex").write_text(document, encoding="utf-8")
    done = subprocess.run(
        [PDFLATEX, "-halt-on-error", "-no-shell-escape", "-draftmode", "-interaction=nonstopmode", "page.tex"],
        cwd=folder, capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    log = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, log[-2000:]
    return log


@needs_pdflatex
@pytest.mark.slow
@pytest.mark.parametrize("name", DOCUMENTS)
def test_pdflatex_accepts_it_and_nothing_runs_out_of_the_page(name: str, tmp_path: Path) -> None:
    assert "Overfull \\hbox" not in compiled(documents(name), tmp_path)


@needs_pdflatex
@pytest.mark.slow
def test_pdflatex_accepts_what_students_type(tmp_path: Path) -> None:
    signs = "".join([*SPECIAL, *SIGNS, *LETTERS]) + "漢字 Ω Ж 😀 \x00 ?` !` -- --- ,, << >> '' `` [x] *"
    typed = [*HOSTILE, signs, "[1, 2]", "*", "\\input{/etc/passwd}", "^^5cend", ""]
    for verdict in ("unreadable", "wrong"):
        findings = [finding for text in typed for finding in hostile(text, verdict).findings]
        compiled(report_latex(hostile(signs)._replace(findings=tuple(findings))), tmp_path)
    assert "Overfull \\hbox" not in compiled(report_latex(formula_report(60)), tmp_path)


def test_a_document_looks_like_this(golden: Callable[[str, str], None]) -> None:
    golden("solution-two-two-two-latex", documents("solution:two-two-two"))
    golden("report-exercise3-latex", re.sub(r"\w{12}$", "...", body(documents("report:exercise3")).rstrip()))
