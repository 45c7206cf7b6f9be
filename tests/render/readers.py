"""Readers of the formats that other programs take, written from what these programs say of them."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any, NamedTuple, NoReturn, TypeAlias
from xml.etree import ElementTree

from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

COMMAND = re.compile(r"::(error|warning|notice) ([a-z]+=[^,:]*(?:,[a-z]+=[^,:]*)*)::(.*)")


Json: TypeAlias = Any  # what stands in a file, which the tests look into


def strict_json(text: str) -> Json:
    """Read JSON as the strictest of readers: ASCII, no NaN, no key twice."""

    def refuse(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is no JSON")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len({key for key, _ in pairs}) == len(pairs), pairs
        return dict(pairs)

    assert text.isascii()
    return json.loads(text, parse_constant=refuse, object_pairs_hook=once)


COUNTS = ("tests", "failures", "errors", "skipped")
#: Of what stands in a case.
ATTRIBUTES = {"failure": {"message", "type"}, "error": {"message", "type"}, "skipped": {"message"}}
RESULTS = {"failure": "failed", "error": "error", "skipped": "skipped"}  # in the order in which GitLab looks for them


class Case(NamedTuple):
    """A test case of JUnit as GitLab takes it; `result` is "passed" where no element says anything else."""

    suite: str
    name: str
    file: str
    result: str
    text: str
    properties: dict[str, str]


def junit_cases(text: str) -> list[Case]:
    """Read JUnit XML: the counts have to be those of the cases, and no two cases may have one name."""
    root = ElementTree.fromstring(text.encode())
    assert root.tag == "testsuites"
    assert set(root.attrib) == {"name", *COUNTS, "time"}
    assert len(text.encode()) < 30_000_000, "GitLab reads no more"
    cases = []
    for suite in root:
        assert suite.tag == "testsuite"
        assert set(suite.attrib) == {"name", *COUNTS, "time"}
        assert suite.get("name")
        own = [_case(element) for element in suite]
        assert _counted(suite) == _counts(own)
        cases += own
    assert _counted(root) == _counts(cases)
    named = [(case.suite, case.name) for case in cases]
    assert len(set(named)) == len(named), "the second of two is dropped"
    assert all(case.suite and case.name for case in cases)
    return cases


def _case(element: ElementTree.Element) -> Case:
    assert element.tag == "testcase"
    assert set(element.attrib) == {"classname", "name", "file", "time"}
    for each in element:
        assert set(each.attrib) <= ATTRIBUTES.get(each.tag, set()), each.attrib
    float(element.get("time", ""))
    kinds = {each.tag: each.text or "" for each in element}
    assert next(iter(kinds)) == "properties", "they stand first"
    assert len(kinds) == len(element)
    properties = {each.get("name", ""): each.get("value", "") for each in element.iter("property")}
    kind = next((kind for kind in RESULTS if kind in kinds), "system-out")
    assert set(kinds) == {"properties", kind}
    assert "[[ATTACHMENT" not in "".join(element.itertext())
    return Case(
        element.get("classname", ""),
        element.get("name", ""),
        element.get("file", ""),
        RESULTS.get(kind, "passed"),
        kinds[kind],
        properties,
    )


def _counts(cases: list[Case]) -> list[int]:
    results = [case.result for case in cases]
    return [len(cases), results.count("failed"), results.count("error"), results.count("skipped")]


def _counted(element: ElementTree.Element) -> list[int]:
    return [int(element.get(key, "")) for key in COUNTS]


class Annotation(NamedTuple):
    """A command of GitHub's runner, its escapes undone."""

    level: str
    properties: dict[str, str]
    message: str


def annotations(text: str) -> list[Annotation]:
    """Read a log in which every line is a command that annotates."""
    assert text.endswith("\n")
    return [_annotation(line) for line in text[:-1].split("\n")]


def _annotation(line: str) -> Annotation:
    found = COMMAND.fullmatch(line)
    assert found is not None, line
    level, properties, message = found.groups()
    pairs = [each.split("=", 1) for each in properties.split(",")]
    assert {key for key, _ in pairs} <= {"file", "line", "col", "title"}
    assert len(dict(pairs)) == len(pairs)
    return Annotation(level, {key: _plain(value, ":,") for key, value in pairs}, _plain(message, ""))


def _plain(text: str, also: str) -> str:
    """Undo the escapes; `also` are the signs that have one in properties only."""
    for char in (*also, "\r", "\n", "%"):
        text = text.replace(f"%{ord(char):02X}", char)
    return text


def csv_rows(text: str, delimiter: str = ",") -> list[list[str]]:
    """Read CSV, with commas or as a program does that takes another sign for them."""
    csv.field_size_limit(10**7)
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def spreadsheet(text: str) -> list[list[str]]:
    """Read CSV as spreadsheets do, whichever sign each takes between cells: no cell may be a formula."""
    rows = csv_rows(text)
    assert {len(row) for row in rows} == {len(rows[0])}
    for delimiter in ",;\t|":
        for cell in (cell for row in csv_rows(text, delimiter) for cell in row):
            assert not _is_formula(cell), cell
    return rows


def _is_formula(cell: str) -> bool:
    """Tell whether a spreadsheet may work a cell out, quotes and blanks before it aside; numbers are as they are."""
    start = cell.lstrip(' \t\r\n"')
    return start[:1] in tuple("=@＝＋－＠+-") and not NUMBERS.fullmatch(start)


#: Numbers with blanks, commas and semicolons between them, and the brackets of arrays.
NUMBERS = re.compile(r"[+-]?[\d.]+([eE][+-]?\d+)?([\[\]\s,;]+([+-]?[\d.]+([eE][+-]?\d+)?)?)*")


#: What Classroom 50 knows of a submission.
SUBMISSION = {
    "classroom": "nn", "assignment": "hw1", "assignment_type": "individual", "owner": "me", "submission": "submit/1",
    "commit": "c", "release": "r", "review": "v",
}  # fmt: skip
#: What Classroom 50 takes: whole numbers, and at the top no key but these.
RESULT = {
    "type": "object",
    "additionalProperties": False,
    "required": [*SUBMISSION, "schema", "datetime", "score", "max-score", "tests"],
    "properties": {
        **{key: {"type": "string", "minLength": 1} for key in (*SUBMISSION, "datetime", "graded_at")},
        "schema": {"const": "classroom50/result/v1"},
        "datetime": {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
        "submission": {"pattern": "^submit/"},
        "score": {"type": "integer", "minimum": 0},
        "max-score": {"type": "integer", "minimum": 0},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["test-name", "passed", "score", "max-score"],
                "properties": {
                    "test-name": {"type": "string", "minLength": 1, "maxLength": 100},
                    "passed": {"type": "boolean"},
                    "score": {"type": "integer", "minimum": 0},
                    "max-score": {"type": "integer", "minimum": 0},
                },
            },
        },
    },
}  # fmt: skip


def classroom50(text: str) -> Json:
    """Read a result and check what Classroom 50 checks; give it."""
    result = strict_json(text)
    Draft202012Validator(RESULT).validate(result)
    tests = result["tests"]
    for each in (result, *tests):
        assert each["score"] <= each["max-score"]
    assert len({each["test-name"] for each in tests}) == len(tests)
    assert result["max-score"] == sum(each["max-score"] for each in tests)
    return result


def gradescope(text: str) -> Json:
    """Read a result and check what Gradescope says of it; give it."""
    result = strict_json(text)
    tests = result["tests"]
    formats = ("output_format", "test_output_format", "test_name_format")
    assert set(result) <= {"score", "output", *formats, "tests", "extra_data"}
    assert {result[each] for each in formats} == {"text"}
    for each in tests:
        assert set(each) <= {"score", "max_score", "status", "name", "output"}
        assert ("score" in each) == ("max_score" in each) == ("status" in each)
        assert each.get("status") in ("passed", "failed", None)
    assert abs(result["score"] - sum(each.get("score", 0) for each in tests)) < 1e-4
    return result


#: What Markdown may become here: no links, pictures or HTML, and no lists or quotes that a student began.
BLOCKS = {
    "heading",
    "paragraph",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "bullet_list",
    "list_item",
    "fence",
    "inline",
}
INLINE = {"text", "code_inline", "strong", "em", "softbreak"}
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def markdown(text: str) -> list[tuple[str, str]]:
    """Read Markdown as GitHub does: the kind of each token, and what it says."""
    blocks = MARKDOWN.parse(text)
    tokens = [token for block in blocks for token in (block, *(block.children or ()))]
    found = [(token.type.removesuffix("_open").removesuffix("_close"), token.content) for token in tokens]
    ours = [("html_inline", "<span>"), ("html_inline", "</span>")]  # around a `$`, which then begins no maths
    assert {kind for kind, what in found if (kind, what) not in ours} <= BLOCKS | INLINE
    assert all(token.info == "math" for token in tokens if token.type == "fence")
    return found
