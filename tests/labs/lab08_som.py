"""Wrong answers to lab 8, each with the checks it must lose."""

from __future__ import annotations

from labkit.rubric.mutant import Mutant


def _mutant(name: str, loses: set[str], *edits: tuple[str, str]) -> Mutant:
    return Mutant(name, edits, frozenset(loses))


MUTANTS = (
    _mutant(
        "distances_without_their_root",
        {"distances"},
        ("np.linalg.norm(weights - sample, axis=2) for", "((weights - sample) ** 2).sum(axis=2) for"),
    ),
    _mutant(
        "column_before_row",
        {"best_match"},
        (
            "np.stack(np.unravel_index(places, gaps.shape[1:]), axis=1)",
            "np.stack(np.unravel_index(places, gaps.shape[1:])[::-1], axis=1)",
        ),
    ),
    _mutant(
        "the_last_of_equal_units",
        {"ties"},
        (
            "places = gaps.reshape(len(x), -1).argmin(axis=1)",
            "places = gaps[0].size - 1 - gaps.reshape(len(x), -1)[:, ::-1].argmin(axis=1)",
        ),
    ),
    _mutant(
        "a_linear_decay",
        {"decay"},
        (
            "first * (last / first) ** (np.arange(steps) / steps)",
            "first + (last - first) * np.arange(steps) / steps",
        ),
    ),
    _mutant(
        "the_last_value_in_the_last_step",
        {"decay"},
        ("** (np.arange(steps) / steps)", "** (np.arange(steps) / (steps - 1))"),
    ),
    _mutant("a_bell_without_its_two", {"neighbourhood"}, ("/ (2 * radius**2))", "/ radius**2)")),
    _mutant(
        "steps_counted_around_the_corner",
        {"neighbourhood"},
        ("-(down**2 + across**2)", "-((abs(down) + abs(across)) ** 2)"),
    ),
    _mutant(
        "away_from_the_sample",
        {"online_step"},
        ("* (sample - weights)", "* (weights - sample)"),
    ),
    _mutant(
        "only_the_winner_moves",
        {"online_step"},
        (
            "neighbourhood(*weights.shape[:2], best, radius)",
            "(neighbourhood(*weights.shape[:2], best, radius) == 1)",
        ),
    ),
    _mutant(
        "samples_in_their_own_order",
        {"train_online"},
        ("in zip(order, ", "in zip(range(len(x)), "),
    ),
    _mutant(
        "rate_and_radius_never_fall",
        {"train_online"},
        ("decay(*rate, steps), decay(*radius, steps)", "[rate[0]] * steps, [radius[0]] * steps"),
    ),
    _mutant(
        "a_sum_that_is_no_mean",
        {"batch_epoch"},
        ("/ pull.sum(axis=0)[:, :, None]", "/ len(x)"),
    ),
    _mutant(
        "means_without_neighbours",
        {"batch_epoch"},
        ("place, sigma) for place in best])", "place, 0.3) for place in best])"),
    ),
    _mutant(
        "best_matches_of_the_first_epoch_for_all",
        {"batch_epochs"},
        (
            "    for sigma in decay(*radius, epochs):\n        best = best_matching_unit(weights, x)\n",
            "    best = best_matching_unit(weights, x)\n    for sigma in decay(*radius, epochs):\n",
        ),
    ),
    _mutant("the_mean_of_all_distances", {"quantization"}, (".min(axis=(1, 2)).mean()", ".mean()")),
    _mutant(
        "a_diagonal_counts_as_two_steps",
        {"topographic"},
        (
            "np.maximum(abs(row[:, 0] - row[:, 1]), abs(column[:, 0] - column[:, 1]))",
            "abs(row[:, 0] - row[:, 1]) + abs(column[:, 0] - column[:, 1])",
        ),
    ),
    _mutant("eight_neighbours_everywhere", {"u_matrix"}, ("/ (gaps.size - 1)", "/ 8")),
    _mutant("a_unit_is_hit_once_at_most", {"hits"}, ("row, column] += 1", "row, column] = 1")),
    _mutant(
        "a_layer_that_divides_by_the_rows",
        {"layer"},
        ("[place // columns, place % columns]", "[place // _rows, place % _rows]"),
    ),
    _mutant(
        "a_layer_of_numpy",
        {"layer"},
        (
            "        place = keras.ops.argmin(squared, axis=1)",
            "        place = np.argmin(np.asarray(squared), axis=1)",
        ),
    ),
)
