"""Mistakes of the update step."""

from . import make_update, make_written
from .row import Example, Slip

ROWS = (
    Slip(
        "UPD_SIGN_ONE",
        name="a sign slip in one update",
        kind="slip",
        category="update",
        weight=4,
        what="One of the updates goes the other way, mostly where the gradient is negative: w - r |g| for w - r g = w "
        "+ r |g|.",
        hint="Look at the sign here. What does taking away a negative step do to a number?",
        see="Where the gradient is negative, the new value must be larger than the old one.",
        example=Example("b = 0, learning rate 0.05, dJ/db = -0.02487: b_new", "0.001244", "-0.001244"),
        alike="Where the old value is 0 it is also the step alone with its sign lost; "
        "if all updates go the other way, it is a plus for the minus.",
        rewrites=(make_update.step_added,),
    ),
    Slip(
        "UPD_PLUS",
        name="a plus in the place of the minus in the update",
        kind="bug",
        category="update",
        weight=3,
        what="The step is added: w + r dJ/dw for w - r dJ/dw.",
        hint="Gradient descent should make the loss smaller. In which direction does this step go?",
        see="Work the loss out again with the new weights: it should have become smaller.",
        example=Example("w = 0.2, learning rate 0.05, dJ/dw = 0.2927: w_new", "0.1854", "0.2146"),
        alike="Cannot be seen where the gradient is 0. With a gradient of the other sign as well, the result is right "
        "again.",
        rewrites=(make_update.step_added,),
    ),
    Slip(
        "BIAS_NOT_UPD",
        name="a bias that is not updated",
        kind="bug",
        category="update",
        weight=3,
        what="The bias stays as it was: b_new = b for b_new = b - r dJ/db.",
        hint="Which of the numbers in this network does training change? Are the biases among them?",
        see="List all parameters of the task and check that each has a line in your update.",
        example=Example("b = 0, learning rate 0.05, dJ/db = 0.5073: b_new", "-0.02537", "0"),
        alike="Cannot be seen where the step is smaller than the last written digit.",
        rewrites=(make_update.bias_kept,),
    ),
    Slip(
        "L2_FACTOR",
        name="a weight penalty with another factor, or without its gradient",
        kind="bug",
        category="update",
        weight=3,
        what="The gradient of the penalty is twice or half as large as it should be, is not multiplied by the "
        "learning rate, or is missing: "
        "g + 2 lambda w for g + lambda w.",
        hint="The penalty on the weights has a slope too. What does differentiating its square bring down, and is it "
        "in the step?",
        see="Take the gradient as 0: the update should then shrink the weight by the penalty alone.",
        example=Example("J + lambda/2 w^2, w = 0.5, g = 0.2, lambda = 0.1, learning rate 0.1: w_new", "0.475", "0.47"),
        alike="With a small penalty and a small learning rate it is below the last written digit.",
        rewrites=(make_update.decay_wrong, make_written.penalty_wrong),
    ),
    Slip(
        "NO_LR",
        name="a step without the learning rate",
        kind="bug",
        category="update",
        weight=1,
        what="The whole gradient is taken off: w - dJ/dw for w - r dJ/dw.",
        hint="How long may one step be? Something in the task scales it down.",
        see="Compare the length of your step with the gradient: they should differ.",
        example=Example("w = 0.2, learning rate 0.05, dJ/dw = 0.2927: w_new", "0.1854", "-0.0927"),
        alike="Cannot be seen for a learning rate of 1; for 0.1, with an old value of 0, it is a shifted decimal "
        "point.",
        rewrites=(make_update.rate_forgotten,),
    ),
    Slip(
        "LR_TWICE",
        name="a learning rate that is applied twice",
        kind="bug",
        category="update",
        weight=1,
        what="A step that has the learning rate in it is multiplied by it again: w - r^2 dJ/dw for w - r dJ/dw.",
        hint="Was the learning rate already in the number that you took off here?",
        see="Divide your step by the gradient: that should be the learning rate.",
        example=Example("w = 0.2, learning rate 0.05, dJ/dw = 0.2927: w_new", "0.1854", "0.1993"),
        alike="Cannot be seen for a learning rate of 1, nor where the step is below the last written digit.",
        rewrites=(make_update.rate_twice,),
    ),
    Slip(
        "STEP_ONLY",
        name="the step in the place of the new value",
        kind="bug",
        category="update",
        weight=1,
        what="The change alone is given: -r dJ/dw or r dJ/dw for w - r dJ/dw.",
        hint="This is how much the weight changes. What was it before?",
        see="A small learning rate moves a weight only a little: is the new value near the old one?",
        example=Example("w = 0.2, learning rate 0.05, dJ/dw = 0.2927: w_new", "0.1854", "-0.01463"),
        alike="Right where the old value is 0; with the sign lost it is then a sign slip.",
        rewrites=(make_update.step_alone,),
    ),
    Slip(
        "GRAD_W_UPDATE_OLD",
        name="a gradient that belongs to the step before",
        kind="bug",
        category="update",
        weight=1,
        what="The second step is made with the gradient of the first: w2 = w1 - r g0 for w2 = w1 - r g1.",
        hint="The weights have changed since this gradient was worked out. What has to be done again before the next "
        "step?",
        see="Do a new forward pass for every step and write its number beside each gradient.",
        example=Example("w = 1, gradients 0.5 and then 0.3, learning rate 0.1: w after two steps", "0.92", "0.90"),
        alike="Cannot be seen where the gradient does not change.",
        rewrites=(make_update.old_gradient,),
    ),
)
