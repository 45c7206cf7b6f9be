"""The table of fields, its validator and its JSON Schema say the same: no row is out of reach, none is forgotten."""

from __future__ import annotations

import itertools
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import event, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from hwcheck.diagnostics import CODES, Diagnostic
from hwcheck.files import Source, read_source
from hwcheck.graph.functions import arities
from hwcheck.library.conventions import CHANGES, SHOWN_BY
from hwcheck.library.functions import FUNCTIONS
from hwcheck.library.layers import NAMES, layer
from hwcheck.library.losses import LOSSES
from hwcheck.library.optimizers import OPTIMIZERS, ROWS, lines_of
from hwcheck.sheet.check import Where, record
from hwcheck.sheet.fields import BESIDE, EITHER, FIELDS, NEEDS, OWNERS, Field
from hwcheck.sheet.kinds import KINDS, accepts
from hwcheck.sheet.owners import CHOICES, fields, owner_words, owners
from hwcheck.sheet.raw import read_answers, read_sheet
from hwcheck.sheet.reference import reference
from hwcheck.sheet.schema import schema
from hwcheck.yamltree import SHEET, Map, Tree, read_tree
from tests.bundled import PROBLEMS

EVERY = [row for owner in owners() for row in fields(owner).values()]
SCHEMAS = {kind: Draft7Validator(schema(kind)) for kind in ("sheet", "answers")}

#: For each owner, the owner above it, the key there, how it stands under that key, and what else it needs to be sound.
ABOVE: dict[str, tuple[str, str, str, dict[str, str]]] = {
    "problem": ("sheet", "problems", "{a: {network: z = 2}, b: %s}", {"network": "z = 2"}),
    "network": ("problem", "network", "%s", {}),
    "layer names": ("network", "names", "%s", {}),
    "loss": ("network", "loss", "{bce: %s}", {}),
    **{f"loss {row.name}": ("network", "loss", f"{{{row.name}: %s}}", {}) for row in LOSSES if len(row.params) > 2},
    "train": ("problem", "train", "%s", {}),
    "samples": ("train", "samples", "%s", {}),
    "marking": ("problem", "marking", "%s", {}),
    "own slip": ("problem", "slips", "{ODD: %s}", {}),
    "conventions": ("problem", "conventions", "%s", {}),
    "given shape": ("problem", "given", "{x: %s}", {}),
    "question": ("problem", "questions", "{q: %s}", {}),
    "sides": ("question", "match", "%s", {}),
    **{f"layer {name}": ("network", "layers", f"[{{{name}: %s}}]", {}) for name in NAMES},
    **{f"optimizer {name}": ("train", "optimizer", f"{{{name}: %s}}", {}) for name in OPTIMIZERS},
}


def document(owner: str, entries: dict[str, str], without: str = "") -> str:
    """Write the smallest sound file in which an owner has these entries, one line for each key at the top."""
    own = {row.key: row.example for row in fields(owner).values() if row.required}
    if owner in EITHER and not any(key in entries for key in EITHER[owner]):
        own.update(beside(owner, next(iter(entries), "")))
    for key in [key for key in (*own, *entries) if key in NEEDS and owner in EITHER]:
        own.update({needed: fields(owner)[needed].example for needed in NEEDS[key]})
    if owner in ABOVE:
        above, key, form, more = ABOVE[owner]
        own = {name: text for name, text in {**own, **more, **entries}.items() if name != without}
        return document(above, {key: form % flow(own)})
    own = {name: text for name, text in {**own, **entries}.items() if name != without}
    return "".join(f"{name}: {text}\n" for name, text in own.items())


def flow(entries: dict[str, str]) -> str:
    """Write a mapping on one line."""
    return f"{{{', '.join(f'{key}: {text}' for key, text in entries.items())}}}"


def beside(owner: str, key: str) -> dict[str, str]:
    """Give one field beside which another means something, with its example."""
    kind = BESIDE.get(key, EITHER[owner])[0]
    return {kind: fields(owner)[kind].example}


def which(owner: str) -> str:
    return "answers" if owner == "answers file" else "sheet"


def read(text: str, kind: str) -> list[Diagnostic]:
    source = Source("file.yaml", text, b"")
    return (read_answers(source) if kind == "answers" else read_sheet(source))[1]


def as_json(value: object) -> object:
    """Turn what YAML makes of a file into what JSON knows."""
    if isinstance(value, dict):
        return {str(key): as_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_json(each) for each in value]
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def allowed(text: str, kind: str) -> bool:
    return bool(SCHEMAS[kind].is_valid(as_json(yaml.safe_load(text))))


def name(row: Field) -> str:
    return f"{row.owner}.{row.key}"


every_row = pytest.mark.parametrize("row", EVERY, ids=name)


@every_row
def test_every_field_is_accepted_as_its_example(row: Field) -> None:
    text = document(row.owner, {row.key: row.example})
    assert read(text, which(row.owner)) == []
    assert allowed(text, which(row.owner))


@every_row
def test_a_misspelt_key_is_told_apart_and_named(row: Field) -> None:
    wrong = row.key + row.key[-1]
    text = document(row.owner, {row.key: row.example, wrong: row.example})
    (found,) = read(text, which(row.owner))
    assert found.code == ("HW401" if which(row.owner) == "answers" else "HW201")
    assert found.severity == ("warning" if which(row.owner) == "answers" else "error")
    assert f"`{wrong}`" in found.message
    assert f"did you mean `{row.key}`?" in found.help
    assert found.span is not None
    assert text.split("\n")[found.span.line - 1][found.span.column - 1 : found.span.end_column - 1] == wrong
    assert not allowed(text, which(row.owner))


@every_row
def test_a_value_of_another_form_is_refused_with_what_is_wanted(row: Field) -> None:
    kind = KINDS[row.kind]
    forms = {"[1, 2]": kind.items, "{odd one: {a: {b: 1}}}": kind.values or kind.record}
    if not kind.choice:
        forms["text"] = kind.scalar or kind.options
    for value, accepted in forms.items():
        if accepted:
            continue
        text = document(row.owner, {row.key: value})
        found = read(text, which(row.owner))
        assert len(found) == 1
        assert found[0].code[-1] in "34"
        assert found[0].code in CODES
        assert found[0].span is not None
        assert not allowed(text, which(row.owner))


@pytest.mark.parametrize("row", [row for row in EVERY if row.required], ids=name)
def test_a_missing_field_is_named(row: Field) -> None:
    text = document(row.owner, {"title": "x"} if row.owner == "sheet" else {}, without=row.key) or "student: x\n"
    found = read(text, which(row.owner))
    assert [each.code[3:] for each in found] in (["02"], ["40"])
    assert row.key in found[0].message + found[0].help
    assert not allowed(text, which(row.owner))


KINDS_OF_QUESTIONS = EITHER["question"]


@pytest.mark.parametrize("kinds", [(), *itertools.combinations(KINDS_OF_QUESTIONS, 2), KINDS_OF_QUESTIONS])
def test_a_question_is_of_exactly_one_kind(kinds: tuple[str, ...]) -> None:
    entries = {kind: fields("question")[kind].example for kind in kinds} or {"points": "2"}
    text = document("problem", {"questions": f"{{q: {flow(entries)}}}"})
    found = read(text, "sheet")
    assert {each.code for each in found} == {"HW243" if kinds else "HW202"}
    assert len(found) == len(kinds[1:]) + (not kinds)
    for kind in kinds or KINDS_OF_QUESTIONS:
        assert all(f"`{kind}`" in each.message for each in found if not kinds or kind == kinds[0])
    assert not allowed(text, "sheet")


@pytest.mark.parametrize("kind", KINDS_OF_QUESTIONS)
@pytest.mark.parametrize("key", [row.key for row in fields("question").values() if row.key not in KINDS_OF_QUESTIONS])
def test_a_field_stands_beside_the_kinds_it_belongs_to_and_no_other(key: str, kind: str) -> None:
    text = document("question", {key: fields("question")[key].example, kind: fields("question")[kind].example})
    found = read(text, "sheet")
    belongs = kind in BESIDE.get(key, KINDS_OF_QUESTIONS)
    assert allowed(text, "sheet") == belongs
    if belongs:
        further = ("is not asked here", "means nothing in a table of values")  # what else the question asks, says more
        assert [each for each in found if not any(said in each.message for said in further)] == []
        return
    (only,) = found
    assert only.code == "HW243"
    assert only.message == f"`{key}` means nothing beside `{kind}`"
    assert all(f"`{other}`" in only.help for other in BESIDE[key])
    assert only.span is not None
    assert text.split("\n")[only.span.line - 1][only.span.column - 1 : only.span.end_column - 1] == key


@pytest.mark.parametrize(("kind", "needed"), [(kind, key) for kind, keys in NEEDS.items() for key in keys])
def test_what_a_kind_of_question_needs_is_named_where_it_is_missing(kind: str, needed: str) -> None:
    text = document("question", {kind: fields("question")[kind].example}, without=needed)
    (found,) = read(text, "sheet")
    assert found.code == "HW202"
    assert f"`{needed}`" in found.message
    assert fields("question")[needed].example in found.help
    assert not allowed(text, "sheet")


@pytest.mark.parametrize("row", [row for row in EVERY if row.default], ids=name)
def test_a_default_is_a_value_of_its_field(row: Field) -> None:
    assert read(document(row.owner, {row.key: row.default}), "sheet") == []


def test_the_table_names_no_owner_kind_or_choice_that_is_not_used() -> None:
    used: set[str] = set()
    waiting = [row.kind for row in EVERY]
    while waiting:
        kind = waiting.pop()
        if kind not in used:
            used.add(kind)
            waiting += [each for each in (KINDS[kind].items, KINDS[kind].values) if each]
    assert used == set(KINDS)
    reached = {"sheet", "answers file", *(KINDS[kind].record for kind in used)} - {""}
    assert {KINDS[kind].choice for kind in used} - {""} == set(CHOICES)
    reached |= {owner for names in CHOICES.values() for owner in names.values()}
    assert reached == set(owners())
    assert set(OWNERS) <= reached
    assert {row.owner for row in FIELDS} <= set(OWNERS)


def test_no_owner_has_two_fields_of_one_key() -> None:
    assert len({(row.owner, row.key) for row in FIELDS}) == len(FIELDS)
    assert all(len(layer(name).settings) == len(fields(f"layer {name}")) for name in NAMES)


def test_a_convention_without_a_word_is_its_first_value() -> None:
    for key, values in CHANGES.items():
        assert fields("conventions")[key].default == KINDS[key].options[0] == next(iter(values))


def test_every_choice_is_accepted_and_no_other() -> None:
    for choice, (owner, key, form) in {
        "layer": ("network", "layers", "[{%s: %s}]"),
        "loss": ("network", "loss", "{%s: %s}"),
        "optimizer": ("train", "optimizer", "{%s: %s}"),
    }.items():
        for chosen, holder in CHOICES[choice].items():
            needed = {row.key: row.example for row in fields(holder).values() if row.required}
            inner = f"{{{', '.join(f'{key}: {text}' for key, text in needed.items())}}}"
            text = document(owner, {key: form % (chosen, inner)})
            assert read(text, "sheet") == []
            assert allowed(text, "sheet")
            bare = document(owner, {key: f"[{chosen}]" if choice == "layer" else chosen})
            assert (read(bare, "sheet") == []) == allowed(bare, "sheet") == (not needed)
            odd = document(owner, {key: form % (chosen + "q", inner)})
            (found,) = read(odd, "sheet")
            assert found.code == "HW204"
            assert f"did you mean `{chosen}`?" in found.help
            assert not allowed(odd, "sheet")


@pytest.mark.parametrize("kind", ["sheet", "answers"])
def test_the_schema_is_a_schema_whose_references_hold(kind: str) -> None:
    tree = schema(kind)
    Draft7Validator.check_schema(tree)
    named = {each.replace("%20", " ") for each in re.findall(r'"#/definitions/([^"]*)"', json.dumps(tree))}
    assert named == set(tree["definitions"])


@pytest.mark.parametrize("path", sorted(PROBLEMS.rglob("*.yaml")), ids=lambda path: path.name)
def test_the_sheets_that_come_along_fit_the_table_and_the_schema(path: Path) -> None:
    kind = "answers" if path.name.endswith(".answers.yaml") else "sheet"
    source = read_source(str(path), 10**6)
    assert read(source.text, kind) == []
    assert allowed(source.text, kind)


def test_the_reference_page_has_a_line_for_every_field() -> None:
    page = reference()
    for owner in {row.owner for row in EVERY}:
        title = owner_words(owner)[0]
        part = page.split(f"## {title[0].upper()}{title[1:]}\n", 1)[1].split("\n## ", 1)[0]
        rows = re.findall(r"^\| `([\w ]+)` \|", part, re.MULTILINE)
        assert rows == list(fields(owner))
        for row in fields(owner).values():
            assert row.about in part
            line = next(each for each in part.split("\n") if each.startswith(f"| `{row.key}` |"))
            beside = BESIDE.get(row.key, ()) if owner in EITHER else ()
            assert ("; beside" in line) == bool(beside)
            assert all(f"`{kind}`" in line for kind in beside)
        assert all(f"`{kind}`" in part.split("|")[0] for kind in EITHER.get(owner, ()))
    assert all(re.split(r"(?<!\\)\|", line)[-1] == "" for line in page.split("\n") if line.startswith("|"))
    assert {len(re.split(r"(?<!\\)\|", line)) for line in page.split("\n") if line.startswith("|")} == {6}


def test_the_reference_page_has_every_row_of_the_library() -> None:
    page = reference().replace("\\|", "|")
    for row in map(layer, NAMES):
        (line,) = (each for each in page.split("\n") if each.startswith(f"| `{row.name}` | `{row.formula}` |"))
        assert row.about in line
        assert all(f"`{setting.key}`" in line for setting in row.settings)
        assert all(f"`{name}: {next(iter(CHANGES[name]))}`" in line for name in row.conventions)
    functions = page.split("## Functions in formulas")[1]
    for function in {FUNCTIONS[name].name: FUNCTIONS[name] for name, _, _ in arities(FUNCTIONS).values()}.values():
        head = f"| `{function.name}"
        (line,) = (each for each in functions.split("\n") if each.startswith((f"{head}(", f"{head}`")))
        assert function.about in line
        assert function.body in line
        assert all(f"`{alias}`" in line for alias in function.aliases)
    for loss in LOSSES:
        assert len(loss.params) == 1 or loss.about in page.split("## Each loss")[1].split("\n## ")[0]
    assert all(lines in page for optimizer in ROWS for lines in lines_of(optimizer, {}))
    changed = {(convention, SHOWN_BY.get(name, name)) for convention, values in CHANGES.items()
               for changes in values.values() for name in changes}  # fmt: skip
    for convention, name in changed:
        (line,) = (each for each in functions.split("\n") if each.startswith(f"| `{name}("))
        assert f"`{convention}: {next(iter(CHANGES[convention]))}`" in line


# --- validator and schema, on any file ---

JUNK = st.sampled_from(
    (
        *("", "x", "J", "1/2", "half", "sgd", "dense", "a b", "a" * 65, "1", "16", "1e3", "-1", "-0", True, 0.5),
        *(0, 1, 2, 15, 16, -1, 1001, 10_001, [], {}, ["x"], [["x"]], [[]], [{"n": "x + 1"}], {"x": "y"}, {"": "x"}),
        *({"find": "J"}, {"dense": {"weights": "W"}}, {"bce": {"target": "y"}}, {"bce": {}}, {"sgd": {}}, {"a": {}}),
        *({"sgd": {"x": 1}}, {"sgd": {}, "dense": {}}),
    )
)


def needed_beside(owner: str, key: str) -> tuple[str, ...]:
    return NEEDS.get(key, ()) if owner in EITHER else ()


@cache
def any_value(kind: str, depth: int = 0) -> st.SearchStrategy[Any]:
    """Draw a value that may be of a kind, or just be something."""
    row = KINDS[kind]
    forms: list[st.SearchStrategy[Any]] = [JUNK]
    if row.options:
        forms.append(st.sampled_from(row.options))
    if row.record:
        forms.append(st.deferred(lambda: any_record(row.record, depth + 1)))
    if row.choice:
        forms.append(
            st.sampled_from(list(CHOICES[row.choice].items())).flatmap(
                lambda item: st.fixed_dictionaries({item[0]: any_record(item[1], depth + 1)})
            )
        )
    if depth < 8:
        names = st.sampled_from(["1", "a", "X1"])
        forms += [st.dictionaries(names, any_value(row.values, depth + 1), max_size=2)] if row.values else []
        forms += [st.lists(any_value(row.items, depth + 1), max_size=2)] if row.items else []
    good = [yaml.safe_load(f"[{each.example}]")[0] for each in EVERY if each.kind == kind]
    likely = [st.sampled_from(good)] * 40 if good else []
    return st.one_of(likely + forms)


@cache
def any_record(owner: str, depth: int = 0) -> st.SearchStrategy[dict[str, Any]]:
    rows = fields(owner).values()
    needed = {row.key: any_value(row.kind, depth) for row in rows if row.required}
    kinds = [row for row in rows if row.key in EITHER.get(owner, ())]
    further = {row.key: any_value(row.kind, depth) for row in rows if not row.required and row not in kinds}
    odd = st.sampled_from([{}] * 9 + [{"odd": 1}])
    one: st.SearchStrategy[dict[str, Any]] = st.just({})
    if kinds:  # mostly one kind with what it needs, sometimes none or several
        alone = st.sampled_from(kinds).flatmap(
            lambda row: st.fixed_dictionaries(
                {
                    key: any_value(fields(owner)[key].kind, depth)
                    for key in (row.key, *(NEEDS.get(row.key, ()) if owner in EITHER else ()))
                }
            )
        )
        several = st.fixed_dictionaries({}, optional={row.key: any_value(row.kind, depth) for row in kinds})
        one = st.one_of(*[alone] * 6, several)
    both = st.tuples(st.fixed_dictionaries(needed, optional=further), one, odd)
    return both.map(lambda parts: {**parts[0], **parts[1], **parts[2]})


@pytest.mark.parametrize("owner", list(owners()))
@settings(max_examples=50)  # of each of the many owners
@given(data=st.data())
def test_the_schema_refuses_exactly_what_the_validator_refuses(owner: str, data: st.DataObject) -> None:
    entries = data.draw(any_record(owner))
    tree, found = read_tree(Source("file.yaml", json.dumps(entries), b""), SHEET, recover=False)
    assert isinstance(tree, Map)
    assert found == []
    wrong = list(record(tree, owner, Where("file.yaml")))
    valid = schema_of(owner).is_valid(entries)
    event("sound" if valid else "wrong")
    beyond = [each for each in wrong if each.code == "HW204" and '"' in each_text(tree, each)]
    assert valid == (not wrong) or (valid and wrong == beyond), wrong  # a schema has no bounds for numbers in quotes
    assert {each.code for each in wrong} <= set(CODES)


def each_text(tree: Tree, diagnostic: Diagnostic) -> str:
    """Give the source that a diagnostic is about."""
    assert diagnostic.span is not None
    return tree.raw[diagnostic.span.column - 1 : diagnostic.span.end_column - 1] if isinstance(tree, Map) else ""


@cache
def schema_of(owner: str, key: str = "") -> Draft7Validator:
    """Give the schema of an owner's mapping, or of one field of it."""
    whole = schema(which(owner))
    part = whole["definitions"].get(owner, whole)
    part = part["properties"][key] if key else part
    return Draft7Validator({**part, "definitions": whole["definitions"]})


#: One field of each kind: what a text may be depends on nothing else.
TEXTS = [*{row.kind: row for row in EVERY if KINDS[row.kind].scalar or KINDS[row.kind].options}.values()]


@pytest.mark.parametrize("row", TEXTS, ids=name)
@given(
    text=st.text("1a. \n-+e/", max_size=6) | st.sampled_from(["half", "007", "1" * 12, "a" * 64, "a" * 65, "\u2003"])
)
def test_the_schema_reads_a_text_as_the_validator_does(row: Field, text: str) -> None:
    kind = KINDS[row.kind]
    valid = schema_of(row.owner, row.key).is_valid(text)
    if kind.bounds:  # a schema knows no bounds of a number in quotes
        assert valid or not accepts(text, kind)
    else:
        assert valid == accepts(text, kind)
