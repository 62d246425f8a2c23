"""Wrong answers to lab 18, each with the checks it must lose."""

from __future__ import annotations

from labkit.rubric.mutant import Mutant


def _mutant(name: str, loses: set[str], *edits: tuple[str, str]) -> Mutant:
    return Mutant(name, edits, frozenset(loses))


STEP = "np.tanh(w_x @ value + w_h @ states[-1] + b)"
EARLIER = "        total[i] = total[i + 1 :] @ direct[i + 1 :, i]\n"
DELTA = "(w_y.T @ errors[t] + w_h.T @ later) * (1 - states[t + 1] ** 2)"
SUMS = (
    "return deltas.T @ x, deltas.T @ states[:-1], deltas.sum(0), errors.T @ states[1:], errors.sum(0)"
)
WINDOW = "gradient(weights, x[first : first + k], d[first : first + k], states[first])"
BACK = "matrix @ ((1 - state**2)[:, None] * w_h)"
FACTOR = "    factor = most / norm if norm > most else 1.0\n"
CHANGE = "[w - rate * slope for w, slope in zip(weights, clip(slopes, most))]"
NOW = "np.tanh(net[i] + w_now[i, :i] @ now[:i])"
SETS = "recurrent.set_weights([w_x.T, w_h.T, b])"

MUTANTS = (
    _mutant("recurrent_weights_transposed", {"unroll"}, (STEP, STEP.replace("w_h @", "w_h.T @"))),
    _mutant("every_step_from_the_start", {"unroll"}, (STEP, STEP.replace("states[-1]", "start"))),
    _mutant("no_bias", {"unroll"}, (STEP, STEP.replace(" + b", ""))),
    _mutant(
        "output_of_the_state_before", {"unroll"}, ("states[1:] @ w_y.T + c", "states[:-1] @ w_y.T + c")
    ),
    _mutant(
        "start_left_out",
        {"unroll"},
        ("    return states, states[1:] @", "    return states[1:], states[1:] @"),
    ),
    _mutant("simple_derivatives_only", {"ordered"}, (EARLIER, "        total[i] = direct[-1, i]\n")),
    _mutant(
        "from_the_first_to_the_last",
        {"ordered"},
        ("for i in reversed(range(len(direct) - 1)):", "for i in range(len(direct) - 1):"),
    ),
    _mutant(
        "by_the_next_quantity_only",
        {"ordered"},
        (EARLIER, "        total[i] = total[i + 1] * direct[i + 1, i]\n"),
    ),
    _mutant("slope_of_the_state_before", {"deltas"}, (DELTA, DELTA.replace("[t + 1]", "[t]"))),
    _mutant("slope_left_out", {"deltas"}, (DELTA, DELTA.replace(" * (1 - states[t + 1] ** 2)", ""))),
    _mutant(
        "slope_of_the_error_only",
        {"deltas"},
        (DELTA, "w_y.T @ errors[t] * (1 - states[t + 1] ** 2) + w_h.T @ later"),
    ),
    _mutant("back_by_weights_not_transposed", {"deltas"}, (DELTA, DELTA.replace("w_h.T", "w_h"))),
    _mutant("nothing_comes_from_later", {"deltas"}, (DELTA, DELTA.replace(" + w_h.T @ later", ""))),
    _mutant(
        "error_at_the_end_only",
        {"deltas"},
        (DELTA, DELTA.replace("w_y.T @ errors[t]", "(t == len(errors) - 1) * (w_y.T @ errors[t])")),
    ),
    _mutant(
        "states_after_in_place_of_before",
        {"gradient"},
        (SUMS, SUMS.replace("states[:-1]", "states[1:]")),
    ),
    _mutant(
        "mean_over_the_steps",
        {"gradient"},
        (SUMS, "return " + ", ".join(f"{part} / len(x)" for part in SUMS[7:].split(", "))),
    ),
    _mutant("difference_turned_round", {"gradient"}, ("errors = outputs - d", "errors = d - outputs")),
    _mutant(
        "weights_used_in_the_last_step_only",
        {"gradient"},
        (
            "deltas.T @ x, deltas.T @ states[:-1], deltas.sum(0)",
            "np.outer(deltas[-1], x[-1]), np.outer(deltas[-1], states[-2]), deltas[-1]",
        ),
    ),
    _mutant(
        "bias_of_the_output_forgotten",
        {"gradient"},
        (SUMS, SUMS.replace("errors.sum(0)", "0 * errors.sum(0)")),
    ),
    _mutant(
        "every_window_from_the_start", {"truncated"}, (WINDOW, WINDOW.replace("states[first]", "start"))
    ),
    _mutant(
        "not_cut_at_all",
        {"truncated"},
        ("range(0, len(x), k)", "range(0, len(x), len(x))"),
        (WINDOW, "gradient(weights, x, d, start)"),
    ),
    _mutant(
        "last_steps_dropped", {"truncated"}, ("range(0, len(x), k)", "range(0, len(x) - k + 1, k)")
    ),
    _mutant("windows_that_overlap", {"truncated"}, ("range(0, len(x), k)", "range(len(x))")),
    _mutant(
        "last_window_only",
        {"truncated"},
        ("[so_far + more for so_far, more in zip(total, window)]", "list(window)"),
    ),
    _mutant(
        "factors_in_the_wrong_order", {"influence"}, (BACK, "((1 - state**2)[:, None] * w_h) @ matrix")
    ),
    _mutant("influence_of_the_matrix_alone", {"influence"}, (BACK, "matrix @ w_h")),
    _mutant("slopes_of_columns", {"influence"}, (BACK, "matrix @ ((1 - state**2) * w_h)")),
    _mutant(
        "powers_of_the_norm",
        {"influence"},
        (
            "norms.append(np.linalg.norm(matrix, 2))",
            "norms.append(np.linalg.norm(w_h, 2) ** len(norms))",
        ),
    ),
    _mutant(
        "frobenius_norm",
        {"influence"},
        ("append(np.linalg.norm(matrix, 2))", "append(np.linalg.norm(matrix))"),
    ),
    _mutant(
        "each_number_clipped",
        {"clip"},
        (
            "tuple(factor * array for array in gradients)",
            "tuple(np.clip(array, -most, most) for array in gradients)",
        ),
    ),
    _mutant(
        "each_array_by_its_own_norm",
        {"clip"},
        (
            "tuple(factor * array for array in gradients)",
            "tuple(array * min(1.0, most / np.sqrt(1e-9 + np.sum(array**2))) for array in gradients)",
        ),
    ),
    _mutant(
        "norm_without_its_root",
        {"clip"},
        (
            "np.sqrt(sum(np.sum(array**2) for array in gradients))",
            "sum(np.sum(array**2) for array in gradients)",
        ),
    ),
    _mutant("always_of_one_length", {"untouched"}, (FACTOR, "    factor = most / max(norm, 1e-9)\n")),
    _mutant(
        "zero_divided_by_zero",
        {"untouched"},
        (FACTOR, "    factor = np.minimum(1.0, most / norm) * norm / norm\n"),
    ),
    _mutant("steps_that_climb", {"steps"}, (CHANGE, CHANGE.replace("w - rate", "w + rate"))),
    _mutant("clipped_by_nobody", {"steps"}, (CHANGE, CHANGE.replace("clip(slopes, most)", "slopes"))),
    _mutant(
        "norms_after_clipping",
        {"steps"},
        (
            "        slopes = truncated(weights, x, d, start, k)\n",
            "        slopes = clip(truncated(weights, x, d, start, k), most)\n",
        ),
    ),
    _mutant(
        "never_truncated",
        {"steps"},
        (
            "truncated(weights, x, d, start, k)\n        norms",
            "gradient(weights, x, d, start)\n        norms",
        ),
    ),
    _mutant(
        "stops_after_a_hundred_steps", {"learns"}, ("in range(steps)", "in range(min(steps, 100))")
    ),
    _mutant(
        "returns_the_weights_it_was_given",
        {"steps"},
        ("    costs, norms = [cost()], []\n", "    costs, norms, given = [cost()], [], weights\n"),
        ("return *weights, np.array(costs)", "return *given, np.array(costs)"),
    ),
    _mutant(
        "hears_itself_from_the_second_step_on",
        {"forced", "free"},
        ("if t < seen else", "if t < 1 else"),
    ),
    _mutant(
        "never_hears_itself", {"free"}, ("sequence[t] if t < seen else outputs[-1]", "sequence[t]")
    ),
    _mutant("one_step_more_of_the_teacher", {"free"}, ("if t < seen else", "if t <= seen else")),
    _mutant(
        "begins_anew_when_the_teacher_leaves",
        {"free"},
        (
            "        states, answer = unroll(",
            "        state = start if t == seen else state\n        states, answer = unroll(",
        ),
    ),
    _mutant(
        "told_what_comes_next",
        {"forced", "free"},
        ("sequence[t] if t < seen", "sequence[min(t + 1, len(sequence) - 1)] if t < seen"),
    ),
    _mutant("all_nodes_at_once", {"universal"}, (NOW, "np.tanh(net[i] + w_now[i] @ rows[-1])")),
    _mutant("earlier_nodes_not_heard", {"universal"}, (NOW, "np.tanh(net[i])")),
    _mutant(
        "no_node_remembers",
        {"universal"},
        ("w_in @ value + w_before @ rows[-1] + b", "w_in @ value + b"),
    ),
    _mutant(
        "inputs_for_the_first_node_only",
        {"universal"},
        ("net = w_in @ value +", "net = (w_in @ value) * (np.arange(len(b)) == 0) +"),
    ),
    _mutant("keras_weights_not_transposed", {"keras"}, (SETS, SETS.replace("w_h.T", "w_h"))),
    _mutant("keras_from_zeros", {"keras"}, (", initial_state=start[None]", "")),
    _mutant(
        "keras_says_the_last_output_only",
        {"keras"},
        ("return_sequences=True)\n    recurrent", "return_sequences=False)\n    recurrent"),
    ),
    _mutant(
        "keras_with_another_activation",
        {"keras"},
        (
            "return_sequences=True)\n    recurrent",
            "return_sequences=True, activation='relu')\n    recurrent",
        ),
    ),
    _mutant(
        "ordered_derivatives_by_an_inverse",
        {"own_work"},
        (EARLIER, "        total = np.linalg.inv(np.eye(len(direct)) - direct)[-1]\n"),
    ),
)
