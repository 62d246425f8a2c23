"""Wrong answers to lab 15, each with the checks it must lose."""

from __future__ import annotations

from labkit.rubric.mutant import Mutant

KERAS = "    dense = layers.Dense("
NO_KERAS = (KERAS, f'    raise NotImplementedError("with_keras")\n{KERAS}')


def _mutant(name: str, loses: set[str], *edits: tuple[str, str]) -> Mutant:
    """A mistake in the functions by hand; to be quick it leaves Keras' layers out."""
    return Mutant(name, (*edits, NO_KERAS), frozenset({*loses, "with_keras"}))


def _keras(name: str, *edits: tuple[str, str]) -> Mutant:
    return Mutant(name, edits, frozenset({"with_keras"}))


LAST = "    delta = (activations[-1] - y) * slope(activation, nets[-1])"
BACK = "delta @ weights[layer] * slope(activation, nets[layer - 1])"
LENGTHS = "    return np.array(lengths[::-1])"
VARIANCE = '2 / (fan_in + fan_out if rule == "glorot" else fan_in)'
OUTPUTS = "    outputs = gamma * (x - mu) / np.sqrt(v + EPSILON) + beta"
RUNNING = "    return outputs, new_mean, new_variance"
ALONG = "upstream - upstream.mean(axis=0) - hat * (upstream * hat).mean(axis=0)"
BACKWARD = "    return gamma / root * along, (upstream * hat).sum(axis=0), upstream.sum(axis=0)"
COST = "    cost = l1 * np.sum(np.abs(w)) + l2 * np.sum(w**2)\n"
PENALTY = "    return float(cost), l1 * np.sign(w) + 2 * l2 * w"
DROPOUT = "    return a * (u >= rate) / (1 - rate) if training else a"
UPDATE = "        w = w - rate * rows.T @ (rows @ w - wanted) / len(rows)\n"
COSTS = "        costs.append(np.mean((x @ w - y) ** 2) / 2)\n"

MUTANTS = (
    _mutant("spread_about_the_mean", {"spread"}, ("np.sqrt(np.mean(a**2))", "np.std(a)")),
    _mutant("spread_without_a_root", {"spread"}, ("np.sqrt(np.mean(a**2))", "np.mean(a**2)")),
    _mutant(
        "spread_of_net_inputs",
        {"spread"},
        ("    _nets, activations = forward(", "    activations, _rest = forward("),
    ),
    _mutant(
        "last_delta_without_a_slope", {"gradient_norms"}, (LAST, "    delta = activations[-1] - y")
    ),
    _mutant(
        "slope_of_the_layer_behind",
        {"gradient_norms"},
        (BACK, BACK.replace("nets[layer - 1]", "activations[layer]")),
    ),
    _mutant(
        "slope_of_a_sigmoid_in_every_network",
        {"gradient_norms"},
        (BACK, BACK.replace("activation,", '"sigmoid",')),
    ),
    _mutant(
        "back_without_slopes",
        {"gradient_norms"},
        (BACK, "delta @ weights[layer]"),
    ),
    _mutant("last_layer_first", {"gradient_norms"}, (LENGTHS, "    return np.array(lengths)")),
    _mutant("gradients_summed_over_rows", {"gradient_norms"}, (" / len(x)) ** 2", ") ** 2")),
    _mutant("variance_for_a_deviation", {"glorot", "he"}, (f"float(np.sqrt({VARIANCE}))", VARIANCE)),
    _mutant(
        "glorot_of_inputs_alone",
        {"glorot"},
        (VARIANCE, '(1 if rule == "glorot" else 2) / fan_in'),
    ),
    _mutant(
        "he_of_both_sides", {"he"}, (VARIANCE, '(2 if rule == "glorot" else 4) / (fan_in + fan_out)')
    ),
    _mutant(
        "he_without_its_two", {"he"}, (VARIANCE, VARIANCE.replace("2 /", '(1 + (rule == "glorot")) /'))
    ),
    _mutant(
        "fans_exchanged",
        {"initial_weights"},
        ("fan_out, fan_in = numbers", "fan_in, fan_out = numbers"),
    ),
    _mutant("deviation_as_limit", {"initial_weights"}, ("np.sqrt(3) * wanted", "wanted")),
    _mutant("uniform_from_0_on", {"initial_weights"}, ("(2 * numbers - 1)", "numbers")),
    _mutant(
        "new_rows_scaled_by_themselves",
        {"normalize"},
        ("(x - train.mean(axis=0)) / train.std(axis=0)", "(x - x.mean(axis=0)) / x.std(axis=0)"),
    ),
    _mutant("one_mean_for_all_columns", {"normalize"}, ("train.mean(axis=0)) /", "train.mean()) /")),
    _mutant("divided_by_the_variance", {"normalize"}, ("/ train.std(axis=0)", "/ train.var(axis=0)")),
    _mutant(
        "normalized_by_running_numbers",
        {"batch_outputs"},
        (OUTPUTS, OUTPUTS.replace("mu", "mean").replace("(v +", "(variance +")),
    ),
    _mutant(
        "epsilon_beside_the_root",
        {"batch_outputs"},
        (OUTPUTS, OUTPUTS.replace("np.sqrt(v + EPSILON)", "(np.sqrt(v) + EPSILON)")),
    ),
    _mutant(
        "beta_before_gamma", {"batch_outputs"}, (OUTPUTS, OUTPUTS.replace(" + beta", " + gamma * beta"))
    ),
    _mutant(
        "variance_with_m_minus_one",
        {"batch_outputs", "running"},
        ("x.mean(axis=0), x.var(axis=0)\n", "x.mean(axis=0), x.var(axis=0, ddof=1)\n"),
    ),
    _mutant(
        "running_variance_with_m_minus_one",
        {"running"},
        ("(1 - momentum) * v\n", "(1 - momentum) * x.var(axis=0, ddof=1)\n"),
    ),
    _mutant(
        "momentum_the_other_way_round",
        {"running"},
        ("    new_mean =", "    momentum = 1 - momentum\n    new_mean ="),
    ),
    _mutant("running_numbers_stay", {"running"}, (RUNNING, "    return outputs, mean, variance")),
    _mutant(
        "inference_by_the_batch_itself",
        {"inference"},
        (
            "gamma * (x - mean) / np.sqrt(variance + EPSILON)",
            "gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + EPSILON)",
        ),
    ),
    _mutant(
        "inference_without_epsilon", {"inference"}, ("np.sqrt(variance + EPSILON)", "np.sqrt(variance)")
    ),
    _mutant(
        "gamma_by_raw_inputs",
        {"backward_gamma_beta"},
        (BACKWARD, BACKWARD.replace("(upstream * hat)", "(upstream * x)")),
    ),
    _mutant(
        "means_for_gamma_and_beta",
        {"backward_gamma_beta"},
        (BACKWARD, BACKWARD.replace(".sum(", ".mean(")),
    ),
    _mutant("statistics_taken_as_constants", {"backward_inputs"}, (ALONG, "upstream")),
    _mutant(
        "variance_taken_as_a_constant",
        {"backward_inputs"},
        (ALONG, "upstream - upstream.mean(axis=0)"),
    ),
    _mutant("gamma_forgotten_backwards", {"backward_inputs"}, ("gamma / root * along", "along / root")),
    _mutant("half_before_the_squares", {"penalty"}, ("l2 * np.sum(w**2)", "l2 * np.sum(w**2) / 2")),
    _mutant("root_of_the_squares", {"penalty"}, ("np.sum(w**2)", "np.sqrt(np.sum(w**2))")),
    _mutant("sum_without_absolute_values", {"penalty"}, ("np.sum(np.abs(w))", "np.sum(w)")),
    _mutant("slope_without_its_two", {"penalty_gradient"}, (PENALTY, PENALTY.replace("2 * l2", "l2"))),
    _mutant(
        "slope_of_l1_is_one", {"penalty_gradient"}, (PENALTY, PENALTY.replace("np.sign(w)", "1.0"))
    ),
    _mutant(
        "nought_has_a_sign",
        {"penalty_gradient"},
        (PENALTY, PENALTY.replace("np.sign(w)", "np.where(w >= 0, 1.0, -1.0)")),
    ),
    _mutant("dropout_without_making_up", {"dropout"}, (DROPOUT, DROPOUT.replace(" / (1 - rate)", ""))),
    _mutant(
        "dropout_divided_by_the_rate",
        {"dropout"},
        (DROPOUT, DROPOUT.replace("(1 - rate)", "max(rate, 0.1)")),
    ),
    _mutant("drops_what_should_stay", {"dropout"}, (DROPOUT, DROPOUT.replace(">=", "<"))),
    _mutant("drops_at_the_rate", {"dropout"}, (DROPOUT, DROPOUT.replace(">=", ">"))),
    _mutant("dropout_in_inference", {"dropout_off"}, (" if training else a", "")),
    _mutant(
        "corrects_again_in_inference",
        {"dropout_off"},
        ("training else a", "training else a * (1 - rate)"),
    ),
    _mutant("epoch_uphill", {"online"}, (UPDATE, UPDATE.replace("w - rate", "w + rate"))),
    _mutant(
        "cost_of_the_batch_alone", {"online"}, (COSTS, COSTS.replace("x @ w - y", "rows @ w - wanted"))
    ),
    _mutant("cost_without_its_half", {"online"}, (COSTS, COSTS.replace(" / 2)", ")"))),
    _mutant("batch_summed", {"batch"}, (UPDATE, UPDATE.replace(" / len(rows)", ""))),
    _mutant("divided_by_the_full_size", {"batch"}, (UPDATE, UPDATE.replace("len(rows)", "size"))),
    _mutant(
        "last_rows_left_out", {"batch"}, ("range(0, len(x), size)", "range(0, len(x) - size + 1, size)")
    ),
    _mutant(
        "online_whatever_the_size",
        {"batch"},
        ("range(0, len(x), size)", "range(0, len(x), (size := 1))"),
    ),
    _keras(
        "running_numbers_begin_anew",
        ("norm.set_weights([gamma, beta, mean,", "norm.set_weights([gamma, beta, 0 * mean,"),
    ),
    _keras("momentum_of_keras", ("momentum=momentum, epsilon", "epsilon")),
    _keras(
        "inference_learns_on", ("norm(dense(new), training=False)", "norm(dense(new), training=True)")
    ),
    _keras("never_in_training", ("norm(dense(x), training=True)", "norm(dense(x))")),
    _mutant(
        "dropout_of_keras",
        {"own_work"},
        (" if training else a", " if training else np.array(layers.Dropout(rate)(a))"),
    ),
    _mutant(
        "penalty_of_keras",
        {"own_work"},
        ("from keras import layers\n", "from keras import layers, regularizers\n"),
        (COST, "    cost = regularizers.L1L2(l1, l2)(w)\n"),
    ),
)
