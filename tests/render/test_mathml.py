"""MathML is well formed, of known elements with the parts they need, and holds every name and number of its tree."""

from __future__ import annotations

from collections import Counter
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hwcheck.formula.expr import Call, Expr, Name, Num, number, walk
from hwcheck.formula.names import LATIN, split
from hwcheck.formula.parse import readings
from hwcheck.formula.showmathml import mathml
from hwcheck.formula.symbols import Symbol, symbol
from hwcheck.text import safe_text
from tests.formula.test_show import SHEET, TEXTBOOK, trees

#: The elements that are used, with the number of their parts (None for any number, 0 for text).
PARTS = {
    "math": None, "mrow": None, "mi": 0, "mn": 0, "mo": 0, "mtext": 0, "mspace": 0, "msqrt": None, "mphantom": None,
    "mfrac": 2, "msub": 2, "msup": 2, "mover": 2, "msubsup": 3, "munderover": 3, "mtable": None, "mtr": None,
    "mtd": None,
}  # fmt: skip
ATTRIBUTES = {"lspace", "rspace", "form", "stretchy", "accent", "width", "class"}


def parsed(tree: Expr) -> ElementTree.Element:
    return ElementTree.fromstring(f"<math>{mathml(tree)}</math>")


def seen(element: ElementTree.Element) -> list[str]:
    """Give the texts of all tokens but those that only take room."""
    if element.tag == "mphantom":
        return []
    return [element.text or ""] if PARTS[element.tag] == 0 else [text for part in element for text in seen(part)]


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(trees)
def test_it_is_well_formed_and_every_element_has_the_parts_it_needs(tree: Expr) -> None:
    for element in parsed(tree).iter():
        parts = PARTS[element.tag]
        assert parts is None or len(element) == parts, element.tag
        assert set(element.attrib) <= ATTRIBUTES
        assert parts == 0 or not (element.text or "").strip()
        assert not (element.tail or "").strip()


def letters(part: Symbol) -> list[str]:
    return [LATIN.get(part.word, part.word), *(each for below in part.below for each in letters(below))]


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(trees)
def test_its_text_holds_every_name_and_number(tree: Expr) -> None:
    wanted: Counter[str] = Counter()
    for part in walk(tree):
        if isinstance(part, Name):
            name = split(part.id)
            wanted.update(letters(symbol(name.of)) + (letters(symbol(name.by)) if name.by else []))
            wanted.update([name.step] if name.step else [])
        elif isinstance(part, Num):
            wanted.update(each.lower().partition("e")[0] for each in part.text.split("/"))
    assert not wanted - Counter(seen(parsed(tree)))


@pytest.mark.parametrize("text", [text for text, _, _ in TEXTBOOK])
def test_every_form_of_a_textbook_is_there(text: str) -> None:
    (tree,) = readings(text, SHEET)
    forms = {
        "/": "mfrac", "^": "msup", "sum": "munderover", "if": "mtable", "[;]": "mtable", "sqrt": "msqrt", "[]": "msub"
    }  # fmt: skip
    tags = {element.tag.replace("msubsup", "msup") for element in parsed(tree).iter()}
    assert {forms[part.op] for part in walk(tree) if isinstance(part, Call) and part.op in forms} <= tags


def test_the_forms_of_names() -> None:
    assert mathml(Name("ŷ_2")) == (
        '<msub><mover accent="true"><mi>y</mi><mo stretchy="false">^</mo></mover><mn>2</mn></msub>'
    )
    assert mathml(Name("dJ/dW1_new")).startswith("<msup><mrow>")
    assert "<mfrac><mrow><mi>∂</mi><mi>J</mi></mrow>" in mathml(Name("dJ/dW1"))
    assert mathml(Call("f1'", ())) == "<msubsup><mi>f</mi><mn>1</mn><mo>′</mo></msubsup>"


def test_decimal_points_stand_under_each_other() -> None:
    column = Call("[;]", (number(3), number(0.25), number(-0.1)))
    rows = parsed(column).findall(".//mtd")
    behind = [len("".join(row.itertext()).partition(".")[2]) for row in rows]
    assert behind == [2, 2, 2]
    assert parsed(column).find(".//mtable").attrib == {"class": "numbers"}
    assert "numbers" not in mathml(Call("[;]", (number(3), Name("x"))))


HOSTILE = ["<script>alert(1)</script>", "a&b", '"><img src=x>', "x\x1b[31m", "\u202e", "]]>", "<!--", "&#60;"]


@pytest.mark.parametrize("name", HOSTILE)
@given(st.text(max_size=6))
def test_a_name_brings_no_element(name: str, more: str) -> None:
    for tree in (Name(name + more), Name(f"d{name}{more}/dx"), Call(name + more, (Name("x"),))):
        assert {element.tag for element in parsed(tree).iter()} <= PARTS.keys()
        text = "".join(seen(parsed(tree))).replace("\u2061", "")  # the sign of a function's application
        assert text == safe_text(text)
