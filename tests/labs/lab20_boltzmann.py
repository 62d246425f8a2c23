"""Wrong answers to lab 20, each with the checks it must lose."""

from __future__ import annotations

from labkit.rubric.mutant import Mutant


def _mutant(name: str, loses: set[str], *edits: tuple[str, str]) -> Mutant:
    return Mutant(name, edits, frozenset(loses))


ENERGY = "    return -0.5 * np.sum(states * (states @ w), axis=1) - states @ b"
WEIGHED = (
    "    z = np.sum(np.exp(lowest - e))\n    return np.exp(lowest - e) / z, float(np.log(z) - lowest)"
)
VISIT = "            now[:, i] = numbers[:, i] < sigmoid(now @ w[:, i] + b[i])\n"
SWEEP = f"        for i in range(len(b)):\n{VISIT}"
PRODUCTS = "    products = states.T @ (p[:, None] * states)\n"
STEP = "rate * (for_products - products), b + rate * (for_units - units)"
FREE = "    return -v @ b - np.sum(np.logaddexp(0, v @ w + c), axis=1)"
FLIPPED = "    return -v.shape[1] * np.logaddexp(0, -rise)"
BACK = "visible_probabilities(w, b, hidden_probabilities(w, c, v))"
DRAWN = "h = 1.0 * (for_hidden < hidden_probabilities(w, c, v))"
FOR_W = "data.T @ seen / len(data) - dreamt.T @ said / len(dreamt)"
START = "start = particles if persistent else x[rows]"
CHANGE = "            w, b, c = w + rate * for_w, b + rate * for_b, c + rate * for_c\n"
SIGMOID = "    return sigmoid(v @ w + c)"
LAYERS = """    up = keras.layers.Dense(len(c), activation="sigmoid")
    down = keras.layers.Dense(len(b), activation="sigmoid")
    up.build((None, len(b)))
    down.build((None, len(c)))
    up.set_weights([w, c])
    down.set_weights([w.T, b])
    h = up(v)
    return np.asarray(h), np.asarray(down(h))
"""
BY_HAND = """    h = hidden_probabilities(w, c, v)
    return h, visible_probabilities(w, b, h)
"""

MUTANTS = (
    _mutant(
        "by_hand_where_keras_is_asked_for",
        {"keras"},
        (LAYERS, BY_HAND),
    ),
    _mutant(
        "keras_by_way_of_with_keras",
        {"own_work"},
        (SIGMOID, "    return with_keras(w, np.zeros(len(w)), c, v)[0].astype(float)"),
    ),
    _mutant("energy_without_a_half", {"energy"}, (ENERGY, ENERGY.replace("-0.5", "-1.0"))),
    _mutant("energy_with_half_the_biases", {"energy"}, (ENERGY, f"{ENERGY} / 2")),
    _mutant(
        "biases_against_the_couplings", {"energy"}, (ENERGY, ENERGY.replace("- states", "+ states"))
    ),
    _mutant(
        "high_energies_are_probable",
        {"probabilities"},
        (
            WEIGHED,
            "    z = np.sum(np.exp(e - e.max()))\n    return np.exp(e - e.max()) / z, float(np.log(z))",
        ),
    ),
    _mutant(
        "log_z_without_the_lowest_energy",
        {"probabilities"},
        ("float(np.log(z) - lowest)", "float(np.log(z))"),
    ),
    _mutant(
        "last_unit_is_the_highest_digit",
        {"probabilities"},
        (
            "    e = energy(w, b, all_states(len(b)))",
            "    e = energy(w, b, all_states(len(b))[:, ::-1])",
        ),
    ),
    _mutant(
        "exponential_of_thousands",
        {"large"},
        (WEIGHED, "    z = np.sum(np.exp(-e))\n    return np.exp(-e) / z, float(np.log(z))"),
    ),
    _mutant(
        "exponential_of_clipped_energies",
        {"large"},
        (
            WEIGHED,
            "    z = np.exp(-np.clip(e, -700, 700))\n    return z / z.sum(), float(np.log(z.sum()))",
        ),
    ),
    _mutant(
        "all_units_at_once",
        {"gibbs"},
        (SWEEP, "        now = (numbers < sigmoid(now @ w + b)) * 1.0\n"),
    ),
    _mutant("equal_is_below", {"gibbs"}, (VISIT, VISIT.replace(" < sig", " <= sig"))),
    _mutant("on_where_the_number_is_above", {"gibbs"}, (VISIT, VISIT.replace(" < sig", " > sig"))),
    _mutant(
        "the_likelier_in_place_of_a_draw",
        {"gibbs"},
        (VISIT, VISIT.replace("numbers[:, i] < sig", "0.5 < sig")),
    ),
    _mutant("last_unit_first", {"gibbs"}, ("in range(len(b)):\n", "in reversed(range(len(b))):\n")),
    _mutant(
        "chains_changed_in_place",
        {"gibbs"},
        ("        now = film[-1].copy()\n", "        now = states\n"),
    ),
    _mutant(
        "every_state_counts_alike",
        {"statistics"},
        (PRODUCTS, "    products = states.T @ states / len(p)\n"),
    ),
    _mutant("diagonal_kept", {"statistics"}, ("    np.fill_diagonal(products, 0.0)\n", "")),
    _mutant(
        "model_minus_data",
        {"learn"},
        (STEP, "rate * (products - for_products), b + rate * (units - for_units)"),
    ),
    _mutant(
        "biases_never_learnt", {"learn"}, (STEP, STEP.replace("b + rate * (for_units - units)", "b"))
    ),
    _mutant(
        "dreams_never_unlearnt",
        {"learn"},
        (STEP, STEP.replace("(for_products - products)", "for_products")),
    ),
    _mutant(
        "divergence_the_other_way",
        {"learn"},
        (
            "np.sum(shares[occurs] * np.log(shares[occurs] / p[occurs]))",
            "np.sum(p * np.log(p / shares))",
        ),
    ),
    _mutant(
        "zero_times_minus_infinity",
        {"learn"},
        ("    occurs = shares > 0\n", "    occurs = shares >= 0\n"),
    ),
    _mutant(
        "hidden_units_by_visible_biases",
        {"units"},
        ("    return sigmoid(h @ w.T + b)", "    return sigmoid(h @ w.T)"),
    ),
    _mutant(
        "hidden_units_that_draw", {"units"}, (SIGMOID, "    return 1.0 * (sigmoid(v @ w + c) > 0.5)")
    ),
    _mutant(
        "free_energy_upside_down",
        {"free_energy"},
        (FREE, FREE.replace("return -v @ b -", "return v @ b +")),
    ),
    _mutant("free_energy_without_biases", {"free_energy"}, (FREE, FREE.replace("-v @ b - ", "-"))),
    _mutant(
        "energy_of_the_mean_hidden_units",
        {"free_energy"},
        (FREE, FREE.replace("np.logaddexp(0, v @ w + c)", "sigmoid(v @ w + c) * (v @ w + c)")),
    ),
    _mutant(
        "logarithm_by_its_definition",
        {"free_large"},
        (FREE, FREE.replace("np.logaddexp(0, v @ w + c)", "np.log(1 + np.exp(v @ w + c))")),
    ),
    _mutant("not_times_the_units", {"pseudo"}, (FLIPPED, FLIPPED.replace("-v.shape[1] * ", "-"))),
    _mutant(
        "flips_make_it_likelier", {"pseudo"}, (FLIPPED, FLIPPED.replace("(0, -rise)", "(0, rise)"))
    ),
    _mutant(
        "the_same_units_in_all_rows",
        {"pseudo"},
        (
            "    other[rows, flips] = 1 - other[rows, flips]\n",
            "    other[:, flips] = 1 - other[:, flips]\n",
        ),
    ),
    _mutant("flipped_in_place", {"pseudo"}, ("    other = v.copy()\n", "    other = v\n")),
    _mutant(
        "error_as_a_sum_over_units",
        {"reconstruction"},
        ("float(np.mean((v - back) ** 2))", "float(np.mean(np.sum((v - back) ** 2, axis=1)))"),
    ),
    _mutant(
        "error_of_likelier_hidden_units",
        {"reconstruction"},
        (BACK, "visible_probabilities(w, b, np.round(hidden_probabilities(w, c, v)))"),
    ),
    _mutant("hidden_units_not_drawn", {"dream"}, (DRAWN, "h = hidden_probabilities(w, c, v)")),
    _mutant(
        "one_step_and_no_more",
        {"dream"},
        ("zip(hidden_uniforms, visible_uniforms):", "zip(hidden_uniforms[:1], visible_uniforms[:1]):"),
    ),
    _mutant(
        "every_step_from_the_beginning",
        {"dream"},
        ("    for for_hidden, for_visible in", "    first = v\n    for for_hidden, for_visible in"),
        (DRAWN, DRAWN.replace("(w, c, v)", "(w, c, first)")),
    ),
    _mutant(
        "dream_minus_data",
        {"contrast"},
        (FOR_W, "dreamt.T @ said / len(dreamt) - data.T @ seen / len(data)"),
    ),
    _mutant(
        "divided_by_the_data_twice", {"contrast"}, (FOR_W, FOR_W.replace("len(dreamt)", "len(data)"))
    ),
    _mutant(
        "hidden_units_of_dreams_rounded",
        {"contrast"},
        (
            "hidden_probabilities(w, c, data), hidden_probabilities(w, c, dreamt)",
            "hidden_probabilities(w, c, data), hidden_probabilities(w, c, dreamt) > 0.5",
        ),
    ),
    _mutant("always_from_the_particles", {"divergence"}, (START, "start = particles")),
    _mutant("always_from_the_data", {"persistent"}, (START, "start = x[rows]")),
    _mutant(
        "particles_begin_anew_each_epoch",
        {"persistent"},
        (
            "        for number, rows in enumerate(rows_of_all):\n",
            (
                "        particles = x[rows_of_all[0]]\n"
                "        for number, rows in enumerate(rows_of_all):\n"
            ),
        ),
    ),
    _mutant(
        "couplings_only", {"divergence", "persistent"}, (CHANGE, "            w = w + rate * for_w\n")
    ),
    _mutant(
        "first_batch_for_ever",
        {"divergence", "persistent"},
        ("contrast(w, c, x[rows], particles)", "contrast(w, c, x[batches[0, 0]], particles)"),
    ),
    _mutant(
        "stops_after_five_epochs",
        {"learns"},
        ("in enumerate(batches):", "in enumerate(batches[:5]):"),
    ),
    _mutant(
        "kernel_not_transposed",
        {"keras"},
        ("set_weights([w.T, b])", "set_weights([w.reshape(w.T.shape), b])"),
    ),
    _mutant("layers_without_a_sigmoid", {"keras"}, ('(len(b), activation="sigmoid")', "(len(b))")),
    _mutant(
        "sigmoid_of_keras",
        {"own_work"},
        (SIGMOID, "    return np.asarray(keras.ops.sigmoid(v @ w + c))"),
    ),
)
