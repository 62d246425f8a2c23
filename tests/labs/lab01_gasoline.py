"""Wrong answers to lab 1, each with the checks it must lose."""

from labkit.rubric.mutant import Mutant

_FIT = "model.fit(x, y, epochs=60, batch_size=8, verbose=0)"
_HEAD = 'keras.layers.Dense(1, name="answer"),'

MUTANTS = (
    Mutant(
        "no_return",
        edits=(("    return keras.Sequential(", "    model = keras.Sequential("),),
        loses={"define"},
        why="The model is built and not returned.",
    ),
    Mutant(
        "not_compiled",
        edits=(("    model.compile(", "    dict("),),
        loses={"compile"},
        why="Optimizer and loss are chosen and never reach the model.",
    ),
    Mutant(
        "wrong_argument",
        edits=(("batch_size=8", "batch=8"),),
        loses={"fit"},
        why="fit has no argument of that name.",
    ),
    Mutant(
        "lambda_layer",
        edits=((_HEAD, f"{_HEAD}\n            keras.layers.Lambda(lambda y: y),"),),
        loses={"export"},
        why="A Lambda layer is code, and a model file with code in it is refused.",
    ),
    Mutant(
        "relu_head",
        edits=((_HEAD, 'keras.layers.Dense(1, activation="relu", name="answer"),'),),
        loses={"linear_head"},
        why="Petrol is never negative, so an activation that cuts at 0 looks right; where it cuts, "
        "no gradient comes back.",
    ),
    Mutant(
        "softmax_head",
        edits=((_HEAD, 'keras.layers.Dense(1, activation="softmax", name="answer"),'),),
        loses={"linear_head", "error"},
        why="A softmax of one unit is always 1.",
    ),
    Mutant(
        "cross_entropy",
        edits=(('loss="mean_squared_error"', 'loss="binary_crossentropy"'),),
        loses={"loss", "error"},
        why="A loss for probabilities: beyond 0 and 1 it is clipped and teaches nothing.",
    ),
    Mutant(
        "never_adapted",
        edits=(('    model.get_layer("scale").adapt(x)\n', ""),),
        loses={"scaling", "error"},
        why="A Normalization layer that has adapted to nothing passes its input on as it is.",
    ),
    Mutant(
        "wide",
        edits=(("Dense(16", "Dense(256"), ("learning_rate=0.02", "learning_rate=0.003")),
        loses={"parameters"},
        why="1,500 weights for 38 rows.",
    ),
    Mutant(
        "evaluate_list",
        edits=(("return_dict=True, ", ""),),
        loses={"evaluate"},
        why="evaluate returns a list once metrics were compiled.",
    ),
    Mutant(
        "other_metric",
        edits=(('metrics=["mae"]', 'metrics=["mse"]'),),
        loses={"evaluate"},
        why="The metric that was asked for is not computed.",
    ),
    Mutant(
        "column",
        edits=((".predict(x, verbose=0)[:, 0]", ".predict(x, verbose=0)"),),
        loses={"predict"},
        why="Shape (n, 1) minus shape (n,) is (n, n).",
    ),
    Mutant(
        "fixed_rows",
        edits=((_FIT, _FIT.replace("x, y", "x[:39], y.reshape(39)")),),
        loses={"folds"},
        why="It counts on a number of rows that not every fold has.",
    ),
    Mutant(
        "tiny_steps",
        edits=(("learning_rate=0.02", "learning_rate=1e-5"),),
        loses={"error"},
        why="The network stays where it began and answers the mean.",
    ),
    Mutant(
        "bias_from_zero",
        edits=(('    model.get_layer("answer").bias.assign([y.mean()])\n', ""),),
        loses={"error"},
        why="Sixty epochs are used up on the way from 0 to 577.",
    ),
)
