"""Wrong answers to lab 14, each with the checks it must lose."""

from __future__ import annotations

from labkit.rubric.mutant import Mutant

NETWORK = "    dense = layers.Dense("
NO_NETWORK = (NETWORK, f'    raise NotImplementedError("with_keras")\n{NETWORK}')


def _mutant(name: str, loses: set[str], *edits: tuple[str, str]) -> Mutant:
    """A mistake in the functions by hand; to be quick it leaves the network in Keras out."""
    return Mutant(name, (*edits, NO_NETWORK), frozenset({*loses, "with_keras"}))


def _keras(name: str, *edits: tuple[str, str]) -> Mutant:
    return Mutant(name, edits, frozenset({"with_keras"}))


COST = "    return float(np.mean((x @ w - y) ** 2))"
GRADIENT = "    return 2 * x.T @ (x @ w - y) / len(x)"
CURVATURE = "    return 2 * x.T @ x / len(x)"
LIMIT = "    return float(2 / np.linalg.eigvalsh(a).max())"
DESCEND = "        path.append(path[-1] - rate * gradient(path[-1], x, y))\n"
BATCH = "            batch = order[first : first + size]\n"
BATCH_STEP = "            path.append(path[-1] - rate * gradient(path[-1], x[batch], y[batch]))\n"
VELOCITY = "        velocity = beta * velocity - rate * gradient(path[-1], x, y)\n"
MOVE = "        path.append(path[-1] + velocity)\n"
SQUARES = "        squares = rho * squares + (1 - rho) * g**2\n"
RMS_STEP = "        path.append(path[-1] - rate * g / np.sqrt(squares + EPSILON))\n"
RATE_T = "        rate_t = rate * np.sqrt(1 - c**t) / (1 - b**t) if corrected else rate\n"
ADAM_STEP = "        path.append(path[-1] - rate_t * m / (np.sqrt(v) + EPSILON))\n"
LISTED = "    path = [start]\n    for _step in range(steps):\n        path.append(path[-1] - rate"
TAPE = """    import tensorflow as tf

    w = tf.Variable(w)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((tf.linalg.matvec(x, w) - y) ** 2)
    return tape.gradient(loss, w).numpy()
"""
SGD_OF_KERAS = """    w, way = keras.Variable(start, dtype="float64"), optimizers.SGD(rate)
    for _step in range(steps):
        way.apply([keras.ops.convert_to_tensor(gradient(path[-1], x, y))], [w])
        path.append(np.array(w))
"""
IN_PLACE = """        w -= rate * gradient(w, x, y)
        path.append(w)
"""

KEPT = """        if cost(path[-1], x, y) > cost(path[-2], x, y):
            path[-1] = path[-2]
"""
SET_LENGTH = """        g = gradient(path[-1], x, y)
        path.append(path[-1] - rate * g / max(1, np.linalg.norm(g)))
"""

MUTANTS = (
    _mutant("cost_as_a_sum", {"cost"}, (COST, COST.replace("np.mean", "np.sum"))),
    _mutant("cost_with_a_half", {"cost"}, (COST, COST.replace("** 2)", "** 2) / 2"))),
    _mutant("gradient_of_the_sum", {"gradient"}, (GRADIENT, GRADIENT.replace(" / len(x)", ""))),
    _mutant("gradient_without_its_two", {"gradient"}, (GRADIENT, GRADIENT.replace("2 * ", ""))),
    _mutant("gradient_that_climbs", {"gradient"}, (GRADIENT, GRADIENT.replace("2 *", "-2 *"))),
    _mutant("gradient_averaged_over_weights", {"gradient"}, (GRADIENT, f"{GRADIENT[:-6]}len(w)")),
    _mutant("curvature_of_rows", {"curvature"}, (CURVATURE, "    return 2 * x @ x.T / len(x)")),
    _mutant("curvature_without_its_two", {"curvature"}, (CURVATURE, "    return x.T @ x / len(x)")),
    _mutant("half_the_limit", {"greatest_rate"}, (LIMIT, LIMIT.replace("2 /", "1 /"))),
    _mutant("limit_of_the_flattest", {"greatest_rate"}, (LIMIT, LIMIT.replace(".max()", ".min()"))),
    _mutant(
        "steepest_of_the_axes",
        {"greatest_rate"},
        (LIMIT, "    return float(2 / np.diag(a).max())"),
    ),
    _mutant("limit_by_the_trace", {"greatest_rate"}, (LIMIT, "    return float(2 / np.trace(a))")),
    _mutant("steps_uphill", {"falls"}, (DESCEND, DESCEND.replace("- rate", "+ rate"))),
    _mutant(
        "one_array_for_the_whole_path",
        {"descend"},
        (LISTED, LISTED.replace("path = [start]", "path, w = [start], start.copy()")),
        (DESCEND, IN_PLACE),
    ),
    _mutant(
        "path_without_its_start", {"falls"}, (LISTED, LISTED.replace("[start]", "[start][1:] or []"))
    ),
    _mutant(
        "gradient_of_the_start",
        {"falls"},
        (DESCEND, DESCEND.replace("gradient(path[-1]", "gradient(start")),
    ),
    _mutant(
        "turns_back_where_the_cost_rises",
        {"descend"},
        (
            DESCEND,
            f"{DESCEND}{KEPT}",
        ),
    ),
    _mutant(
        "steps_of_a_set_length",
        {"descend"},
        (
            DESCEND,
            SET_LENGTH,
        ),
    ),
    _mutant(
        "rows_in_their_own_order",
        {"stochastic"},
        (BATCH, BATCH.replace("order[first : first + size]", "np.sort(order)[first : first + size]")),
    ),
    _mutant(
        "first_order_for_every_epoch",
        {"stochastic"},
        (BATCH, BATCH.replace("order[", "orders[0][")),
    ),
    _mutant(
        "one_row_whatever_the_size",
        {"mini_batch"},
        (BATCH, BATCH.replace("first + size", "first + 1")),
    ),
    _mutant(
        "steps_summed_over_the_batch",
        {"mini_batch"},
        (BATCH_STEP, BATCH_STEP.replace("rate *", "rate * len(batch) *")),
    ),
    _mutant(
        "one_point_an_epoch",
        {"stochastic"},
        (
            BATCH_STEP,
            BATCH_STEP.replace(
                "path.append(path[-1]", "w = (w if first else path[-1])\n            w = (w"
            ).replace("gradient(path[-1],", "gradient(w,")
            + "        path.append(w)\n",
        ),
    ),
    _mutant(
        "rows_left_over_are_left_out",
        {"rows_left_over"},
        ("range(0, len(order), size)", "range(0, len(order) - size + 1, size)"),
    ),
    _mutant(
        "small_batch_divided_by_the_size",
        {"rows_left_over"},
        (BATCH_STEP, BATCH_STEP.replace("rate *", "rate * len(batch) / size *")),
    ),
    _mutant("velocity_uphill", {"momentum"}, (VELOCITY, VELOCITY.replace("- rate", "+ rate"))),
    _mutant(
        "velocity_as_a_mean",
        {"momentum"},
        (VELOCITY, VELOCITY.replace("- rate", "- (1 - beta) * rate")),
    ),
    _mutant(
        "velocity_forgotten", {"momentum"}, (VELOCITY, VELOCITY.replace("beta * velocity", "0 * beta"))
    ),
    _mutant(
        "nesterov",
        {"momentum"},
        (MOVE, "        path.append(path[-1] + beta * velocity - rate * gradient(path[-1], x, y))\n"),
    ),
    _mutant(
        "moves_by_the_old_velocity",
        {"momentum"},
        (VELOCITY + MOVE, MOVE + VELOCITY.replace("-1", "-2")),
    ),
    _mutant("sum_of_squares", {"rmsprop"}, (SQUARES, "        squares = squares + g**2\n")),
    _mutant(
        "shares_exchanged",
        {"rmsprop"},
        (SQUARES, "        squares = (1 - rho) * squares + rho * g**2\n"),
    ),
    _mutant("no_root", {"rmsprop"}, (RMS_STEP, RMS_STEP.replace("np.sqrt(", "("))),
    _mutant("step_by_the_old_mean", {"rmsprop"}, (SQUARES + RMS_STEP, RMS_STEP + SQUARES)),
    _mutant(
        "one_scale_for_all_weights", {"rmsprop"}, (SQUARES, SQUARES.replace("g**2", "np.mean(g**2)"))
    ),
    _mutant("adam_without_its_root", {"adam"}, (ADAM_STEP, ADAM_STEP.replace("np.sqrt(v)", "v"))),
    _mutant(
        "adam_by_the_gradient_alone",
        {"adam"},
        (ADAM_STEP, ADAM_STEP.replace("rate_t * m", "rate_t * g")),
    ),
    _mutant("betas_exchanged", {"adam"}, ("    b, c = betas\n", "    c, b = betas\n")),
    _mutant("always_corrected", {"adam"}, (RATE_T, RATE_T.replace(" if corrected else rate", ""))),
    _mutant("never_corrected", {"corrected", "epsilon"}, (RATE_T, "        rate_t = rate\n")),
    _mutant(
        "corrected_without_the_root",
        {"corrected", "epsilon"},
        (RATE_T, RATE_T.replace("np.sqrt(1 - c**t)", "(1 - c**t)")),
    ),
    _mutant(
        "correction_of_the_first_step_for_all",
        {"corrected", "epsilon"},
        (RATE_T, RATE_T.replace("c**t", "c").replace("b**t", "b")),
    ),
    _mutant(
        "steps_counted_from_zero",
        {"corrected", "epsilon"},
        (RATE_T, "        t -= 1\n" + RATE_T.replace("1 - b**t", "1 - b**t + EPSILON")),
    ),
    _mutant(
        "first_mean_corrected_alone",
        {"corrected", "epsilon"},
        (RATE_T, RATE_T.replace(" * np.sqrt(1 - c**t)", "")),
    ),
    _mutant(
        "epsilon_beside_the_root_of_rmsprop",
        {"epsilon"},
        (RMS_STEP, RMS_STEP.replace("np.sqrt(squares + EPSILON)", "(np.sqrt(squares) + EPSILON)")),
    ),
    _mutant(
        "epsilon_under_the_root_of_adam",
        {"epsilon"},
        (ADAM_STEP, ADAM_STEP.replace("(np.sqrt(v) + EPSILON)", "np.sqrt(v + EPSILON)")),
    ),
    _mutant(
        "epsilon_added_to_the_corrected_root",
        {"epsilon"},
        (ADAM_STEP, ADAM_STEP.replace("EPSILON", "EPSILON * (np.sqrt(1 - c**t) if corrected else 1)")),
    ),
    _keras("starts_where_keras_likes", ("    dense.set_weights([start[:, None]])\n", "")),
    _keras("momentum_of_zero", (", momentum=0.9)", ")")),
    _keras("sum_of_squares_in_keras", ('"mse")', "lambda y, p: keras.ops.sum((p - y) ** 2))")),
    _keras(
        "path_without_its_start_in_keras",
        (
            "    path = [start]\n    for _step in range(steps):\n        model",
            "    path = []\n    for _step in range(steps):\n        model",
        ),
    ),
    _mutant("gradient_by_the_tape", {"own_work"}, (GRADIENT, TAPE)),
    _mutant(
        "descends_in_keras", {"own_work"}, ("    for _step in range(steps):\n" + DESCEND, SGD_OF_KERAS)
    ),
)
