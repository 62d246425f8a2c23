"""Wrong answers to lab 10, each with the checks it must lose."""

from __future__ import annotations

from labkit.rubric.mutant import Mutant


def _mutant(name: str, loses: set[str], *edits: tuple[str, str]) -> Mutant:
    return Mutant(name, edits, frozenset(loses))


ERROR = "    error = y - step(np.asarray(x @ w + b))"
MOVED = "    return w + rate * error * x, float(b + rate * error)"

MUTANTS = (
    _mutant("step_fires_at_zero", {"step"}, ("(net > 0)", "(net >= 0)")),
    _mutant("step_returns_the_sign", {"step"}, ("(net > 0).astype(float)", "np.sign(net)")),
    _mutant("neuron_without_bias", {"neuron"}, ("step(x @ w + b)", "step(x @ w)")),
    _mutant(
        "neuron_multiplies_from_the_wrong_side", {"neuron"}, ("step(x @ w + b)", "step(w @ x + b)")
    ),
    _mutant("hebb_without_rate", {"hebb"}, ("w + rate * answer * row", "w + answer * row")),
    _mutant(
        "hebb_moves_by_what_the_neuron_says",
        {"hebb"},
        ("w + rate * answer * row", "w + rate * step(np.asarray(row @ w)) * row"),
    ),
    _mutant("hebb_begins_at_zero", {"hebb_hidden"}, ("w = w.astype(float)", "w = np.zeros(len(w))")),
    _mutant(
        "hebb_ignores_negative_answers",
        {"hebb_hidden"},
        ("w + rate * answer * row", "w + rate * (answer > 0) * row"),
    ),
    _mutant("target_for_error", {"right_answers", "wrong_answers"}, (ERROR, "    error = y")),
    _mutant("always_moves_towards_the_answer", {"right_answers"}, (ERROR, "    error = 2 * y - 1")),
    _mutant(
        "error_the_other_way_round",
        {"wrong_answers"},
        (ERROR, "    error = step(np.asarray(x @ w + b)) - y"),
    ),
    _mutant("only_steps_up", {"wrong_answers"}, (ERROR, f"{ERROR}\n    error = max(error, 0)")),
    _mutant(
        "net_input_for_answer",
        {"right_answers", "wrong_answers"},
        (ERROR, "    error = y - (x @ w + b)"),
    ),
    _mutant("bias_stays", {"wrong_answers"}, (MOVED, "    return w + rate * error * x, b")),
    _mutant(
        "first_state_forgotten",
        {"perceptron"},
        ("return np.array(states), ", "return np.array(states[1:]), "),
    ),
    _mutant(
        "goes_on_without_mistakes", {"perceptron"}, ("        if wrong == 0:\n", "        if False:\n")
    ),
    _mutant(
        "all_rows_with_the_weights_of_the_epochs_begin",
        {"perceptron"},
        ("perceptron_step(w, b, row, answer, rate)", "perceptron_step(*start, row, answer, rate)"),
        ("        wrong = 0\n", "        wrong, start = 0, (w, b)\n"),
    ),
    _mutant("one_epoch_too_many", {"xor"}, ("in range(epochs)", "in range(epochs + 1)")),
    _mutant(
        "first_epoch_counted_with_the_start", {"xor"}, ("in range(epochs)", "in range(epochs - 1)")
    ),
    _mutant(
        "one_input_is_enough_for_and",
        {"gates"},
        ("[1.0, 1.0, -1.5]", "[1.0, 1.0, -0.5]"),
        ("-both,", "np.array([-1.0, -1.0, 1.5]),"),
    ),
    _mutant("not_as_identity", {"not"}, ("np.array([-1.0, 0.0, 0.5])", "np.array([1.0, 0.0, -0.5])")),
    _mutant("nand_by_the_bias_alone", {"not"}, ("-both,", "both * [1, 1, -1],")),
    _mutant(
        "step_of_scikit_learn",
        {"own_work"},
        ("import numpy as np\n", "import numpy as np\nfrom sklearn.preprocessing import binarize\n"),
        ("(net > 0).astype(float)", "binarize(np.atleast_2d(net)).reshape(net.shape)"),
    ),
)
