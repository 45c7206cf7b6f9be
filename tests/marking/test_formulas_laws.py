"""Laws of comparing formulas: what is the same as the key is never wrong, what is not the same is never right, and
where too little can be worked out to tell, that is said.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from random import Random, SystemRandom

import pytest

from hwcheck.formula.expr import Name
from hwcheck.formula.show import plain
from hwcheck.marking.formulas.judging import Aim, judge
from hwcheck.marking.formulas.likeness import compare
from hwcheck.marking.formulas.reading import Notes, Words
from hwcheck.sheet.problem import Problem
from tests.marking.formulas import fields, read
from tests.marking.formulas_missed import wrong_pair
from tests.marking.formulas_rewritten import parts_of, put, right_pair
from tests.marking.students import sheet_of

#: Chunks of random formulas, and how many are rewritten and how many missed in each; the first few chunks are quick.
CHUNKS, EACH, QUICK = 20, 500, 4
FIELDS = 12
#: Formulas of a chunk about which rounding may leave nothing to be said.
MOST_FEW = 6
#: The first chunk's seed: the same every time, or with HWCHECK_FUZZ another one.
FIRST = SystemRandom().randrange(10**9) if "HWCHECK_FUZZ" in os.environ else 0
WRONG = ("unlike", "undefined", "shape")
OWN = Name("kk")


CHUNKED = [pytest.param(at, marks=[] if at < QUICK else [pytest.mark.slow]) for at in range(CHUNKS)]


@pytest.fixture(scope="module", params=CHUNKED)
def chunk(request: pytest.FixtureRequest) -> int:
    """Give the numbers of the chunks, the first few of which are quick; all laws of one in turn, as its problems are
    made once."""
    return int(request.param)


# --- random formulas --------------------------------------------------------------------------------------------------


def test_no_right_formula_is_wrong(chunk: int) -> None:
    seed = FIRST + chunk
    random, some = Random(seed), fields(seed, FIELDS)
    broken = []
    for at in range(EACH):
        field = some[at % FIELDS]
        key, other, done = right_pair(random, field)
        found = compare(field.problem, key, other).found
        if found != "same":
            broken.append((plain(key), plain(other), done, found))
    assert not [each for each in broken if each[-1] != "few"], seed
    assert len(broken) <= MOST_FEW, (seed, broken)


def test_no_wrong_formula_is_right(chunk: int) -> None:
    seed = FIRST + chunk
    random, some = Random(1000 + seed), fields(seed, FIELDS)
    broken = []
    for at in range(EACH):
        field = some[at % FIELDS]
        key, other, done = wrong_pair(random, field)
        found = compare(field.problem, key, other).found
        if found not in WRONG:
            broken.append((plain(key), plain(other), done, found))
    assert not [each for each in broken if each[-1] != "few"], seed
    assert len(broken) <= MOST_FEW, (seed, broken)


def test_what_is_typed_is_judged_as_its_tree_is() -> None:
    random, some = Random(3), fields(3, FIELDS)
    for at in range(200):
        field = some[at % FIELDS]
        for make in (right_pair, wrong_pair):
            key, other, _ = make(random, field)
            text = plain(other)
            found = judge(text, Words(field.problem, Notes({}, set())), Aim(field.problem, key)).likeness.found
            wanted = compare(field.problem, key, other).found
            assert found == wanted or (wanted in WRONG and found in WRONG), (plain(key), text, found, wanted)


def test_a_name_for_a_part_changes_nothing() -> None:
    random, some = Random(4), fields(4, FIELDS)
    for at in range(200):
        field = some[at % FIELDS]
        for make in (right_pair, wrong_pair):
            key, other, _ = make(random, field)
            parts = list(parts_of(other))
            place = random.randrange(len(parts))
            short, _ = put(other, place, lambda _: OWN)
            assert short is not None
            words = Words(field.problem, Notes({OWN.id: (OWN.id, parts[place])}, set()))
            found = judge(plain(short), words, Aim(field.problem, key)).likeness.found
            wanted = compare(field.problem, key, other).found
            assert found == wanted or (wanted in WRONG and found in WRONG), (plain(key), plain(short), found, wanted)


# --- by hand ----------------------------------------------------------------------------------------------------------

NUMBERS = (
    "{x: scalar, y: scalar, w: scalar, t: bit, s: bit, p: probability, q: {shape: scalar, in: [0.1, 3]}, "
    "m: {shape: scalar, in: [-2, -0.5]}, far: {shape: scalar, in: [1000, 1001]}, big: {shape: scalar, in: [0, 1000]}}"
)
ARRAYS = (
    "{x: vector d1, y: vector d1, g: vector d2, W: matrix d2 x d1, M: matrix d1 x d1, N: matrix d1 x d1, c: scalar, "
    "k: one-hot d1, X: matrix 3 x 3, v: vector 3, u: vector 1}"
)
VALUES = "{x: [0.5, 0.5], U: [0.2, 0.3, 0.5], w: [1], n: 3, m: 0, y: scalar}"
UNIT = "{x: scalar, w: scalar, b: scalar, y: bit}"


@cache
def problem_of(given: str, lines: tuple[str, ...] = ("L = 1",)) -> Problem:
    network = "".join(f"      {line}\n" for line in lines)
    return sheet_of(
        'hwcheck: 1\nproblems:\n  "1":\n    functions: {f1: unknown, f2: unknown}\n'
        f"    given: {given}\n    network: |\n{network}    questions: {{a: L}}\n"
    ).problems["1"]


SIGMOID = problem_of(UNIT, ("z = w x + b", "p = sigmoid(z)", "L = -(y ln(p) + (1 - y) ln(1 - p))"))


def likeness(problem: Problem, key: str, other: str) -> str:
    return compare(problem, read(problem, key), read(problem, other)).found


def rows(*texts: str) -> list[list[str]]:
    """Give rows `key ~ other` taken apart."""
    return [[each.strip() for each in text.split("~")] for text in texts]


@pytest.mark.parametrize(
    ("key", "other"),
    rows(
        "t ~ t^2", "t ~ 2 t^2 - t", "t ~ if(t == 1, 1, 0)", "1 - t ~ (t == 0)", "t s ~ (t + s >= 1.5)",
        "t + s - 2 t s ~ |t - s|", "t s ~ (t + s - 2 >= 0)", "(x > 0) ~ (x >= 0)", "sign(x) ~ x/|x|", "x^2/x ~ x",
        "ln(q) ~ ln(|q|)", "sqrt(q^2) ~ q", "ln(p) + ln(q) ~ ln(p q)", "exp(x + y) ~ exp(x) exp(y)", "x^2 ~ x^(1 + 1)",
        "(x + 1)^4 ~ x^4 + 4 x^3 + 6 x^2 + 4 x + 1", "1/m ~ m^(-1)", "f1(x - y) ~ f1(-(y - x))",
        "tanh(2 q + 5) - 1 ~ -2 sigmoid(-4 q - 10)",
        "sigmoid(big) ~ exp(big)/(1 + exp(big))",
    ),
)  # fmt: skip
def test_right_about_numbers(key: str, other: str) -> None:
    assert likeness(problem_of(NUMBERS), key, other) == "same"


@pytest.mark.parametrize(
    ("key", "other"),
    rows(
        "0 x ~ 2 x - x - x", "x/10^7 ~ x/10^7 + y - y", "x/w/10^6 ~ x/w/10^6 + far - far^2/far",
        "x/10^7 ~ 1 (x/10^7 + y) - y", "sigmoid(-10 q) ~ 1 - sigmoid(10 q)",
        "(far - 1000)^2 ~ far^2 - 2000 far + 1000000",
        "t ~ sqrt(t^2 + y/3 + y - 4/3 y)",
    ),
)  # fmt: skip
def test_what_rounding_alone_sets_apart_is_not_wrong(key: str, other: str) -> None:
    assert likeness(problem_of(NUMBERS), key, other) in ("same", "few")


@pytest.mark.parametrize(
    ("key", "other"),
    rows(
        "x ~ x + sin(pi x)", "x ~ |x|", "x ~ x + max(0, -x)", "x ~ 1.000001 x", "sqrt(x^2) ~ x", "ln(x) ~ ln(|x|)",
        "ln(x) + ln(y) ~ ln(x y)", "sqrt(x) sqrt(y) ~ sqrt(x y)", "ln(m^2) ~ 2 ln(m)", "t ~ t^2 s", "0 t ~ t",
        "t/t ~ 1", "1 ~ (1 + ln(1 - t^2))^1",
        "x ~ if(x > 3, 0, x)", "f1(x) ~ f2(x)", "f1(x) ~ f1'(x)", "f1'(x) ~ f1''(x)", "f1(x) ~ -f1(-x)",
        "f1(f2(x)) ~ f2(f1(x))", "f1(x) f2(y) ~ f1(y) f2(x)", "x^3 ~ x^2", "sigmoid(x) ~ sigmoid(x) + 1e-8",
        "1e-12 x ~ 2e-12 x", "0 ~ 1e-12", "x ~ 0", "x ~ x - x", "max(0, x) ~ x",
        "1/m ~ 3 m^(-1)", "1/x ~ x^(-1) + max(0, -x)", "m^2 ~ 5 m^(1 + 1)",
        "t s ~ 7 (t + s == 2)", "t + s - 2 t s ~ 9 (t + s == 1)",
        "x ~ if(x > 0, x, (5 + 1e20) - 1e20)", "x ~ if(x > 0, x, 2 x - x - x)",
        "-6 ~ -(3 + (-3))", "ln(q) ~ ln(3 - 2)", "x ~ 3 x - 2 x - x",
        "max(0, x) ~ min(max(0, x), 6)", "x ~ max(-5, x)", "x ~ if(|x| < 0.05, 0, x)",
        "f2(1/2) ~ |f2(1/2)|",
        "max(0, -f2(max(0, f1(max(0, -f2(x)))))) ~ 2 max(0, -f2(max(0, f1(max(0, -f2(x))))))",
        "if(x > 1, x, y) ~ if(sqrt(x) > 1, x, y)",
    ),
)  # fmt: skip
def test_wrong_about_numbers(key: str, other: str) -> None:
    assert likeness(problem_of(NUMBERS), key, other) in WRONG


@pytest.mark.parametrize(
    ("key", "other"),
    rows(
        "x.T y ~ y.T x", "W x ~ (x.T W.T).T", "sum(x) ~ ones(d1).T x", "mean(x) ~ sum(x)/d1", "k ~ k .* k",
        "sum(k) ~ 1",
        "k k.T ~ diag(k)", "x .* y ~ diag(x) y", "norm(x) ~ sqrt(x.T x)", "||x - y||^2 ~ (x - y).T (x - y)",
        "x.T M x ~ x.T M.T x", "sum(i = 1..d1, x[i] y[i]) ~ x.T y", "d1 x ~ (d1^2/d1) x", "u ~ u[1]",
    ),
)  # fmt: skip
def test_right_about_arrays(key: str, other: str) -> None:
    assert likeness(problem_of(ARRAYS), key, other) == "same"


@pytest.mark.parametrize(
    ("key", "other"),
    rows(
        "M ~ M.T", "W ~ W.T", "M N ~ N M", "M .* N ~ M N", "x y.T ~ y x.T", "mean(x) ~ sum(x)/d2", "mean(x) ~ sum(x)/4",
        "sum(x) ~ mean(x)", "c ~ c ones(d1)", "x ~ x[1]", "||x - y||^2 ~ ||x||^2 - ||y||^2", "(M + M.T) x ~ 2 M x",
        "u ~ norm(u)", "W x ~ W y", "d1 ~ d2", "x ~ x + d1 - d2", "X ~ X.T",
        "x ~ diag(x)", "diag(x) ~ x",
    ),
)  # fmt: skip
def test_wrong_about_arrays(key: str, other: str) -> None:
    assert likeness(problem_of(ARRAYS), key, other) in WRONG


@pytest.mark.parametrize(
    ("key", "other"),
    rows(
        "n y ~ 3 y", "m + y ~ y", "y^n ~ y^3", "sum(x) ~ 2 x[1]",
        "sum(x) y ~ y", "w y ~ y", "y ~ w y", "U ~ |U|",
    ),
)  # fmt: skip
def test_what_is_right_at_the_given_values_only_is_wrong(key: str, other: str) -> None:
    assert likeness(problem_of(VALUES), key, other) in WRONG


@pytest.mark.parametrize(
    ("key", "other"),
    rows(
        "L ~ ln(1 + exp(z)) - y z", "L ~ if(y == 1, -ln(p), -ln(1 - p))", "L ~ -ln(p^y (1 - p)^(1 - y))",
        "dL/dz ~ p - y", "dL/dz ~ (1 - y) p - y (1 - p)", "dL/dw ~ (p - y) x", "dL/dz ~ if(y == 1, p - 1, p)",
        "p (1 - p) ~ exp(-z)/(1 + exp(-z))^2", "1 - tanh(z)^2 ~ 1/cosh(z)^2", "tanh(z) ~ 2 sigmoid(2 z) - 1",
        "1 - p ~ sigmoid(-z)", "dL/dp ~ (1 - y)/(1 - p) - y/p",
        "dL/dz ~ (1 - sigmoid(-z))^1 - y^1",
    ),
)  # fmt: skip
def test_right_about_a_unit(key: str, other: str) -> None:
    assert likeness(SIGMOID, key, other) == "same"


@pytest.mark.parametrize(
    ("key", "other"),
    rows("dL/dz ~ y - p", "dL/dz ~ p", "dL/dz ~ p - 1", "L ~ -y ln(p)", "L ~ -ln(p)", "dL/dz ~ (p - y) p (1 - p)"),
)
def test_wrong_about_a_unit(key: str, other: str) -> None:
    assert likeness(SIGMOID, key, other) in WRONG


def test_a_difference_at_few_of_the_points_is_found() -> None:
    given = "{X: matrix n x d, w: vector d, y: vector n, c: scalar}"
    problem = problem_of(given, ("r = X w - y", "L = 1/2 norm(r)^2 + 1/2 c (wᵀ w)"))
    assert likeness(problem, "dL/dc", "1/2 sum(w^2)") == "same"
    assert likeness(problem, "dL/dc", "1/2 sum(w^2) + max(0, -L)") == "unlike"


@pytest.mark.parametrize("line", ["relu(w# IN + b#)", "relu(b# - w# IN)", "relu(f1(w# IN + b#))"])
@pytest.mark.parametrize("layers", [2, 3, 4, 5, 6, 8, 10])
def test_a_chain_of_rectifiers_is_told_from_its_double_and_from_nothing(layers: int, line: str) -> None:
    given = ", ".join(f"w{at}: scalar, b{at}: scalar" for at in range(1, layers + 1))
    lines = [
        f"a{at} = {line.replace('#', str(at)).replace('IN', f'a{at - 1}' if at > 1 else 'x')}"
        for at in range(1, layers + 1)
    ]
    problem = problem_of(f"{{x: scalar, y: scalar, {given}}}", (*lines, f"L = a{layers} y"))
    for other in ("2 dL/dw1", "0", "-dL/dw1"):
        assert likeness(problem, "dL/dw1", other) in WRONG


SIZES = "abcdefgh"


def test_eight_sizes_are_told_apart() -> None:
    problem = problem_of(f"{{{', '.join(f'{name}: vector n{name}' for name in SIZES)}}}")
    for one in SIZES:
        for other in SIZES.replace(one, ""):
            for text in (other, f"sum({other})", f"{one} + 0 {other}"):
                assert likeness(problem, f"sum({one})" if "sum" in text else one, text) in WRONG
            assert likeness(problem, f"mean({one})", f"sum({one})/n{other}") in WRONG


# --- too few points ---------------------------------------------------------------------------------------------------

NOWHERE = [
    "sqrt(-1 - x^2)", "ln(-exp(x))", "(x - x)/(x - x)", "x/0", "9^9^9^9", "exp(exp(exp(x^2 + 10)))", "1e308 * 1e308",
    "exp(800)", "sqrt(-q)", "ln(0 x - 1)", "x (1e308 * 10)", "(-q)^0.5",
]  # fmt: skip


@pytest.mark.parametrize("key", NOWHERE)
def test_what_is_defined_nowhere_is_the_same_as_nothing(key: str) -> None:
    problem = problem_of(NUMBERS)
    for other in (key, f"2 ({key})", f"-({key})", *NOWHERE):
        assert likeness(problem, key, other) == "few"
    assert likeness(problem, key, "x") == likeness(problem, "x", key) == "undefined"


def test_what_is_defined_at_some_points_is_compared_there() -> None:
    problem = problem_of(NUMBERS)
    assert likeness(problem, "sqrt(x) sqrt(y)", "sqrt(y) sqrt(x)") == "same"
    assert likeness(problem, "sqrt(x) sqrt(y)", "2 sqrt(y) sqrt(x)") == "unlike"
    many = " ".join(f"sqrt({name} - 3)" for name in ("x", "y", "w"))
    assert likeness(problem, many, many) == "few"


# --- the same every time ----------------------------------------------------------------------------------------------


def found_in(order: list[int]) -> dict[int, str]:
    """Compare some pairs in an order, on problems made anew; give what was found of each."""
    random, some = Random(8), fields(8, 6)
    pairs = [(field, *make(random, field)[:2]) for field in some for make in (right_pair, wrong_pair) for _ in range(3)]
    return {at: repr(compare(pairs[at][0].problem, *pairs[at][1:])) for at in order}


def test_what_was_compared_before_changes_nothing() -> None:
    count = 36
    found = found_in(list(range(count)))
    assert found_in(list(reversed(range(count)))) == found
    assert [found_in([at])[at] for at in (0, 11, 23, 35)] == [found[at] for at in (0, 11, 23, 35)]


def test_another_process_finds_the_same() -> None:
    code = f"from {__name__} import found_in; print(sorted(found_in(list(range(36))).items()))"
    for seed in ("1", "2"):
        made = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert made.stdout.strip() == repr(sorted(found_in(list(range(36))).items()))
