"""Wrong answers to lab 11, each with the checks it must lose."""

from __future__ import annotations

from labkit.rubric.mutant import Mutant


def _mutant(name: str, loses: set[str], *edits: tuple[str, str]) -> Mutant:
    return Mutant(name, edits, frozenset(loses))


SIGMOID = "    return np.where(z >= 0, 1.0, small) / (1 + small)"
COST = "    return float(np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))"
CLIPPED = """    p = np.clip(sigmoid(z), 1e-7, 1 - 1e-7)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))"""
STEP = "        w, b = w - rate * for_w, b - rate * for_b\n"
SAID = "    said = p > 0.5\n"

MUTANTS = (
    _mutant("sigmoid_from_minus_one_to_one", {"sigmoid"}, (SIGMOID, "    return np.tanh(z)")),
    _mutant("sigmoid_by_its_definition", {"stable"}, (SIGMOID, "    return 1 / (1 + np.exp(-z))")),
    _mutant(
        "sigmoid_computes_both_branches",
        {"stable"},
        (SIGMOID, "    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))"),
    ),
    _mutant(
        "sigmoid_of_clipped_inputs",
        {"stable"},
        (SIGMOID, "    return 1 / (1 + np.exp(-np.clip(z, -20, 20)))"),
    ),
    _mutant("slope_of_the_net_input", {"slope"}, ("    return p * (1 - p)", "    return z * (1 - z)")),
    _mutant("one_mean_for_all_columns", {"standardize"}, ("x.mean(axis=0)", "x.mean() + 0 * x[0]")),
    _mutant("deviation_with_m_minus_one", {"standardize"}, ("x.std(axis=0)", "x.std(axis=0, ddof=1)")),
    _mutant(
        "constant_column_divided_by_zero",
        {"constant"},
        ("    deviation = np.where(deviation > 0, deviation, 1.0)\n", ""),
    ),
    _mutant("likelihood_of_ones_only", {"likelihood"}, ("p, 1 - p)))", "p, 1.0)))")),
    _mutant("cost_without_its_minus", {"cost"}, (COST, COST.replace("float(", "-float("))),
    _mutant("cost_as_a_sum", {"cost"}, (COST, COST.replace("np.mean", "np.sum"))),
    _mutant("cost_of_ones_only", {"cost"}, (" + (1 - y) * np.logaddexp(0, z)", "")),
    _mutant(
        "logarithm_of_zero",
        {"certain"},
        (
            COST,
            "    p = sigmoid(z)\n    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))",
        ),
    ),
    _mutant(
        "logarithm_of_clipped_probabilities",
        {"certain"},
        (
            COST,
            CLIPPED,
        ),
    ),
    _mutant("gradient_that_climbs", {"gradient"}, ("sigmoid(x @ w + b) - y", "y - sigmoid(x @ w + b)")),
    _mutant(
        "gradient_not_divided_by_m", {"gradient"}, ("x.T @ difference / len(y)", "x.T @ difference")
    ),
    _mutant(
        "gradient_of_the_squared_error",
        {"gradient"},
        ("sigmoid(x @ w + b) - y", "(sigmoid(x @ w + b) - y) * sigmoid_slope(x @ w + b)"),
    ),
    _mutant("steps_along_the_gradient", {"falls"}, (STEP, STEP.replace("- rate", "+ rate"))),
    _mutant("begins_at_one", {"falls"}, ("np.zeros(x.shape[1]), 0.0", "np.ones(x.shape[1]), 1.0")),
    _mutant("bias_stays", {"descend", "arrives"}, (STEP, "        w = w - rate * for_w\n")),
    _mutant(
        "weights_first_then_the_bias_by_another_gradient",
        {"descend"},
        (STEP, "        w = w - rate * for_w\n        b = b - rate * gradient(w, b, x, y)[1]\n"),
    ),
    _mutant(
        "stops_after_a_hundred_steps", {"arrives"}, ("in range(steps)", "in range(min(steps, 100))")
    ),
    _mutant(
        "answers_as_rows_of_what_it_says", {"confusion"}, ("for k in (0, 1)])", "for k in (0, 1)]).T")
    ),
    _mutant("one_half_counts_as_a_one", {"confusion"}, (SAID, "    said = p >= 0.5\n")),
    _mutant(
        "precision_and_recall_exchanged",
        {"scores"},
        ("    return accuracy, precision, recall, f", "    return accuracy, recall, precision, f"),
    ),
    _mutant(
        "mean_for_f",
        {"scores"},
        ("f = 2 * precision * recall / (precision + recall)", "f = (precision + recall) / 2"),
    ),
    _mutant("precision_of_nobody", {"undefined"}, (" if right_1 + false_1 else 0.0", "")),
    _mutant(
        "recall_of_nobody_is_one",
        {"undefined"},
        ("right_1 + false_0 else 0.0", "right_1 + false_0 else 1.0"),
    ),
    _mutant(
        "sigmoid_of_scipy",
        {"own_work"},
        ("import numpy as np\n", "import numpy as np\nfrom scipy.special import expit\n"),
        (SIGMOID, "    return expit(z)"),
    ),
)
