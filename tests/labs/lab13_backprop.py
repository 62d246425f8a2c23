"""Wrong answers to lab 13, each with the checks it must lose."""

from __future__ import annotations

from labkit.rubric.mutant import Mutant

NETWORK = "    dense = [layers.Dense("
NO_NETWORK = (NETWORK, f'    raise NotImplementedError("with_keras")\n{NETWORK}')


def _mutant(name: str, loses: set[str], *edits: tuple[str, str]) -> Mutant:
    """A mistake in the functions by hand; to be quick it leaves the network in Keras out."""
    return Mutant(name, (*edits, NO_NETWORK), frozenset({*loses, "with_keras"}))


def _keras(name: str, *edits: tuple[str, str]) -> Mutant:
    return Mutant(name, edits, frozenset({"with_keras"}))


COST = "    return float(np.sum((outputs - y) ** 2) / 2 / len(y))"
LAST = "hadamard(activations[-1] - y, slope(nets[-1]))"
HIDDEN = "hadamard(errors[0] @ weights[layer + 1], slope(nets[layer]))"
BIASES = "        biases = [step(b, g, rate) for"
STEPS = """        weights = [step(w, g, rate) for w, g in zip(weights, for_weights)]
        biases = [step(b, g, rate) for b, g in zip(biases, for_biases)]
"""
COSTS = "    return weights, biases, np.array(costs)\n"
ONE_TAPE = """    import tensorflow as tf

    w, b = [tf.Variable(w) for w in weights], [tf.Variable(b) for b in biases]
    with tf.GradientTape() as tape:
        a = tf.constant(x)
        for kernel, bias in zip(w, b):
            a = tf.sigmoid(a @ tf.transpose(kernel) + bias)
        loss = tf.reduce_sum((a - y) ** 2) / 2 / len(x)
    found = [g.numpy() for g in tape.gradient(loss, w + b)]
    return found[: len(w)], found[len(w) :]
"""
SUMS = """    for_weights = [d.T @ a / len(x) for d, a in zip(errors, activations)]
    return for_weights, [d.mean(axis=0) for d in errors]
"""

MUTANTS = (
    _mutant(
        "scalar_product", {"hadamard", "output_delta"}, ("    return a * b", "    return np.vdot(a, b)")
    ),
    _mutant("step_uphill", {"step"}, ("w - rate * gradient", "w + rate * gradient")),
    _mutant("step_without_a_rate", {"step"}, ("w - rate * gradient", "w - gradient")),
    _mutant(
        "every_layer_sees_the_sample", {"forward_one"}, ("sigmoid(w @ a + b)", "sigmoid(w @ x + b)")
    ),
    _mutant(
        "last_layer_without_sigmoid", {"forward_one"}, ("    return a\n", "    return w @ a + b\n")
    ),
    _mutant("no_bias", {"forward"}, ("activations[-1] @ w.T + b", "activations[-1] @ w.T")),
    _mutant(
        "rows_times_untransposed_weights",
        {"forward"},
        ("activations[-1] @ w.T + b", "activations[-1] @ w + b"),
    ),
    _mutant(
        "input_is_not_kept",
        {"forward"},
        ("    return nets, activations\n", "    return nets, activations[1:]\n"),
    ),
    _mutant("cost_without_the_half", {"cost"}, (COST, COST.replace(" / 2", ""))),
    _mutant("cost_as_a_sum", {"cost"}, (COST, COST.replace(" / len(y)", ""))),
    _mutant("cost_averaged_over_outputs_too", {"cost"}, (COST, COST.replace("len(y)", "y.size"))),
    _mutant(
        "error_the_other_way_round",
        {"output_delta"},
        (LAST, LAST.replace("activations[-1] - y", "y - activations[-1]")),
    ),
    _mutant(
        "slope_of_the_activation", {"output_delta"}, (LAST, LAST.replace("nets[-1]", "activations[-1]"))
    ),
    _mutant("delta_without_slope", {"output_delta"}, (LAST, "activations[-1] - y")),
    _mutant("delta_with_its_mean", {"output_delta"}, (LAST, f"{LAST} / len(x)")),
    _mutant(
        "hidden_delta_without_slope", {"hidden_deltas"}, (HIDDEN, "errors[0] @ weights[layer + 1]")
    ),
    _mutant(
        "slope_of_the_layer_behind",
        {"hidden_deltas"},
        (HIDDEN, HIDDEN.replace("nets[layer]", "nets[layer + 1]")),
    ),
    _mutant(
        "weights_of_the_layer_itself",
        {"hidden_deltas"},
        (HIDDEN, HIDDEN.replace("weights[layer + 1]", "weights[layer]")),
    ),
    _mutant(
        "weights_turned_round",
        {"hidden_deltas"},
        (HIDDEN, HIDDEN.replace("weights[layer + 1]", "weights[layer + 1].T")),
    ),
    _mutant(
        "deltas_last_layer_first",
        {"hidden_deltas"},
        ("    return errors\n", "    return errors[::-1]\n"),
    ),
    _mutant("gradient_summed_over_samples", {"gradients"}, ("d.T @ a / len(x)", "d.T @ a")),
    _mutant("bias_gradient_summed", {"gradients"}, ("d.mean(axis=0)", "d.sum(axis=0)")),
    _mutant("gradient_turned_round", {"gradients"}, ("d.T @ a / len(x)", "a.T @ d / len(x)")),
    _mutant(
        "activation_behind_the_weight",
        {"gradients"},
        ("zip(errors, activations)]", "zip(errors, activations[1:])]"),
    ),
    _mutant(
        "differences_to_one_side",
        {"numerical_gradient"},
        ("(kept + h, kept - h)", "(kept + h, kept)"),
        ("/ (2 * h)", "/ h"),
    ),
    _mutant("differences_divided_by_h", {"numerical_gradient"}, ("/ (2 * h)", "/ h")),
    _mutant("number_not_put_back", {"numerical_gradient"}, ("            array[place] = kept\n", "")),
    _mutant(
        "squares_without_a_root",
        {"disagreement"},
        ("np.linalg.norm(g - n) /", "np.sum((g - n) ** 2) /"),
    ),
    _mutant(
        "absolute_difference", {"disagreement"}, (" / (np.linalg.norm(g) + np.linalg.norm(n))", "")
    ),
    _mutant("weights_only", {"disagreement"}, ("for part in ws + bs]", "for part in ws]")),
    _mutant("an_h_of_its_own", {"agree"}, ("x, y, h)\n    g,", "x, y, 0.5)\n    g,")),
    _mutant("biases_never_trained", {"train"}, (STEPS, STEPS.splitlines(keepends=True)[0])),
    _mutant(
        "biases_by_a_second_gradient",
        {"train"},
        (BIASES, f"        for_biases = gradients(weights, biases, x, y)[1]\n{BIASES}"),
    ),
    _mutant("first_cost_left_out", {"train"}, (COSTS, COSTS.replace("costs)", "costs[1:])"))),
    _mutant(
        "stops_after_a_hundred_epochs", {"xor"}, ("in range(epochs)", "in range(min(epochs, 100))")
    ),
    _keras("kernel_not_transposed", ("[w.T, b]", "[w, b]")),
    _keras("mse_of_keras", ("SGD(rate), half_squared_error)", 'SGD(rate), "mse")')),
    _keras("one_row_in_a_batch", ("batch_size=len(x)", "batch_size=1")),
    _keras("biases_of_keras", ("[w.T, b]", "[w.T, 0 * b]")),
    _mutant("gradients_by_the_tape", {"own_work"}, (SUMS, ONE_TAPE)),
    _mutant(
        "sigmoid_of_keras",
        {"own_work"},
        ("        a = sigmoid(w @ a + b)", "        a = np.asarray(ops.sigmoid(w @ a + b))"),
    ),
)
