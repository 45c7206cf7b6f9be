"""Mistakes in a computational graph that a student draws: arrows that are missing, too many, or the wrong way round."""

from .row import Example, Slip

ROWS = (
    Slip(
        "EDGE_MISSING",
        name="a graph that lacks arrows",
        kind="bug",
        category="graph",
        weight=3,
        what="A formula reads a quantity, and no arrow leads from that quantity to it.",
        hint="Go through the formulas once more: every name that one reads is the beginning of an arrow.",
        see="Write each definition down and underline the names on its right: they are what its arrows come from.",
        example=Example("h = 2 x + 1, z = x^2, y = sigmoid(h)", "x -> h, x -> z, h -> y", "x -> h, h -> y"),
        alike="An arrow that the student takes for granted, such as that of a bias, is missing all the same.",
    ),
    Slip(
        "EDGE_EXTRA",
        name="a graph with arrows that stand for nothing",
        kind="bug",
        category="graph",
        weight=3,
        what="An arrow leads to a quantity whose formula does not read the one that it comes from: often the order of "
        "the lines is drawn, h -> z -> y, in the place of what each line reads.",
        hint="Does the formula at the head of the arrow read the quantity at its tail?",
        see="Change the quantity at the tail alone, and keep all else that the formula reads: does its value move?",
        example=Example("h = 2 x + 1, z = x^2, y = sigmoid(h)", "x -> h, x -> z, h -> y", "x -> h, h -> z, z -> y"),
        alike="With formulas put into each other, an arrow may skip a quantity that the sheet names.",
    ),
    Slip(
        "EDGE_REVERSED",
        name="a graph with arrows that point the other way",
        kind="bug",
        category="graph",
        weight=2,
        what="An arrow leads from the result to what it is computed from, as the derivatives are passed on.",
        hint="An arrow leads from what is read to what is computed from it. Which of the two is there first?",
        see="Ask which of the two could be computed if the other one did not exist.",
        example=Example("h = 2 x + 1", "x -> h", "h -> x"),
        alike="The arrows of the backward pass point this way: they belong to another graph.",
    ),
)
