"""Wrong answers to lab 12, each with the checks it must lose."""

from __future__ import annotations

from labkit.rubric.mutant import Mutant


def _mutant(name: str, loses: set[str], *edits: tuple[str, str]) -> Mutant:
    return Mutant(name, edits, frozenset(loses))


STEP = "        return np.where(z > 0, 1.0, 0.0)\n"
SIGMOID = "        return np.where(z >= 0, 1.0, small) / (1 + small)"
TANH = '        return 2 * activate("sigmoid", 2 * z) - 1\n'
ELU = "        return np.where(z > 0, z, np.exp(np.minimum(z, 0.0)) - 1)\n"
RELU_SLOPE = '        return activate("step", z)\n'
IS_LARGEST = "    return largest, is_largest / np.sum(is_largest, axis=1, keepdims=True)\n"
POWERS = "    powers = np.exp(z - np.max(z, axis=1, keepdims=True))\n"
JACOBIAN = "    return p[:, :, None] * (np.eye(z.shape[1]) - p[:, None, :])\n"
CLIP = "    p = np.clip(p, TINY, 1 - TINY)\n"
OF_NET = "        return float(np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))\n"
SHIFT = "    z = z - np.max(z, axis=1, keepdims=True)\n"
BINARY_SLOPE = '        return (activate("sigmoid", z) - y) / z.size\n'
SOFTMAX_SLOPE = "    return (softmax(z) - y) / len(z)\n"

MUTANTS = (
    _mutant("step_is_1_at_0", {"step"}, (STEP, STEP.replace(">", ">="))),
    _mutant("tanh_of_half_the_net", {"smooth"}, (TANH, TANH.replace("2 * z", "z"))),
    _mutant("leak_of_another_size", {"rectified"}, ("LEAK * z)\n", "0.01 * z)\n")),
    _mutant("elu_that_jumps_at_0", {"rectified"}, (ELU, ELU.replace(" - 1", ""))),
    _mutant(
        "tanh_by_its_definition",
        {"far_out"},
        (TANH, "        return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))\n"),
    ),
    _mutant(
        "sigmoid_with_the_exponential_above_and_below",
        {"far_out"},
        (SIGMOID, "        return np.exp(z) / (1 + np.exp(z))"),
    ),
    _mutant("slope_of_the_net_input", {"slopes"}, ("return y * (1 - y)", "return z * (1 - z)")),
    _mutant("slope_of_a_step_like_the_relu", {"slopes"}, ("np.zeros_like(z)", "(z > 0) * 1.0")),
    _mutant("slope_of_elu_below_0_by_its_value", {"slopes"}, ("1.0, y + 1)", "1.0, y)")),
    _mutant("slope_of_relu_is_1_at_0", {"kinks"}, (RELU_SLOPE, "        return (z >= 0) * 1.0\n")),
    _mutant("slope_of_leaky_relu_is_1_at_0", {"kinks"}, ("(z > 0, 1.0, LEAK)", "(z >= 0, 1.0, LEAK)")),
    _mutant(
        "the_first_winner_takes_it_all",
        {"maxout"},
        (IS_LARGEST, "    return largest, np.eye(z.shape[1])[np.argmax(z, axis=1)]\n"),
    ),
    _mutant(
        "softmax_down_the_columns",
        {"softmax"},
        ("powers / np.sum(powers, axis=1, keepdims=True)", "powers / np.sum(powers, axis=0)"),
    ),
    _mutant("softmax_by_its_definition", {"softmax_far"}, (POWERS, "    powers = np.exp(z)\n")),
    _mutant(
        "one_largest_for_all_rows", {"softmax_far"}, (POWERS, "    powers = np.exp(z - np.max(z))\n")
    ),
    _mutant(
        "jacobian_of_independent_outputs",
        {"jacobian"},
        (JACOBIAN, "    return p[:, :, None] * (1 - p[:, None, :]) * np.eye(z.shape[1])\n"),
    ),
    _mutant("squared_error_with_a_half", {"errors"}, ("np.mean(e**2))", "np.mean(e**2) / 2)")),
    _mutant("huber_that_jumps", {"errors"}, ("(np.abs(e) - delta / 2)", "np.abs(e)")),
    _mutant("slope_without_1_over_n", {"error_slopes"}, ("return 2 * e / n", "return 2 * e")),
    _mutant("slope_over_the_rows", {"error_slopes"}, ("n = p - y, p.size", "n = p - y, len(p)")),
    _mutant(
        "slope_of_absolute_error_by_division",
        {"error_slopes"},
        ("np.sign(e) / n", "e / np.abs(e) / n"),
    ),
    _mutant(
        "bernoulli_without_its_minus",
        {"cross_entropy"},
        ("float(-np.mean(y * np.log(p) + (1", "float(np.mean(y * np.log(p) + (1"),
    ),
    _mutant(
        "only_what_is_1_counts",
        {"cross_entropy"},
        (" + (1 - y) * np.log(1 - p)))", "))"),
    ),
    _mutant(
        "mean_over_the_classes",
        {"cross_entropy"},
        ("np.mean(np.sum(y * np.log(p), axis=1))", "np.mean(y * np.log(p))"),
    ),
    _mutant("logarithm_of_0", {"certain"}, (CLIP, "")),
    _mutant("clipped_at_0_alone", {"certain"}, (CLIP, "    p = np.maximum(p, TINY)\n")),
    _mutant(
        "sum_of_powers_without_its_logarithm",
        {"nets"},
        ("np.log(np.sum(np.exp(z)", "(np.sum(np.exp(z)"),
    ),
    _mutant(
        "through_the_probabilities",
        {"nets_far"},
        (OF_NET, '        return cross_entropy(kind, y, activate("sigmoid", z))\n'),
    ),
    _mutant("powers_of_large_nets", {"nets_far"}, (SHIFT, "")),
    _mutant(
        "truth_minus_probability",
        {"nets_slope"},
        (
            BINARY_SLOPE,
            BINARY_SLOPE.replace('activate("sigmoid", z) - y', 'y - activate("sigmoid", z)'),
        ),
    ),
    _mutant(
        "slope_of_the_sigmoid_once_too_often",
        {"nets_slope"},
        (BINARY_SLOPE, BINARY_SLOPE.replace("- y)", '- y) * slope("sigmoid", z)')),
    ),
    _mutant(
        "classes_over_all_numbers",
        {"nets_slope"},
        (SOFTMAX_SLOPE, SOFTMAX_SLOPE.replace("len(z)", "z.size")),
    ),
    _mutant(
        "softmax_over_one_unit",
        {"head"},
        (
            '    if problem == "multiclass":',
            '    if problem in ("binary", "multiclass"):',
        ),
    ),
    _mutant(
        "softmax_over_labels",
        {"head"},
        ('    if problem == "multiclass":', '    if problem != "binary":'),
    ),
    _mutant(
        "squared_errors_of_classes", {"loss"}, ('"categorical_crossentropy"', '"mean_squared_error"')
    ),
    _mutant(
        "one_class_for_several_labels",
        {"loss"},
        ('"sigmoid"), "binary_crossentropy"', '"sigmoid"), "categorical_crossentropy"'),
    ),
    _mutant("tanh_of_numpy", {"own_work"}, (TANH, "        return np.tanh(z)\n")),
    _mutant(
        "tanh_of_python_for_every_number",
        {"own_work"},
        ("import numpy as np\n", "import math\n\nimport numpy as np\n"),
        (TANH, "        return np.vectorize(math.tanh, otypes=[float])(z)\n"),
    ),
    _mutant(
        "cost_of_keras",
        {"own_work"},
        (
            "        return float(np.mean(np.abs(e)))\n",
            '        return losses.MeanAbsoluteError(dtype="float64")(y, p)\n',
        ),
    ),
)
