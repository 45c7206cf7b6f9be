"""Readers of the formats that other programs take, written from what these programs say of them."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any, NamedTuple, NoReturn, TypeAlias
from xml.etree import ElementTree

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
    cases = []
    for suite in root:
        assert suite.tag == "testsuite"
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
    float(element.get("time", ""))
    kinds = {each.tag: each.text or "" for each in element}
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
    return [int(element.get(key, "")) for key in ("tests", "failures", "errors", "skipped")]


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
