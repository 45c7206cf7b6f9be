"""Pages of HTML: well formed and harmless, in order for readers, and in a browser as they should be."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Callable
from functools import cache
from html import escape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from hwcheck.diagnostics import Diagnostic, Span
from hwcheck.formula.expr import Call, Expr, Name, number
from hwcheck.marking.report import DerivedLine, Finding, Reading, Recognised, Report
from hwcheck.render import report_html, solution_html
from hwcheck.render.entries import derivation_of
from hwcheck.render.numbers import decimal
from hwcheck.sheet.solution import Solution
from hwcheck.text import safe_text
from tests.render.sheets import ANSWERS, BUNDLED, TEXTS, report, solution
from tests.render.test_mathml import PARTS, seen
from tests.render.test_report import BLANK
from tests.render.test_solution import entries

TAGS = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "div", "h1", "h2", "h3",
    "h4", "h5", "p", "ul", "li", "span", "b", "code", "table", "caption", "thead", "tbody", "tr", "th", "td", *PARTS,
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "name", "content", "http-equiv", "class", "scope", "colspan", "aria-hidden", "displaystyle",
    "lspace", "rspace", "form", "stretchy", "accent", "width",
}  # fmt: skip
SOLUTIONS = [*TEXTS, *BUNDLED]
REPORTS = [*ANSWERS, *BUNDLED]


@cache
def pages(name: str) -> str:
    """Give the page of a solution or of a report."""
    kind, _, sheet = name.partition(":")
    if name == "report:formulas":
        return report_html(formula_report(60))
    return solution_html(solution(sheet)) if kind == "solution" else report_html(report(sheet))


PAGES = [*(f"solution:{name}" for name in SOLUTIONS), *(f"report:{name}" for name in REPORTS)]


def parsed(page: str) -> ElementTree.Element:
    assert page.startswith("<!DOCTYPE html>\n<html lang=")
    return ElementTree.fromstring(page.partition("\n")[2])


def started(page: str) -> list[tuple[str, dict[str, str | None]]]:
    """Read a page as HTML, which is no XML: give the tags that open, with their attributes."""
    found: list[tuple[str, dict[str, str | None]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, dict(attrs)))

    Reader().feed(page)
    return found


def check(page: str) -> ElementTree.Element:
    """Check what holds of every page, whatever was typed; give its tree."""
    root = parsed(page)
    assert started(page) == [(element.tag, element.attrib) for element in root.iter()], (
        "to a browser it is another page"
    )
    for element in root.iter():
        assert element.tag in TAGS
        assert set(element.attrib) <= ATTRIBUTES, element.attrib
        if element.tag == "th":
            assert element.get("scope") in ("col", "row", "rowgroup")
    for wrong in ("<script", "javascript:", "http:", "https:", "url(", "@import", "\x1b", "\u202e"):
        assert wrong not in page.replace("http-equiv", "").lower() or wrong in safe_text("".join(root.itertext()))
    levels = [int(element.tag[1]) for element in root.iter() if re.fullmatch("h[1-6]", element.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
    assert [element.tag for element in root.find("body") or []] == ["header", "main", "footer"]
    assert all(table.find("caption") is not None for table in root.iter("table"))
    assert root.findtext("head/title")
    return root


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_well_formed_harmless_and_in_order(name: str) -> None:
    check(pages(name))


def test_a_page_allows_its_own_style_and_nothing_else() -> None:
    root = parsed(pages("solution:sheet5"))
    style = root.findtext("head/style") or ""
    policy = next(meta.get("content") for meta in root.iter("meta") if meta.get("http-equiv"))
    hashed = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{hashed}'"
    assert "prefers-color-scheme: dark" in style
    assert "@media print" in style


@pytest.mark.parametrize("name", SOLUTIONS)
def test_every_number_and_every_asked_name_of_a_solution_is_there(name: str) -> None:
    root = parsed(pages(f"solution:{name}"))
    numbers = {text for element in root.iter("math") for text in seen(element)}
    codes = {"".join(element.itertext()) for tag in ("code", "th") for element in root.iter(tag)}
    solved: Solution = solution(name)
    for problem in solved.problems:
        constructed = {name for question in problem.questions if question.notes for name in question.asks}
        assert {asked for question in problem.questions for asked in question.asks} <= codes | constructed
        assert all(f"{name} = " in "".join(root.itertext()) for name in constructed)
        for part in problem.parts:
            for quantity in part.quantities:
                if quantity.shown:
                    typed = quantity.role == "given"
                    texts = {decimal(abs(entry), 4, typed).partition("e")[0] for entry in entries(quantity.value)}
                    assert texts <= numbers, quantity.name


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_says_every_verdict_in_words(name: str) -> None:
    root = parsed(pages(f"report:{name}"))
    text = "".join(root.itertext())
    found = report(name)
    lines = [line for each in found.findings if each.verdict != "blank" for line in derivation_of(each)]
    assert text.count("✗ wrong") == sum(each.verdict == "wrong" for each in [*found.findings, *lines])
    for row in root.iter("tr"):
        if (row.findtext("th") or "").startswith("verdict"):
            for cell in row.findall("td"):
                mark, word = cell.findall("span")
                assert mark.get("aria-hidden") == "true"
                assert word.text in ("correct", "carried", "wrong", "undecided", "blank", "unreadable", "manual")


HOSTILE = [
    "<script>alert(1)</script>", '"><img src=http://x onerror=alert(1)>', "&lt;b&gt;", "]]>", "</style><b>", "\x1b[31m",
    "\u202e", "<!--", "`|`", "é" * 50, "a\n\n<p>b", "javascript:alert(1)", "{{7*7}}", "'\"&",
]  # fmt: skip


def hostile(typed: str, verdict: str = "unreadable") -> Report:
    """Give a report in which a student's or a sheet's text stands wherever one can."""
    finding = BLANK._replace(
        problem=typed, question=typed, quantity=typed, verdict=verdict, answer=typed, read_as=typed + "!",
        cells=verdict, remarks=(typed,), when={typed: typed}, about=typed, values=None,
        slips=(Recognised(typed, "is", typed, ((),), (typed,)),),
        lines=(DerivedLine(typed, Name(typed), verdict, typed), DerivedLine(typed, None, typed, typed)),
    )  # fmt: skip
    blank = finding._replace(verdict="blank", cells="blank")
    number = finding._replace(verdict="wrong", values=[typed, "1"], cells=["wrong", "correct"], reference=[1.0, 1.0])
    key = finding._replace(verdict="wrong", cells="wrong", reference=typed, key=Name(typed))
    diagnostic = Diagnostic(typed, typed, typed, Span(1, 1, 2), typed, typed)
    reading = Reading(typed, typed, typed, typed)
    findings = (finding, blank, number, key)
    return Report(typed, typed, typed, typed, 0, 1, findings, (diagnostic,), None, (reading,))


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_a_student_typed_is_text_and_nothing_else(typed: str) -> None:
    root, harmless = check(report_html(hostile(typed))), check(report_html(hostile("x")))
    assert {element.tag for element in root.iter()} <= {element.tag for element in harmless.iter()} | set(PARTS)
    assert [len(list(root.iter(tag))) for tag in ("tr", "section", "h2", "h3", "table", "code")] == [
        len(list(harmless.iter(tag))) for tag in ("tr", "section", "h2", "h3", "table", "code")
    ]
    assert safe_text(typed, keep_newlines=True) in "".join(root.itertext())


def formula_report(terms: int = 1) -> Report:
    """Give a report on a derivation of two lines, the second of them wrong; the first has so many terms more."""
    right: Expr = Call("*", (Name("w1"), Name("w3")))
    for _ in range(terms):
        right = Call("+", (right, Name("w4")))
    wrong = Call("*", (Name("w1"), Name("w3")))
    finding = Finding(
        "1", "a", "dL/dx", "wrong", "w1 w3 + w4\n= w1 w3", "w1 w3", None, "w1 w3 + w4", None, None, "wrong", (), 0.0,
        2.0, None, "f", 1, 1, "", (Recognised("LOST_PATH", "is", "A path is missing.", ((),)),),
        lines=(DerivedLine("w1 w3 + w4", right, "correct"), DerivedLine("= w1 w3", wrong, "wrong", "here it breaks")),
        key=right,
    )  # fmt: skip
    single = finding._replace(lines=(finding.lines[0],), answer="+".join(["w1w3", *["w4"] * terms]))
    return Report("s", "S", "0", "me", 0, 2, (finding, single), ())


def test_a_derivation_is_shown_line_by_line_as_typed_and_as_read() -> None:
    root = check(report_html(formula_report()))
    table = next(table for table in root.iter("table") if len(table.findall("thead/tr/th")) == 3)
    rows = [["".join(seen(math) or ()) for math in row.iter("math")] for row in table.findall("tbody/tr")]
    texts = ["".join(row.itertext()) for row in table.findall("tbody/tr")]
    assert [len(row) for row in rows] == [1, 1]
    assert "✓ correct" in texts[0]
    assert "✗ wrong: here it breaks" in texts[1]
    assert "computed" in "".join(root.itertext())
    hidden = formula_report()
    hidden = hidden._replace(findings=tuple(each._replace(key=None, reference=None) for each in hidden.findings))
    assert "computed" not in "".join(parsed(report_html(hidden)).find("body").itertext())


def test_what_is_blank_is_not_worked_out_for_the_student() -> None:
    blank = BLANK._replace(reference=0.123456)
    other = BLANK._replace(quantity="z", verdict="correct", reference=5.0, values="5", answer="5", cells="correct")
    for findings in ((blank,), (blank, other)):
        text = report_html(Report("s", "S", "0", "me", 0, 1, findings, ()))
        assert "0.123" not in text
        assert "othing written" in text


def test_a_symbolic_answer_has_its_chain_and_the_reason_for_0() -> None:
    solved = solution("symbolic")
    part = solved.problems[0].parts[0]
    chain, expanded = Call("@", (Name("dL/da"), Name("V"))), Call("@", (number(2), Name("Q9")))
    quantities = tuple(
        each._replace(chain=chain, expanded=expanded, reason="no path leads from b to L") if each.name == "dL/db"
        else each for each in part.quantities
    )  # fmt: skip
    problem = solved.problems[0]._replace(parts=(part._replace(quantities=quantities),))
    root = check(solution_html(solved._replace(problems=(problem,))))
    texts = ["".join(seen(math)) for math in root.iter("math")]
    assert any("Q9" in text for text in texts)
    assert "no path leads from b to L" in "".join(root.itertext())


# --- in a browser -----------------------------------------------------------------------------------------------------

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
needs_chromium = pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium here")

#: What the test's copy of a page is asked once it is shown; the page itself may run nothing.
ASKED = """<script>
const problems = [];
addEventListener("error", event => problems.push(event.message));
addEventListener("load", () => {
  const wide = innerWidth, out = [], faint = [];
  const boxed = element => element.closest(".scroll, .maths, .hidden");
  const level = colour => {
    const parts = colour.match(/[0-9.]+/g).slice(0, 3).map(each => {
      const part = each / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const behind = element => {
    for (let each = element; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      if (!/, 0\\)$/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  for (const element of document.body.querySelectorAll("*")) {
    const box = element.getBoundingClientRect();
    if (box.right > wide + 0.5 && !boxed(element.parentElement)) out.push(element.outerHTML.slice(0, 120));
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (own) {
      const [text, back] = [level(getComputedStyle(element).color), level(behind(element))];
      const contrast = (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
      if (contrast < 4.5) faint.push([contrast, element.outerHTML.slice(0, 120)]);
    }
  }
  const maths = [...document.querySelectorAll("math")];
  const answer = {
    problems, out, faint, wide, page: document.documentElement.scrollWidth, maths: maths.length,
    flat: maths.filter(math => math.getBoundingClientRect().height < 5).length,
    back: getComputedStyle(document.body).backgroundColor,
  };
  parent.document.body.textContent = "ANSWER" + btoa(unescape(encodeURIComponent(JSON.stringify(answer)))) + "END";
});
</script>"""


def browse(page: str, folder: Path, width: int, dark: bool, *options: str) -> str:
    """Open a copy of a page in Chromium without a screen; give what it prints."""
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    done = subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage",
            "--no-first-run", f"--user-data-dir={folder / 'profile'}", f"--window-size={width},900",
            f"--blink-settings=preferredColorScheme={0 if dark else 1}", *options, file.as_uri(),
        ],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return done.stdout


@needs_chromium
@pytest.mark.slow
@pytest.mark.parametrize(("width", "dark"), [(360, True), (1200, False)])
@pytest.mark.parametrize(
    "name",
    [
        "solution:sheet5",
        "solution:odd",
        "solution:sheet5-derivations",
        "report:sheet5",
        "report:odd",
        "report:formulas",
    ],
)
def test_a_browser_shows_it_within_the_window_and_in_readable_colours(
    tmp_path: Path, name: str, width: int, dark: bool
) -> None:
    page = pages(name)
    copy = escape(re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', lambda _: ASKED, page))
    frame = f'<!DOCTYPE html><meta name="color-scheme" content="light dark"><iframe width="{width}" srcdoc="{copy}">'
    found = re.search(r"ANSWER(.*?)END", browse(frame, tmp_path, 1300, dark, "--dump-dom"))
    assert found
    answer = json.loads(b64decode(found[1]))
    assert answer["problems"] == []
    assert answer["maths"] == page.count("<math ")
    assert answer["flat"] == 0
    assert answer["wide"] == width
    assert answer["out"] == []
    assert answer["page"] <= width
    assert answer["faint"] == []
    assert (answer["back"] == "rgb(255, 255, 255)") != dark


@needs_chromium
@pytest.mark.slow
def test_a_browser_runs_nothing_and_draws_light_and_dark(tmp_path: Path) -> None:
    page = pages("report:sheet5")
    refused = page.replace("</body>", "<script>document.body.textContent = 'RAN'</script></body>")
    dumped = browse(refused, tmp_path, 800, False, "--dump-dom")
    assert "RAN" not in dumped.replace("'RAN'", "")
    assert "W1_new" in dumped
    pictures = []
    for dark in (False, True):
        browse(page, tmp_path, 800, dark, f"--screenshot={tmp_path / 'page.png'}")
        pictures.append((tmp_path / "page.png").read_bytes())
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    assert pictures[0] != pictures[1]


def test_a_page_looks_like_this(golden: Callable[[str, str], None]) -> None:
    golden("solution-two-two-two-html", pages("solution:two-two-two").partition("</style>")[2])
    golden(
        "report-exercise3-html",
        re.sub(r"\w{12}(?=</code></p>)", "...", pages("report:exercise3").partition("</style>")[2]),
    )
