"""The records of a problem, made from trees that are known to fit the table of fields."""

from collections.abc import Container

from ..diagnostics import Span
from ..yamltree import Map, Scalar, Seq, Tree, folded
from .check import Entries, keyed, part
from .fields import EITHER
from .owners import fields
from .records import RawLayers, RawOption, RawProblem, RawQuestion, RawSlip, RawTrain


def problem_of(id: Scalar, parts: Entries, own: Container[str], span: Span) -> RawProblem:
    """Make the record of a problem from parts that fit their kinds; the `own` slips are not those of the sheet."""
    conventions = {name: yes_or_no(value) for name, (_, value) in keyed(part(parts, "conventions")).items()}
    defaults = {row.key: row.default for row in fields("conventions").values()}
    return RawProblem(
        id,
        prose_of(parts, "title"),
        prose_of(parts, "text"),
        tuple(keyed(part(parts, "given")).values()),
        _scalars(part(parts, "functions")),
        _network(part(parts, "network")),
        _train(part(parts, "train")),
        {**defaults, **conventions},
        frozenset(conventions),
        _scalars(part(parts, "names")),
        {name.text: value for name, value in _scalars(part(parts, "marking"))},
        slips_of(part(parts, "slips"), own),
        questions_of(parts),
        span,
    )


def slips_of(tree: Tree | None, own: Container[str]) -> tuple[RawSlip, ...]:
    """Give the mistakes that the teacher expects; the `own` ones are not those of the sheet."""
    default = fields("own slip")["credit"].default
    found = []
    for code, value in keyed(tree).values():
        parts = keyed(value)
        quantity, formula = (_scalar(parts[name][1]) for name in ("in", "formula"))
        credit = float(_text(parts["credit"][1]) if "credit" in parts else default)
        found.append(RawSlip(code, quantity, formula, prose_of(parts, "message"), credit, code.text not in own))
    return tuple(found)


def _network(tree: Tree | None) -> Scalar | RawLayers | None:
    if not isinstance(tree, Map):
        return tree if isinstance(tree, Scalar) else None
    parts = keyed(tree)
    layers = part(parts, "layers")
    names = {row.key: row.default for row in fields("layer names").values()}
    names.update({name: _text(value) for name, (_, value) in keyed(part(parts, "names")).items()})
    loss = part(parts, "loss")
    return RawLayers(
        _scalar(parts["input"][1]),
        tuple(_chosen(each) for each in (layers.items if isinstance(layers, Seq) else ())),
        None if loss is None else _chosen(loss),
        names,
        tree.span,
    )


def _train(tree: Tree | None) -> RawTrain | None:
    if tree is None:
        return None
    parts = keyed(tree)
    defaults = fields("train")
    parameters, optimizer, batches = (part(parts, name) for name in ("parameters", "optimizer", "batches"))
    name, settings = (typed_as(defaults["optimizer"].default, tree.span), {}) if not optimizer else _chosen(optimizer)
    samples = keyed(part(parts, "samples"))
    axis, of = part(samples, "axis"), part(samples, "of")

    def one(key: str) -> Scalar | None:
        found = part(parts, key)
        return None if found is None else _scalar(found)

    def count(key: str) -> int:
        found = one(key)
        return int(defaults[key].default if found is None else found.text)

    return RawTrain(
        one("loss"),
        None if parameters is None else _scalars_in(parameters),
        name,
        settings,
        one("update"),
        one("learning_rate"),
        count("steps"),
        count("epochs") if "epochs" in parts else None,
        one("until"),
        None if of is None else ("" if axis is None else _text(axis), _scalars_in(of)),
        one("batch_size"),
        None if batches is None else tuple(_scalars_in(each) for each in _listed(batches)),
        "updates" in parts and _text(parts["updates"][1]) == "in_order",
        tuple(keyed(part(parts, "state")).values()),
        count("t"),
        frozenset(parts),
        tree.span,
    )


def _scalars_in(tree: Tree) -> tuple[Scalar, ...]:
    return tuple(_scalar(each) for each in _listed(tree))


def questions_of(parts: Entries) -> tuple[RawQuestion, ...]:
    """Give the questions of a problem."""
    return tuple(_question(key, value) for key, value in keyed(part(parts, "questions")).values())


def _question(id: Scalar, tree: Tree) -> RawQuestion:
    parts: Entries = keyed(tree) if isinstance(tree, Map) else {"find": (id, tree)}
    points, digits = part(parts, "points"), part(parts, "digits")
    default = fields("question")["points"].default
    kind = next(kind for kind in EITHER["question"] if kind in parts)
    allowed, rows, rubric = part(parts, "in"), part(parts, "rows"), part(parts, "rubric")
    sides, bonus = keyed(part(parts, "match")), part(parts, "bonus")
    whole = isinstance(bonus, Scalar) and yes_or_no(bonus) == "yes"
    over = rows if isinstance(rows, Scalar | Seq) else None
    columns = _asked(parts[kind][1]) if kind == "table" else ()
    return RawQuestion(
        id,
        kind,
        _asked(parts[kind][1]) if kind in ("find", "derive") else columns if over is not None else (),
        "\n".join(text for text in (prose_of(parts, "text"), prose_of(parts, "write")) if text),
        float(_text(points) if isinstance(points, Scalar) else default),
        points is not None,
        tuple(keyed(part(parts, "when")).values()),
        None if digits is None else int(_text(digits)),
        _also(part(parts, "also")),
        tree.span,
        None if allowed is None else tuple(_scalar(each) for each in _listed(allowed)),
        tuple(_scalar(each) for each in _listed(parts[kind][1])) if kind == "graph" else (),
        tuple(new or formula for new, formula in columns),
        tuple(new for new, _ in columns if new is not None),
        tuple((title, tuple(_scalar(each) for each in _listed(cells))) for title, cells in keyed(rows).values()),
        _options(part(sides, "left") or (parts[kind][1] if kind in ("choose", "order") else None)),
        _options(part(sides, "right")),
        part(parts, "key"),
        tuple(folded(_scalar(each)) for each in _listed(rubric)) if rubric is not None else (),
        over,
        tuple(
            (track, float(_text(value)), extra or whole)
            for extra, (track, value) in (
                *((False, entry) for entry in keyed(points).values()),
                *((True, entry) for entry in keyed(bonus).values()),
            )
        ),
        whole,
        tuple(_scalar(each) for each in _listed(parts[kind][1])) if kind == "construct" else (),
        _conditions(part(parts, "such that")),
    )


def _conditions(tree: Tree | None) -> tuple[tuple[Scalar, Tree | None], ...]:
    """Give conditions: formulas, and formulas with what they are for all bits."""
    found: list[tuple[Scalar, Tree | None]] = []
    for each in _listed(tree) if tree is not None else ():
        found += each.items if isinstance(each, Map) else [(_scalar(each), None)]
    return tuple(found)


def _options(tree: Tree | None) -> tuple[RawOption, ...]:
    """Give options, each with its letter if it has one."""
    if isinstance(tree, Map):
        return tuple((letter, _scalar(value)) for letter, value in tree.items)
    return tuple((None, _scalar(each)) for each in _listed(tree)) if tree is not None else ()


def _asked(tree: Tree) -> tuple[tuple[Scalar | None, Scalar], ...]:
    """Give what a question asks, in order: a new name or None, and the quantity or the formula."""
    found: list[tuple[Scalar | None, Scalar]] = []
    for each in _listed(tree):
        if isinstance(each, Map):
            found += ((name, _scalar(formula)) for name, formula in each.items)
        else:
            found.append((None, _scalar(each)))
    return tuple(found)


def _also(tree: Tree | None) -> tuple[tuple[Scalar | None, tuple[Tree, ...]], ...]:
    if tree is None:
        return ()
    if isinstance(tree, Map):
        return tuple((name, _listed(value)) for name, value in tree.items)
    return ((None, _listed(tree)),)


# --- pieces of trees that are known to fit ---


def _listed(tree: Tree) -> tuple[Tree, ...]:
    return tree.items if isinstance(tree, Seq) else (tree,)


def _chosen(tree: Tree) -> tuple[Scalar, dict[str, Scalar]]:
    """Give the name of a layer, a loss or an optimizer, and its settings."""
    if isinstance(tree, Map):
        name, settings = tree.items[0]
        return name, {key: _as_text(value) for key, (_, value) in keyed(settings).items()}
    return _scalar(tree), {}


def _as_text(tree: Tree) -> Scalar:
    """Give a list of texts as the text of a list."""
    if isinstance(tree, Seq):
        return typed_as(f"[{', '.join(_text(item) for item in tree.items)}]", tree.span)
    return _scalar(tree)


def _scalars(tree: Tree | None) -> tuple[tuple[Scalar, Scalar], ...]:
    return tuple((key, _scalar(value)) for key, value in keyed(tree).values())


def _scalar(tree: Tree) -> Scalar:
    assert isinstance(tree, Scalar), "the kind of this field takes texts only"
    return tree


def _text(tree: Tree) -> str:
    return _scalar(tree).text.strip()


def yes_or_no(tree: Tree) -> str:
    """Give what was chosen, with `true` and `false` as yes and no."""
    return {"true": "yes", "false": "no"}.get(_text(tree), _text(tree))


def prose_of(entries: Entries, key: str) -> str:
    """Give the text under a key, "" where there is none."""
    tree = part(entries, key)
    return folded(tree) if isinstance(tree, Scalar) else ""


def typed_as(text: str, span: Span) -> Scalar:
    """Make the scalar of a default, which stands nowhere: its raw text is empty."""
    return Scalar(text, "plain", span, "", ((0, span.line, span.column),))
