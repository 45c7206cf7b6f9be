"""Settings lie where their rows say: at an end of the range all is worked out, beyond it is one diagnostic."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hwcheck.diagnostics import Invalid
from hwcheck.files import Source
from hwcheck.library.layers import NAMES, layer
from hwcheck.library.optimizers import COMMON, OPTIMIZERS
from hwcheck.library.ranges import Range
from hwcheck.sheet.load import sheet_of
from hwcheck.sheet.owners import fields
from hwcheck.sheet.solving import solve

SHEET = """\
hwcheck: 1
problems:
  p:
    given: {%s}
    %snetwork: {input: x, layers: [%s], loss: {squared_error: {target: y}}}
    train: {learning_rate: 0.1, optimizer: {%s}, steps: 3}
    questions: {q: [W_new, L@2]}
"""
GIVEN = "x: [0.5, -1.5], W: [[0.4, 0.3], [-0.2, 0.1]], y: [1, 2], m: [1, 0], g: [1, 2], s2: [1, 2], u: 1"
DENSE = "{dense: {weights: W}}"
#: What a layer needs beside the setting that is tried.
BESIDE = {"dropout": {"mask": "m"}, "batch_norm": {"mean": "g", "variance": "s2"}, "group_norm": {"groups": "1"}}
OPTIMIZED = [
    (name, key, setting.within, setting.example or setting.default)
    for name, row in OPTIMIZERS.items()
    for key, setting in {**{key: common for key, (_, common) in COMMON.items()}, **row.settings}.items()
    if setting.within is not None and row.error is None
]
LAYERED = [
    (name, setting.key, setting.within, setting.example)
    for name in NAMES
    for setting in layer(name).settings
    if setting.within is not None
]


def text_of(layers: str = DENSE, optimizer: str = "sgd: {}", given: str = GIVEN, conventions: str = "") -> str:
    return SHEET % (given, conventions, layers, optimizer)


def layers_of(name: str, key: str, value: str) -> str:
    settings = {**BESIDE.get(name, {}), key: value}
    return f"{{{name}: {{{', '.join(f'{each}: {text}' for each, text in settings.items())}}}}}, {DENSE}"


def diagnosed(text: str) -> list[tuple[str, str, str, str]]:
    """Give the code, the message, the help and the characters of every diagnostic of a sheet."""
    try:
        sheet_of(Source("s.yaml", text, text.encode()))
    except Invalid as error:
        lines = text.split("\n")
        spans = [each.span for each in error.diagnostics]
        places = [lines[at.line - 1][at.column - 1 : at.end_column - 1] if at else "" for at in spans]
        return [(each.code, each.message, each.help, at) for each, at in zip(error.diagnostics, places, strict=True)]
    return []


def is_finite(text: str) -> bool:
    """Tell whether everything of a sheet can be worked out to a number."""
    solution = solve(sheet_of(Source("s.yaml", text, text.encode())))
    values = [each.value for part in solution.problems[0].parts for each in part.quantities]
    return all(value is not None and bool(np.isfinite(value).all()) for value in values)


def tried(within: Range) -> list[tuple[str, bool]]:
    """Give numbers about the ends of a range, each with whether it lies in it."""
    ends = [each for each in (within.low, within.high) if abs(each) < 1e300]
    about = {0.0, 1.0, *(round(end) + step for end in ends for step in (-1, -0.5, -1e-9, 0, 1e-9, 0.5, 1))}
    return [(f"{number:.15g}", within.has(number)) for number in sorted(about)]


@pytest.mark.parametrize(("name", "key", "within", "example"), OPTIMIZED)
def test_a_number_of_an_optimizer_lies_in_its_range(name: str, key: str, within: Range, example: str) -> None:
    assert within.has(float(example or 0.9))
    assert within.words in fields(f"optimizer {OPTIMIZERS[name].name}")[key].about
    for number, is_inside in tried(within):
        text = text_of(optimizer=f"{name}: {{{key}: {number}}}")
        if is_inside:
            assert diagnosed(text) == []
            continue
        ((code, message, fix, place),) = diagnosed(text)
        assert (code, place) == ("HW204", number)
        assert message == f"`{key}` cannot be {number}: it is {within.words}"
        assert fix == f"for example `{key}: {example}`"


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_whatever_lies_in_its_range_gives_numbers(name: str) -> None:
    own = [(key, within) for each, key, within, _ in OPTIMIZED if each == name]
    for key, within in own:
        for number, is_inside in tried(within):
            if is_inside:
                assert is_finite(text_of(optimizer=f"{name}: {{{key}: {number}}}")), (key, number)


@pytest.mark.parametrize(("name", "key", "within", "example"), LAYERED)
def test_every_entry_of_a_layers_setting_lies_in_its_range(name: str, key: str, within: Range, example: str) -> None:
    assert within.words in fields(f"layer {name}")[key].about
    for number, is_inside in tried(within):
        value = "s2" if key == "variance" else number
        given = GIVEN.replace("s2: [1, 2]", f"s2: [1, {number}]") if value == "s2" else GIVEN
        found = diagnosed(text_of(layers_of(name, key, value), given=given))
        if is_inside:
            assert [code for code, *_ in found] in ([], ["HW204"] if name == "dropout" and number == "1" else [])
            continue
        ((code, message, fix, place),) = found
        assert (code, place) == ("HW204", value)
        assert message == f"`{key}` cannot be {number}: it is {within.words}"
        assert fix == f"for example `{key}: {example}`"


@pytest.mark.parametrize(("convention", "rate"), [("drop", "1"), ("drop", "u"), ("keep", "0"), ("keep", "u - 1")])
def test_dropout_that_keeps_nothing_divides_by_nothing(convention: str, rate: str) -> None:
    conventions = f"conventions: {{dropout_rate: {convention}}}\n    "
    layers = layers_of("dropout", "rate", rate)
    ((code, message, _, place),) = diagnosed(text_of(layers, conventions=conventions))
    assert (code, place) == ("HW204", rate)
    assert f"with `rate: {rate}` nothing is kept" in message
    assert diagnosed(text_of(layers.replace("mask: m", "mask: m, inverted: no"), conventions=conventions)) == []


def test_a_setting_without_a_value_lies_anywhere() -> None:
    given = GIVEN + ", free: scalar"
    assert diagnosed(text_of(optimizer="adam: {beta1: free, epsilon: free - 1}", given=given)) == []
    assert diagnosed(text_of(layers_of("layer_norm", "epsilon", "free"), given=given)) == []


def test_a_range_has_its_ends_and_no_nan() -> None:
    within = Range(0, 1, "from 0 to 1")
    assert within.has(0)
    assert within.has(1)
    assert not within.has(math.nan)
    assert not within.has(math.inf)
