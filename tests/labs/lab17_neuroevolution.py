"""Wrong answers to lab 17, each with the checks it must lose."""

from __future__ import annotations

from labkit.rubric.mutant import Mutant

QUICK = (
    ("@tf.function(jit_compile=True)", "@tf.function"),
    ("return evolve(judge, by_tournament, genes, chances, masks, noises, wheres)", "return steps"),
)
"""Where it has nothing to do with breeding players: `balance` is lost with it, or skipped."""


def _mutant(name: str, loses: set[str], *edits: tuple[str, str]) -> Mutant:
    return Mutant(name, (*edits, *QUICK), frozenset(loses))


SHAPED = "tf.reshape(genes[:, : ends[0]], (-1, inputs, hidden))"
PARTS = "genes[:, ends[0] : ends[1]], genes[:, ends[1] : ends[2]], genes[:, -1]"
SWAPPED = "genes[:, ends[1] : ends[2]], genes[:, ends[0] : ends[1]], genes[:, -1]"
ANSWER = "    return tf.reduce_sum(hidden * v[:, None], axis=-1) + c[:, None]"
ENDS = "    ends = np.cumsum(ranks) / np.sum(ranks)\n"
CHILDREN = "mutate(crossover(genes[parents[0]], genes[parents[1]], mask), noise, where)"
SELECTED = "select(fitness, chance)"
STEPS = (
    "    rates = tf.stack([speed, faster, turning, tipping], axis=-1)\n    return states + STEP * rates"
)
IMPLICIT = """    v, w = speed + STEP * faster, turning + STEP * tipping
    return tf.stack([_x + STEP * v, v, angle + STEP * w, w], axis=-1)"""
LIMITS = "(tf.abs(states[..., 0]) > EDGE) | (tf.abs(states[..., 2]) > TILT)"

MUTANTS = (
    _mutant(
        "hidden_neurons_before_inputs",
        {"decode"},
        (SHAPED, "tf.einsum('phi->pih', tf.reshape(genes[:, : ends[0]], (-1, hidden, inputs)))"),
    ),
    _mutant("output_weights_before_biases", {"decode"}, (PARTS, SWAPPED)),
    _mutant("no_biases_of_hidden_neurons", {"answers"}, ("axis=-2) + b[:, None]", "axis=-2)")),
    _mutant("tanh_of_the_answer", {"answers"}, (ANSWER, ANSWER.replace("tf.", "tf.tanh(tf.") + ")")),
    _mutant("relu_in_keras", {"keras", "balance"}, ('activation="tanh"', 'activation="relu"')),
    _mutant(
        "output_of_keras_squashed",
        {"keras", "balance"},
        ("Dense(1, dtype", 'Dense(1, activation="tanh", dtype'),
    ),
    _mutant(
        "error_for_fitness", {"fitness", "balance"}, ("return 1 - np.mean((p", "return np.mean((p")
    ),
    _mutant("sum_for_mean", {"fitness", "balance"}, ("return 1 - np.mean((p", "return 1 - np.sum((p")),
    _mutant(
        "fitness_of_raw_answers",
        {"fitness", "balance"},
        (
            "p = 1 / (1 + np.exp(-np.asarray(answers(genes, XOR_INPUTS))))",
            "p = answers(genes, XOR_INPUTS)",
        ),
    ),
    _mutant(
        "sorted_backwards",
        {"best"},
        (
            'np.argsort(-fitness, kind="stable")[:count]',
            'np.argsort(fitness, kind="stable")[::-1][:count]',
        ),
    ),
    _mutant("the_worst_for_the_best", {"best"}, ("np.argsort(-fitness", "np.argsort(fitness")),
    _mutant(
        "place_for_individual",
        {"tournament"},
        ("return np.take_along_axis(entrants, place[..., None], axis=-1)[..., 0]", "return place"),
    ),
    _mutant(
        "lowest_number_of_equals",
        {"tournament"},
        ("    place = np.argmax(", "    entrants = np.sort(entrants, axis=-1)\n    place = np.argmax("),
    ),
    _mutant(
        "fields_as_wide_as_fitness",
        {"rank", "balance"},
        (ENDS, "    ends = np.cumsum(fitness[order]) / np.sum(fitness)\n"),
    ),
    _mutant(
        "fittest_at_zero",
        {"rank", "balance"},
        (ENDS, "    order, ranks = order[::-1], ranks[::-1]\n" + ENDS),
    ),
    _mutant(
        "end_of_a_field_belongs_to_it", {"rank", "balance"}, ('u, side="right")]', 'u, side="left")]')
    ),
    _mutant("a_and_b_exchanged", {"crossover"}, ("np.where(mask, a, b)", "np.where(mask, b, a)")),
    _mutant("mean_of_both_parents", {"crossover"}, ("np.where(mask, a, b)", "(a + b) / 2")),
    _mutant("noise_for_the_gene", {"mutate"}, ("genes + noise, genes)", "noise, genes)")),
    _mutant(
        "mutates_everywhere", {"mutate"}, ("np.where(where, genes + noise, genes)", "genes + noise")
    ),
    _mutant(
        "no_elite",
        {"elite"},
        ("genes[best(fitness, len(genes) - len(children))]", "genes[: len(genes) - len(children)]"),
    ),
    _mutant(
        "elite_for_all_rows",
        {"elite"},
        ("best(fitness, len(genes) - len(children))", "best(fitness, len(genes))"),
    ),
    _mutant(
        "elite_at_the_end",
        {"elite", "children"},
        ("np.concatenate([elite, children])", "np.concatenate([children, elite])"),
    ),
    _mutant(
        "mutates_one_parent",
        {"children"},
        (CHILDREN, "crossover(mutate(genes[parents[0]], noise, where), genes[parents[1]], mask)"),
    ),
    _mutant(
        "parents_counted_among_the_sorted",
        {"children"},
        (
            "    children = mutate(",
            "    genes = genes[best(fitness, len(genes))]\n    children = mutate(",
        ),
        ("elite = genes[best(fitness, len(genes) - len(children))]", "elite = genes[: -len(children)]"),
    ),
    _mutant(
        "last_generation_not_judged",
        {"history", "balance"},
        ("    history.append([fitness.max(), fitness.mean()])\n    return", "    return"),
    ),
    _mutant(
        "last_child_for_the_fittest",
        {"history", "balance"},
        ("return genes[best(fitness, 1)[0]], np", "return genes[-1], np"),
    ),
    _mutant(
        "nothing_mutates",
        {"history", "balance"},
        (
            ", mask, noise, where)\n    fitness = judge",
            ", mask, 0 * noise, where)\n    fitness = judge",
        ),
    ),
    _mutant(
        "only_the_first_children_mutate",
        {"xor", "balance"},
        (
            ", mask, noise, where)\n    fitness = judge",
            ", mask, noise * (len(history) < 2), where)\n    fitness = judge",
        ),
    ),
    Mutant(
        "parents_in_turn",
        ((SELECTED, "np.array([np.arange(len(mask))] * 2)"), QUICK[0]),
        frozenset({"history", "balance"}),
        "No selection at all: among so many players luck has a good one, and the elite keeps it.",
    ),
    Mutant(
        "the_least_fit_for_parents",
        ((SELECTED, "select(-fitness, chance)"), QUICK[0]),
        frozenset({"history", "balance"}),
    ),
    _mutant(
        "pushed_the_other_way",
        {"step"},
        (
            "PUSH * (2 * tf.cast(right, states.dtype) - 1)",
            "PUSH * (1 - 2 * tf.cast(right, states.dtype))",
        ),
    ),
    _mutant("whole_length_for_half", {"step"}, ("(HALF * (4 / 3", "(2 * HALF * (4 / 3")),
    _mutant("speeds_after_the_step", {"step"}, (STEPS, IMPLICIT)),
    _mutant("a_pole_without_inertia", {"step"}, ("(4 / 3 - POLE", "(1 - POLE")),
    _mutant(
        "degrees_for_radians",
        {"fallen"},
        ("EDGE, TILT = 2.4, 12 * np.pi / 180", "EDGE, TILT = 2.4, 12.0"),
    ),
    _mutant("over_when_both_are_beyond", {"fallen"}, (LIMITS, LIMITS.replace("|", "&"))),
    _mutant("limits_on_one_side", {"fallen"}, (LIMITS, LIMITS.replace("tf.abs", ""))),
    _mutant(
        "the_fallen_rise_again",
        {"play"},
        ("up & ~fallen(moved)", "~fallen(moved)"),
        (
            "tf.where(up[..., None], step(states, answers(genes, states) > 0), states)",
            "step(states, answers(genes, states) > 0)",
        ),
    ),
    _mutant(
        "last_step_not_counted",
        {"play"},
        ("tf.cast(up, lasted.dtype)", "tf.cast(up & ~fallen(moved), lasted.dtype)"),
    ),
    _mutant("all_end_with_the_first", {"play"}, ("tf.reduce_any(up)", "tf.reduce_all(up)")),
    _mutant("one_step_too_many", {"play"}, ("(number < steps)", "(number <= steps)")),
    _mutant(
        "pushes_against_its_answer",
        {"play"},
        ("answers(genes, states) > 0)", "answers(genes, states) < 0)"),
    ),
    Mutant(
        "bred_for_five_steps",
        (("tf.constant(starts), steps)", "tf.constant(starts), 5)"), QUICK[0]),
        frozenset({"balance"}),
    ),
    _mutant(
        "tanh_of_keras",
        {"own_work", "balance"},
        ("hidden = tf.tanh(net)", "hidden = keras.ops.tanh(net)"),
    ),
)
