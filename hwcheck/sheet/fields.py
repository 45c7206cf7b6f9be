"""The one table of what may stand in a sheet and in an answers file.

A row of `FIELDS` says who holds the field, its key, the kind of its value, what it means and an example. The validator
(`check`), the JSON Schema (`schema`) and the `reference` page read these rows and know no field themselves.
The parts of networks are rows of the library: `owners` has their fields.
"""

from ..library.conventions import CHANGES
from ..record import NamedTuple
from .kinds import FEEDBACK, VERSION


class Field(NamedTuple):
    """One field: `owner` holds it under `key`; `default` counts without it; `example` is a value on one line."""

    owner: str
    key: str
    kind: str
    about: str
    example: str
    required: bool = False
    default: str = ""


#: What an owner of fields is called in messages, and what it is; `owner_words` has those of the library too.
OWNERS = {
    "sheet": ("a sheet", "The whole file."),
    "problem": ("a problem", "One value under `problems`; its key is the problem's id."),
    "given shape": (
        "a given with a shape",
        "A given of which only the shape is known, and between which values it lies.",
    ),
    "network": ("a network of layers", "The network as layers, instead of as text with one definition a line."),
    "layer names": ("the names of layers", "What the quantities of layers are called; layers are numbered from 1."),
    "loss": ("a loss", "The settings of the loss of a network of layers; its prediction is the last layer's output."),
    "train": ("train", "How the parameters are changed; the gradients follow from it."),
    "samples": ("the samples", "The givens that hold the samples, of which each step of training uses a batch."),
    "conventions": ("conventions", "What textbooks leave open. A convention that is written here is binding."),
    "marking": ("marking", "The share of an entry's points that is earned where a value is not simply right or wrong."),
    "own slip": (
        "a slip of a teacher's own",
        "A mistake that the teacher expects, told to the student who makes it; its key is its code.",
    ),
    "question": (
        "a question",
        "One value under `questions`; its key is the question's id. `f: J` is short for `f: {find: J}`.",
    ),
    "sides": ("the two sides of a question that matches", "What is matched, and what it is matched with."),
    "answers file": ("an answers file", "The whole file. Its values are read as they were typed."),
}

_CONVENTIONS = {
    "relu_slope_at_zero": "the slope of relu and leaky_relu at 0",
    "step_at_zero": "the value of the step function at 0",
    "abs_slope_at_zero": "the slope of the absolute value at 0",
    "mse": "what `mse` means: the mean or the sum of the squared errors, or half of it",
    "batch": "whether `bce` and `mae` average over the outputs and samples or add them up",
    "max_ties": "which of several largest entries passes its derivative on: the first, each a share, each all of it",
    "convolution": "whether `conv` is the cross-correlation or turns the kernel round",
    "variance": "whether `var` divides by the number of entries or by one less",
    "dropout_rate": "whether the rate of dropout is the share that is dropped or kept",
    "first_class": "the number of the first class in `one_hot` and of the first id of an embedding",
    "samples": "whether the samples of a batch are the columns or the rows of a matrix",
    "momentum": "whether the velocity of momentum is a sum of gradients or their running average",
    "momentum_rate": "whether the learning rate scales the velocity in the update, or the gradient in the velocity",
    "epsilon": "whether epsilon stands outside of the root that is divided by, or inside; left open, normalisation has "
    "it inside",
    "bias_correction": "whether the running averages of Adam are corrected for having started at 0",
}

FIELDS = (
    Field("sheet", "hwcheck", "version", "the version of the format", VERSION, required=True),
    Field("sheet", "title", "prose", "the sheet's title", "NN Sheet 5"),
    Field("sheet", "given", "values",
          "values that all problems share; a problem's own value of the same name wins", "{eta: 0.1}"),
    Field("sheet", "marking", "marking",
          "how marks are given in all problems; a problem's own settings win one by one", "strict"),
    Field("sheet", "slips", "own slips",
          "mistakes that the teacher expects, in every problem that has their quantities", "{NO_HALF: {in: J, formula: "
          "(y - Y2)^2, message: Look at the factor in front.}}"),
    Field("sheet", "feedback", "feedback",
          "the most that students are shown: the marks; also where to look; also what the slip is; also the computed "
          "values", FEEDBACK[2], default=FEEDBACK[-1]),
    Field("sheet", "problems", "problems",
          "the problems by their ids", "{a: {network: z = 2, questions: {a: z}}}", required=True),
    Field("problem", "title", "prose", "the problem's title", "One training step"),
    Field("problem", "text", "prose", "what the student reads", "Give four significant digits."),
    Field("problem", "like", "id",
          "the problem that this one starts as a copy of: names under `given`, `functions`, `names`, `conventions`, "
          "`marking` and `slips` are replaced or added one by one, every other key as a whole", "a"),
    Field("problem", "given", "values",
          "numbers, lists nested to any depth, formulas of earlier values, or shapes such as `vector 3`, by name",
          "{W1: [[0.1, 0.2], [0.3, 0.4]], eta: 1/3}"),
    Field("problem", "functions", "formulas", "functions: `f: unknown`, or `g(v): v^2 + 1`", "{g(v): v^2 + 1}"),
    Field("problem", "network", "network",
          "the definitions, one a line as `name = formula`; or layers", "z1 = w1 x + b1"),
    Field("problem", "train", "train", "the training step", "{loss: J, parameters: [w1], learning_rate: 0.1}"),
    Field("problem", "conventions", "conventions", "what textbooks leave open", "{mse: half}"),
    Field("problem", "names", "formulas", "further names that answers may use, new name first", "{delta1: dJ/dX1}"),
    Field("problem", "marking", "marking", "how marks are given", "{carried: 0.5, slip: 0.5}"),
    Field("problem", "slips", "own slips",
          "mistakes that the teacher expects", "{NO_HALF: {in: J, formula: (y - Y2)^2, message: Look at the factor.}}"),
    Field("problem", "questions", "questions", "the questions by their ids", "{d: {find: [X1, Y1], points: 4}, f: J}"),
    Field("network", "input", "formula", "the input of the first layer", "U", required=True),
    Field("network", "layers", "layers",
          "the layers in order", "[{dense: {weights: W1, bias: b1, activation: sigmoid}}]", required=True),
    Field("network", "loss", "loss",
          "the loss of the last layer's output; or a formula; or lines of text, the last of which is the loss",
          "{bce: {target: y}}"),
    Field("network", "names", "layer names",
          "what the layers' quantities are called", "{pre_activation: X, activation: Y, loss: J}"),
    Field("layer names", "pre_activation", "line", "the value before the activation", "X", default="z"),
    Field("layer names", "activation", "line", "the output of a layer", "Y", default="a"),
    Field("layer names", "loss", "line", "the loss", "J", default="L"),
    Field("loss", "target", "formula", "the value that the prediction is compared with", "y", required=True),
    Field("loss", "target_is", "target form",
          "whether the target is the number of the class, or the vector with 1 at it", "index", default="one-hot"),
    Field("loss", "penalty", "formula", "what is added to the loss", "lambda/2 l2(W1)"),
    Field("train", "loss", "formula", "the quantity that is made small, or what a given derivative is of", "J"),
    Field("train", "parameters", "names", "the quantities that are changed", "[W1, b1]"),
    Field("train", "optimizer", "optimizer", "the rule by which they are changed", "sgd", default="sgd"),
    Field("train", "update", "rule",
          "a rule of its own, a definition in each line: `w` is the parameter, `g` its gradient, `g(...)` the gradient "
          "elsewhere, `lr` the learning rate, `t` the number of the step, `epoch` that of the epoch, `gnorm` the norm "
          "of all gradients; or lines for parameters by their names, which need no loss",
          "w = w - lr g"),
    Field("train", "learning_rate", "formula",
          "the learning rate, a number or a formula; it may read the number `t` of the step, from 1, and `epoch`",
          "0.1/(1 + t)"),
    Field("train", "steps", "steps",
          "how many times forward pass, backward pass and update are done", "2", default="1"),
    Field("train", "epochs", "steps", "the same in passes over all samples", "3"),
    Field("train", "until", "formula",
          "a condition that ends the training where it is true after a step; `steps` or `epochs` are then the most, "
          "left out 1000 steps", "J < 0.01"),
    Field("train", "samples", "samples of", "the givens that hold the samples", "{axis: rows, of: [X, y]}"),
    Field("train", "batch_size", "steps",
          "how many samples each step uses, in order and again from the first; the last batch of an epoch is smaller "
          "where the size does not divide", "2"),
    Field("train", "batches", "batches",
          "the numbers of the samples that each step uses, from 1, repeated in turn", "[[1, 3], [2, 4]]"),
    Field("train", "updates", "updates",
          "`together`, or `in_order`: the backward pass of a parameter reads those named before it as they are after "
          "the step", "in_order", default="together"),
    Field("train", "state", "values",
          "states of the rule before the first step by their names, such as `m_W1`; 0 unless given", "{m_w1: 0.3}"),
    Field("train", "t", "count", "how many steps have been done before", "3", default="0"),
    Field("samples", "axis", "axis",
          "whether a sample is a row or a column; left out, as the convention `samples` says", "rows"),
    Field("samples", "of", "names", "the givens", "[X, y]", required=True),
    *(Field("conventions", key, key, _CONVENTIONS[key], list(values)[-1], default=next(iter(values)))
      for key, values in CHANGES.items()),
    Field("marking", "carried", "share", "for a value that follows from an earlier wrong one", "0.5", default="1"),
    Field("marking", "slip", "share",
          "for a wrong value where a slip of the hand is recognised, such as a lost sign; a wrong rule earns nothing",
          "0.5", default="0"),
    Field("marking", "undecided", "share",
          "for a value whose digits cannot tell whether it is right", "0.5", default="1"),
    Field("marking", "strict", "yes or no",
          "no follow-through: what is carried earns nothing, nor does a mistake made again", "yes", default="no"),
    Field("own slip", "in", "formula", "the quantity in which it is made", "J", required=True),
    Field("own slip", "formula", "formula", "what is worked out instead", "(y - Y2)^2", required=True),
    Field("own slip", "message", "message",
          "what the student is told", "Look at the factor in front.", required=True),
    Field("own slip", "credit", "share", "the share of the points that is left", "0.5", default="0"),
    Field("given shape", "shape", "shape",
          "`scalar`, `vector d1`, `matrix d2 x d1`, `array n x c x h x w`, `bit`, `probability` or `one-hot K`; sizes "
          "are whole numbers or names", "vector 3", required=True),
    Field("given shape", "in", "ends", "the least and the largest value of an entry", "[-1, 1]"),
    Field("question", "find", "find",
          "asks for values: a quantity, a list, or new names with formulas", "[X1, Y1]"),
    Field("question", "derive", "find",
          "asks for formulas: of a quantity, a list, or new names with formulas", "[dJ/dW1, dJ/db1]"),
    Field("question", "in", "names",
          "the names in which a formula is to be written: givens, quantities and functions; left out, all but the "
          "asked one", "[x, W1, b1]"),
    Field("question", "graph", "graph",
          "asks for the computational graph: of the network, of some of its quantities, or these edges", "network"),
    Field("question", "choose", "options",
          "asks which of these options are right", "[from the output back to the input, from the input to the output]"),
    Field("question", "order", "options", "asks to put these in order", "[forward pass, backward pass, update]"),
    Field("question", "match", "sides",
          "asks which option of the right side belongs to each of the left side",
          "{left: [relu, tanh], right: ['between -1 and 1', never negative]}"),
    Field("question", "write", "prose",
          "asks for words, here or in `text`; they are put aside for a person to read", "Say what momentum does."),
    Field("question", "key", "key",
          "what is right, by an option's text, letter or number: the option to choose, or a list where several may be "
          "chosen; the order, with lists for what may stand in any order; of a match, `left: right`; or a model "
          "answer, where something is constructed", "a"),
    Field("question", "construct", "construct",
          "asks for numbers that do a job, givens of the problem whose shapes alone are known; or for a function, by a "
          "formula of its arguments", "[w1, w2, C]"),
    Field("question", "such that", "conditions",
          "what has to hold for all values of the bits, and for other givens without a value wherever they lie: "
          "formulas that compare, the truth table of a formula (`y: 0110`), or the `range` that a function fills up to "
          "its ends; the answer is right when all of it holds", "y == (x1 != x2)"),
    Field("question", "rubric", "rubric",
          "what a good answer says, for the person who reads it", "[it averages gradients, it damps oscillation]"),
    Field("question", "table", "columns",
          "asks for a table with these columns: quantities or formulas whose values are asked; or titles, where the "
          "rows have formulas", "[X1, Y1]"),
    Field("question", "rows", "rows",
          "the rows of the table: all values of the givens that are bits, training steps, lists of givens with other "
          "values; or the right formula of each cell", "steps 1..4"),
    Field("question", "text", "prose", "what the student reads", "Work out the output."),
    Field("question", "points", "points",
          "the points, split equally over the quantities; by track where these differ: a track that is left out has "
          "none", "{undergraduate: 10, graduate: 8}", default="1"),
    Field("question", "bonus", "bonus",
          "whether the points are a bonus, which adds to the score and not to the most that can be had; or such points "
          "by track", "{undergraduate: 5}", default="no"),
    Field("question", "when", "values", "other values of givens, for this question only", "{y: 1}"),
    Field("question", "digits", "digits", "the number of significant digits asked for", "4"),
    Field("question", "also", "also",
          "further formulas or values that count as right: one, a list of them, or such by quantity where several are "
          "asked", "{X1: [0.31]}"),
    Field("sides", "left", "options", "what is matched", "[relu, tanh]", required=True),
    Field("sides", "right", "options",
          "what it is matched with; an option may belong to several, or to none", "['> 0', '< 1']", required=True),
    Field("answers file", "sheet", "sheet name", "the name of the sheet", "sheet5"),
    Field("answers file", "student", "person", "who answers", "s1234567"),
    Field("answers file", "track", "person", "the student's track, where the sheet has tracks", "graduate"),
    Field("answers file", "answers", "answers", "the answers by problem and question", "{a: {d: 0.31}}", required=True),
)  # fmt: skip

#: Owners of which exactly one of some fields stands; fields that mean something beside some of these only; and what
#: one of these cannot do without.
EITHER = {"question": ("find", "derive", "graph", "table", "choose", "order", "match", "write", "construct")}
BESIDE = {
    "in": ("derive", "table"),
    "rows": ("table",),
    "such that": ("construct",),
    "key": ("choose", "order", "match", "construct"),
    "rubric": ("write",),
    "digits": ("find", "table"),
    "also": ("find", "derive"),
    "when": ("find", "derive", "table", "construct"),
}
NEEDS = {"table": ("rows",), "choose": ("key",), "order": ("key",), "match": ("key",), "construct": ("such that",)}
