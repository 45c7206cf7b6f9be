"""What a student may type in place of an answer, by threat: each text as it stands behind the colon in a file of YAML.

The right answers are 0.50732 for a number and 2 w^2 x for a formula. What must come of a text in their place: "never"
marks, "wrong", "told" (right, or refused with a reason, but not silently wrong), "fair" (right), "blank", or "refused",
the whole file, for what no text file holds.
"""

from __future__ import annotations

import re
from typing import NamedTuple

#: What no text file holds: control characters but tabs and ends of lines, and halves of characters.
NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Value(NamedTuple):
    """A text in the place of an answer: its threat, T1 to T23, what must come of it, and the text without quotes."""

    threat: str
    outcome: str
    text: str
    plain: str = ""

    @property
    def long(self) -> bool:
        """Whether it is too long to stand in every place of one file."""
        return len(self.text) > 9_000

    @property
    def said(self) -> str:
        """The text on one line, and cut, for a name or a key."""
        return " ".join(self.plain.splitlines())[:300]


def quoted(text: str) -> str:
    """Write a text so that YAML takes it as it is: in single quotes, or line by line."""
    lines = re.split(r"\r\n|\r|\n", text)
    if len(lines) == 1:
        return "'" + text.replace("'", "''") + "'"
    return "|-\n" + "\n".join(f"          {line}" for line in lines) + "\n"


def nested(function: str, inside: str, times: int) -> str:
    """Put a text into so many calls."""
    return f"{function}(" * times + inside + ")" * times


CODE = [
    "__import__('os').system('id')", "().__class__.__bases__[0].__subclasses__()", "a.__class__.__mro__", "eval('1')",
    "exec('import os')", "compile('1', '', 'eval')", "lambda: 0.50732", 'f"{1}"', "open('/etc/passwd').read()",
    "print(1)", "[x for x in range(9)]", "(x := 0.50732)", "globals()", "answer", "reference", "solution", "key",
    "self", "p if 1 else 2", "getattr(p, 'real')", "os.environ", "input()", "np.float64(0.50732)", "math.inf",
    "breakpoint()", "import os; os.system('id')", "exit()", "__builtins__", "p.p", "p()", "sympy.oo", "*args", "@p",
    "assert 1", "factorial(3)", "while 1: 2", "<?php 1 ?>", "p = 0.50732; p == p", "not 0", "1 and 1", "0.5 if",
    "\\x30.50732",
]  # fmt: skip
BOMBS = [
    "9^9^9^9", "9**9**9**9", "2^2^2^2^2^2^2", "10^(10^7)", "170!", "1000000!", "1e999999999", "1e-999999999",
    "-1e400", "1e308 * 10", "9" * 400, "9" * 5_000, "0." + "0" * 5_000 + "1", "1" + "0" * 350 + "e-350", "e^800",
    "exp(1000)", "2^99999", "(1e200)^2", "1/1e-320", "sum(i = 1..1000000, i)",
    "sum(i = 1..1000, sum(j = 1..1000, i*j))", "max(i = 1..100000, i)", "ones(1000000000)", "sum(ones(30000, 30000))",
    "sum(I(30000))", "norm(ones(10^9))", "diag(ones(99999))", "x^x^x^x^x^x", "1e1e1", "0x1p9999",
    "1_000_000_000_000e99",
]  # fmt: skip
LONG = [
    "(" * 100_000, "-" * 100_000 + "1", "1 + " * 50_000 + "1", "1" + "^1" * 50_000, "[" * 100_000, "'" * 100_000,
    "(" * 5_000 + "1" + ")" * 5_000, "[" * 40 + "1" + "]" * 40, nested("sin", "1", 500), nested("", "0.50732", 1_000),
    "|" * 2_000, "{" * 2_000, "x" * 200_000, "," * 200_000, "1 " * 90_000, "= 1 " * 2_000, "a = " * 20_000 + "1",
    '"' + "[" * 2_000 + "1" + "]" * 2_000 + '"', '"' + "[1;" * 900 + "1" + "]" * 900 + '"', "array(" * 100 + "1",
    "|\n        (\n" + "        a\n" * 20_000, "if(1, " * 60 + "1" + ", 0)" * 60,
    "sum(i = 1..2, " * 40 + "i" + ")" * 40, "0.50732 " + "- 1 + 1 " * 200, "\\frac{" * 300 + "1", "1" + "/1" * 1_500,
    "p" + "[1]" * 900, "2 w^2 x" + "'" * 900,
]  # fmt: skip
SLOW = [
    '"' + " " * 200_000 + '"', "1" * 200_000, "1." * 100_000, "'" * 1_000 + "x", "x" + "'" * 5_000, "0" * 200_000,
    '"' + "\\t" * 50_000 + 'x"', "1e" * 50_000, "." * 200_000, "1 1" * 60_000, "_" * 100_000, "-+" * 50_000,
    "a" * 9_999, "1," * 60_000, '"' + " \\n" * 30_000 + '1"', "%" * 90_000, "\\" * 90_000, "#" * 90_000 + "1",
    "x#" * 40_000,
]  # fmt: skip
NO_NUMBERS = [
    "nan", "NaN", ".nan", "-nan", "inf", "-inf", ".inf", "-.Inf", "Infinity", "∞", "None", "true", "True", "yes",
    "no", "on", "b'0.50732'", "0.50732j", "0.50732 + 0j", "[0.50732, 0.50732]", "[[0.50732, 0.50732]]",
    "{q9: 0.50732}", "{0.50732}", "{value: 0.50732, tolerance: 9}", "0/0", "1/0", "-1/0", "ln(0)", "ln(-1)",
    "sqrt(-1)", "0^(-1)", "2001-01-01", "2001-13-45", "12:30:45", "0.5 or 0.50732", "0.50732 or 0.6", "0.4..0.6",
    "[0.4, 0.6]", "(0.4, 0.6)", ">0", "> 0.5", "<= 1", "0.50732 ± 9", "0.50732 +- 1", "~0.5 to 0.6", "any", "*", "?",
    "0.50732?", "0.50732 !=", "0.50732 % 1", "NULL or 0.50732", "[nan, nan]", "[null]", "nan nan", "1e", "e5",
    "0.5.0.732", "0.50.732", "0.50732 0.50732", "0.50732; 0.50732", "undefined", "NA", "N/A", "#N/A", "#REF!", "0b1",
    "0o17", "0x1p-1", "0.50732f", "0.50732 m", "-0.50732", "0.50732 == 0.50732",
]  # fmt: skip
#: Formulas that are the right one at some points, or at those that a careless reader would try.
EVASIVE = [
    "abs(2 w^2 x)", "2 w^2 abs(x)", "2 w^2 x + sin(pi x)", "2 w^2 x + x (x - 1) (x - 2) (x - 3)", "2 w x", "w^2 x",
    "2 w^2 x + w (w - 1) (w + 1)", "0/0", "ln(-1 - x^2)", "sqrt(-1 - w^2)", "2 w^2 x + ln(-1 - x^2)", "1/(x - x)",
    "2 w^2 x + 0/0", "2 w^2 x + 1/(w - w)", "2 w^2 x (x - x)/(x - x)", "2 w^2 max(x, 0)", "2 w^2 sqrt(x)^2",
    "2 w^2 exp(ln(x))", "if(x > 0, 2 w^2 x, 0)", "if(x > -9, 2 w^2 x, 1)", "2 w^2 x + 1e-3", "2 w^2 x + 0.001 x",
    "2 w^2 x + relu(x - 2.9)", "2 w^2 x 1.001", "2 w^2 x + step(x - 1)", "2 w^2 x + exp(-1000 x^2)", "nan x",
    "2 w^2 x + x^40 / 1e12", "(2 w^2 x)!", "2 w^2 x or 0", "0 or 2 w^2 x", "2 w^2 x; 0", "2 w^2 x, 0", "dL/dx",
    "2 w^2 x = 0 x", "L", "2 L / x + 0 ln(x - 100)", "x", "w", "0", "1", "f(x)", "f'(x)", "f(w x)", "2 w^2 x + f(x)",
]  # fmt: skip
YAML_TRAPS = [
    "0:0.50732", "!!binary MC41MDczMg==", "010", "1_0.50732", "0o10", "0x1F", "190:20:30", "1e3 # 0.50732",
    "~ 0.50732", "- 0.50732", "? 0.50732", "| 0.50732", "> 0.50732", "`0.50732`", "%0.50732", "@0.50732", "'0.50732",
    '"0.50732', "\\h", "'f3'*x'", "f: g: h", "[0.50732", "0.50732]", "{0.50732", "0.50732}", "[a, [b, c]", "0.50732,",
    ", 0.50732", ": 0.50732", "<<: 0.50732", "=", "y", "n", "!", "&", "---", "...", "|\n        0.50732\n        0.6",
    "[1, 2]: 3", "!!set {0.50732}", "!!omap [p: 0.50732]", "|y - yhat|", "*w1",
]  # fmt: skip
YAML_BOMBS = [
    "&a 0.50732", "*a", "&a [*a]", "&a [*a, *a]", "{<<: [*a, *a]}", "<<: *a", "!!python/object/apply:os.system [id]",
    "!!python/name:os.system", "!!python/module:os", "!!python/object/new:type [1]", "!!float 0.50732", "!!float abc",
    "!!bool maybe", "!!timestamp abc", "!!int 5", "!!null 0.50732", "!x 0.50732",
    "!<tag:yaml.org,2002:float> 0.50732", "!!js/function x", "[&a 1, *a]", "{a: &a 1, b: *a}", "!!map {}",
    "!!seq [0.50732]", "!include /etc/passwd", "!!!",
]  # fmt: skip
HIDDEN = [
    "0.50732\x00", "\x00", "\x07\x08", "0.5\x1b[31m0732", "\ud800", "\udc80", "\uffff", "\ufffe", "0.50732\x9b31m",
    "0.50732\x7f", "\x85", "\u2028", "\ufeff", "0.5\u200b0732", "0.50732\u202e", "\u20660.50732\u2069", "0.5\xad0732",
    "\U000e00410.50732", "0.50732́", "0͏.50732", "ㅤ",
]  # fmt: skip
LOOKALIKES = [
    "О.50732", "０.5O732", "0.5l", "l/2", "0.5О732", "٣", "٠٫٥٠٧٣٢", "①", "⁵", "½½", "〇.50732", "𝟶.50732x", "2 ѡ^2 x",
    "2 w^2 х", "2 w^2 x\u0332x", "２ ｗ＾２ ｙ",
]  # fmt: skip
WRONG = ["0.5", "0.6", "0.5064", "50.732", "5.0732", "0.4927", "1.50732", "0.50372", "0.050732", "2/3", "1", "1/3"]
TOLD = [
    "0,50732", "50.732%", "50,732 %", "507.32‰", "≈0.50732", "~0.50732", "0.50732...", "≅ 0.507", "0'50732",
    "０.５０７３２", "0.50732 (rounded)", "p = 0.50732", "= 0.50732", "0.50732.", "$0.50732$", "**0.50732**",
    "0.507 32", "0.50732 # rounded", "\\approx 0.50732", "5.0732 × 10^-1", "5.0732·10⁻¹", "5.0732e−1", "\u00a00.50732",
    "1.01464/2", "0.50732\u00a0", "\\frac{1}{2} + 0.00732", "0.50732 ≈ 0.507", "ca. 0.50732", "+0.50732", "0.50732_",
    "0.50_732",
]  # fmt: skip
FAIR = [
    "0.50732", ".50732", "0.507", "50732e-5", "50732E-5", "1/2 + 0.00732", '"0.50732"', "'0.50732'", "0.5073195",
    "5.0732e-1", "[0.50732]", "(0.50732)", "1 − 0.49268", "0.2 + 0.3 + 0.00732", "0.507319500000",
]  # fmt: skip
FAIR_FORMULAS = [
    "2 w^2 x", "2 w w x", "2*w*w*x", "2w²x", "2 x w^2", "w^2 x + w^2 x", "2 (w x)^2 / x", "2 L / x", "2 w · w · x",
    "2 × w × w × x", "4 w^2 x / 2", "\\frac{4 w^2 x}{2}", '"2 w^2 x"',
]  # fmt: skip
BLANK = ["", '""', "''", "null", "~", "|\n", '"  "', "# 0.50732", "' '"]
SCREEN = [
    "\x1b[31m", "\x1b[2J\x1b[H", "\x1b]0;title\x07", "\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "\x1b]52;c;MQ==\x07",
    "\x9b2J", "\x1bP$q\x1b\\", "\x08\x08\x08", "x\r0.99", "\x0b\x0c", "\x1b[6n", "\x1b[?1049h", "\u202eabc",
    "\u2066\u2069", "\u200e\u200f", "\u200b\u200d", "\x1b#8", "\x85", "\x90\x9c", "\ufdd0", "\U0001fffe", "\ud83d",
    "\x1b_x\x1b\\",
]  # fmt: skip
RICH = [
    "[bold]x[/bold]", "[/x]", "[link=http://x]y[/link]", "[red", "\\[x]", ":smile:", "[@click=app.bell]x[/]",
]  # fmt: skip
COMMANDS = [
    "::error::mine", "::set-output name=x::y", "::add-mask::0.5", "::stop-commands::x", "##[error]mine", "##vso[x]y",
    "\n::error::mine", "x%0A::error::mine", "\r\n::warning file=a,line=1::b", "::endgroup::", "a,line=1::b",
    "::debug::", "x\n##[group]y", " ::error::x", "\u2028::error::x", "##teamcity[x]", "::error file=a%2Cb::x",
    "%25%0D%0A", "::::", "section_start:0:x\r\x1b[0K",
]  # fmt: skip
XML = [
    "]]>", "<![CDATA[x]]>", "<!--", "--><x/>", "&amp;", "&#0;", "&x;", "<!DOCTYPE x [<!ENTITY y SYSTEM 'z'>]>",
    "[[ATTACHMENT|/etc/passwd]]", "</testcase><testcase name='y'/>", "\x00", "\ud800", "😀", "<?xml?>", "\x08",
    "'/><failure/>", "[[ATTACHMENT|x",
]  # fmt: skip
JSONS = [
    "NaN", '"}', "\\u0000", '{"score": 100}', "\u2028", "//", "/* */", "-Infinity", "__proto__", '"', "\\",
    '{"a": 1, "a": 2}',
]  # fmt: skip
MARKUP = [
    "<b>x</b>", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</style><b>", "<svg onload=x>",
    "&lt;b&gt;", "javascript:alert(1)", "{{7*7}}", "\\unicode{<script>}", "<a href='http://x'>y</a>", "</td></tr>",
    "<!-- x", "<p>", "![a](http://b)", "[x](http://y)", "[x]: http://y", "<http://x>", "http://x.example",
    "www.x.example", "x@y.example", "@everyone", "#1", "`code`", "``", "```", "a | b", "\\|", "|---|", "# x",
    "- [x] y", "1. x", "> x", "***x***", "~~x~~", "$x$", "$$", "$`x`$", "\n\n# x", "\n\n    x", "\n---\n", "&nbsp;",
    "\\input{/etc/passwd}", "\\end{document}", "\\write18{id}", "^^5cinput", "^^M", "\\catcode", "% x", "\\verb|x|",
    "{", "}", "$ & % # _ ~ ^", "\\\\[9cm]", "\\csname x\\endcsname", "\\let\\x=\\y", "\\begin{verbatim}", "?`!`",
    "<details><summary>", "[^1]: x", ":tada:",
]  # fmt: skip
CELLS = [
    "=1+1", "=cmd|' /C calc'!A0", "=HYPERLINK(1)", "+1+cmd", "-2+3+cmd|' /C calc'!A0", "@SUM(1)", "\t=1+1", "\r=1",
    " =1", "x\n=1", "a;=1", "a,=1", 'a",=1', 'a;"=1', "＝1+1", "%0A=1", "'=1", '"', "a,b;c\td|e", "=DDE()", '";=1;"',
]  # fmt: skip
INERT = [
    "{0}", "{0.__class__}", "{}", "%s", "%n", "%(x)s", "$x", "${x}", "$(id)", "`id`", "; id", "&& id", "| id",
    "%d%s%n", "#{7*7}", "<%= 7 %>", "{% x %}", "../../etc/passwd", "~/.ssh/id", "/dev/zero", "file:///etc/passwd",
    "C:\\Windows", "\\\\x\\y", "http://169.254.1.1/", "${jndi:ldap://x}", "'; DROP TABLE x; --", "\n.\nQUIT", "nul",
    "con", "-rf", "--sheet=x", "*", "$HOME", "%PATH%", "{self}", "{finding}", "%(answer)s", "{score:>99999999}",
    "%99999999d", "\\1",
]  # fmt: skip
#: Texts, hostile to whoever writes or shows them, and between quotes to nobody who reads them.
TEXTS = {"T12": SCREEN + RICH, "T13": COMMANDS, "T14": XML, "T15": JSONS, "T16": MARKUP + CELLS, "T21": INERT}

VALUES = [
    Value(threat, "refused" if NO_TEXT.search(text) else outcome, quoted(text) if threat in TEXTS else text, text)
    for threat, outcome, texts in [
        ("T1", "never", CODE), ("T2", "never", BOMBS), ("T3", "never", LONG), ("T4", "never", SLOW),
        ("T5", "never", NO_NUMBERS), ("T5", "wrong", WRONG), ("T5", "fair", FAIR), ("T5", "blank", BLANK),
        ("T6", "never", EVASIVE), ("T6", "fair formula", FAIR_FORMULAS), ("T7", "never", YAML_TRAPS),
        ("T8", "never", YAML_BOMBS), ("T9", "never", HIDDEN), ("T10", "never", LOOKALIKES), ("T11", "told", TOLD),
        *((threat, "never", texts) for threat, texts in TEXTS.items()),
    ]
    for text in texts
]  # fmt: skip
