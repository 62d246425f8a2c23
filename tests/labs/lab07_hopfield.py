"""Wrong answers to lab 7, each with the checks it must lose."""

from __future__ import annotations

from labkit.rubric.mutant import Mutant


def _mutant(name: str, loses: set[str], *edits: tuple[str, str]) -> Mutant:
    return Mutant(name, edits, frozenset(loses))


MUTANTS = (
    _mutant("threshold_counts_as_ink", {"bipolar"}, ("images > threshold", "images >= threshold")),
    _mutant(
        "bipolar_in_unsigned_integers",
        {"bipolar"},
        ("np.where(images > threshold, 1.0, -1.0)", "(2 * (images > threshold).astype(np.uint8) - 1)"),
    ),
    _mutant("all_images_in_one_row", {"bipolar"}, (".reshape(len(images), -1)", ".reshape(1, -1)")),
    _mutant(
        "hebb_divides_by_patterns",
        {"hebb"},
        ("patterns.T @ patterns / patterns.shape[1]", "patterns.T @ patterns / patterns.shape[0]"),
    ),
    _mutant(
        "hebb_of_patterns_in_place_of_neurons",
        {"hebb"},
        ("weights = patterns.T @ patterns", "weights = patterns @ patterns.T"),
    ),
    _mutant("diagonal_kept", {"no_self_coupling"}, ("    np.fill_diagonal(weights, 0.0)\n", "")),
    _mutant("energy_without_a_half", {"energy"}, ("-0.5 * np.sum(", "-1.0 * np.sum(")),
    _mutant("energy_upside_down", {"energy"}, ("-0.5 * np.sum(", "0.5 * np.sum(")),
    _mutant(
        "overlap_not_divided",
        {"overlap"},
        ("states @ patterns.T / patterns.shape[1]", "states @ patterns.T"),
    ),
    _mutant(
        "overlap_with_rows_and_columns_swapped",
        {"overlap"},
        ("states @ patterns.T / patterns.shape[1]", "patterns @ states.T / patterns.shape[1]"),
    ),
    _mutant("against_the_field", {"decide"}, ("field > 0, 1.0, -1.0", "field > 0, -1.0, 1.0")),
    _mutant(
        "stable_if_any_neuron_is",
        {"stable"},
        ("np.all(decide(states @ weights, states)", "np.any(decide(states @ weights, states)"),
    ),
    _mutant(
        "stable_neuron_by_neuron",
        {"stable", "zero_field"},
        (
            "return np.all(decide(states @ weights, states) == states, axis=1)",
            "return decide(states @ weights, states) == states",
        ),
    ),
    _mutant(
        "film_of_the_last_state",
        {"synchronous", "zero_field"},
        (
            "decide(film[-1] @ weights, film[-1]))\n    return np.array(film)",
            "decide(film[-1] @ weights, film[-1]))\n    return film[-1]",
        ),
    ),
    _mutant(
        "synchronous_only_downhill",
        {"two_states"},
        (
            "        film.append(decide(film[-1] @ weights, film[-1]))",
            (
                "        new = decide(film[-1] @ weights, film[-1])\n"
                "        gained = energy(weights, new) < energy(weights, film[-1])\n"
                "        film.append(np.where(gained[:, None], new, film[-1]))"
            ),
        ),
    ),
    _mutant(
        "fields_of_the_first_state",
        {"energy_falls"},
        ("decide(weights[neuron] @ new, new[neuron])", "decide(weights[neuron] @ state, new[neuron])"),
    ),
    _mutant(
        "all_neurons_at_every_visit",
        {"energy_falls"},
        (
            "        new[neuron] = decide(weights[neuron] @ new, new[neuron])\n",
            "        new = decide(weights @ new, new)\n",
        ),
    ),
    _mutant(
        "order_of_its_own",
        {"energy_falls"},
        ("for neuron in order:", "for neuron in np.arange(len(order)) % len(state):"),
    ),
    _mutant(
        "one_sweep_and_no_more",
        {"asynchronous"},
        (
            "        new[neuron] = decide(weights[neuron] @ new, new[neuron])\n",
            (
                "        if len(film) <= len(state):\n"
                "            new[neuron] = decide(weights[neuron] @ new, new[neuron])\n"
            ),
        ),
    ),
    _mutant(
        "zero_becomes_one",
        {"zero_field"},
        (
            "np.where(field == 0, states, np.where(field > 0, 1.0, -1.0))",
            "np.where(field >= 0, 1.0, -1.0)",
        ),
    ),
    _mutant(
        "sign_of_zero",
        {"zero_field"},
        ("np.where(field == 0, states, np.where(field > 0, 1.0, -1.0))", "np.sign(field)"),
    ),
    _mutant(
        "compared_with_all_patterns",
        {"remembered"},
        ("return np.diag(overlap(last, patterns))", "return overlap(last, patterns).max(axis=1)"),
    ),
    _mutant(
        "probes_in_place_of_what_they_become",
        {"remembered"},
        ("probes, steps)[-1]", "probes, steps)[0]"),
    ),
    _mutant(
        "layer_makes_one_step", {"layer"}, ("for _step in range(self.steps):", "for _step in range(1):")
    ),
    _mutant(
        "layer_with_a_sign_of_zero",
        {"layer"},
        (
            "states = ops.where(ops.equal(field, 0), states, ops.sign(field))",
            "states = ops.sign(field)",
        ),
    ),
    _mutant(
        "layer_in_numpy",
        {"layer"},
        ("field = ops.matmul(states, self.couplings)", "field = np.matmul(states, self.couplings)"),
    ),
    _mutant(
        "layer_without_return",
        {"layer"},
        ("ops.sign(field))\n        return states\n", "ops.sign(field))\n"),
    ),
)
