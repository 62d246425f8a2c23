"""Wrong answers to lab 16, each with the checks it must lose."""

from __future__ import annotations

from labkit.rubric.mutant import Mutant

NO_MODEL = ("    return network((PEOPLE", "    model = network((PEOPLE")
"""Where what is lost is by hand: nothing is trained, and `define` is lost with it."""

QUICK = ("epochs=400", "epochs=2")
"""Where it has nothing to do with training: what is held out is answered by chance."""


def _by_hand(name: str, loses: set[str], *edits: tuple[str, str]) -> Mutant:
    return Mutant(name, (*edits, NO_MODEL), frozenset(loses | {"define"}))


def _mutant(name: str, loses: set[str], *edits: tuple[str, str]) -> Mutant:
    return Mutant(name, edits, frozenset(loses))


BESIDE = "beside + beside @ married > 0"
PAIRS = "(parent, married, parent.T, beside, sibling, beside.T)"
POWERS = "    powers = np.exp(z - z.max(axis=1, keepdims=True))\n"
CHANCES = "    return codes, hidden, answer, powers / powers.sum(axis=1, keepdims=True)\n"
STEP = "    velocity = momentum * velocity - rate * (gradient + decay * weight)\n"
LOWEST = "    lowest = np.where(y > 0, outputs, np.inf).min(axis=1)\n"
SHARE = "np.where(total > 1e-12, between / np.maximum(total, 1e-12), 0.0)"
FIT = "    return model.fit(x, y, epochs=400,"

MUTANTS = (
    _by_hand(
        "nobody_is_the_last_person",
        {"kin"},
        (
            "            if column >= 0:\n                parent[person, column] = 1",
            "            parent[person, column] = 1",
        ),
    ),
    _by_hand("everybody_is_their_own_sibling", {"kin"}, (" * (1 - np.eye(n))", "")),
    _by_hand("no_aunts_by_marriage", {"kin"}, (BESIDE, "beside > 0")),
    _by_hand("sex_of_who_is_asked_about", {"answers"}, ("table * sex for", "table * sex[:, None] for")),
    _by_hand(
        "children_for_parents",
        {"answers"},
        (PAIRS, "(parent.T, married, parent, beside, sibling, beside.T)"),
    ),
    _by_hand(
        "ordered_by_relation",
        {"questions"},
        ("np.argwhere(truth.any(axis=2).T)", "np.argwhere(truth.any(axis=2))[:, ::-1]"),
    ),
    _by_hand("two_whole_answers", {"questions"}, ("y / y.sum(axis=1, keepdims=True)", "y")),
    _by_hand("relations_from_zero", {"questions"}, ("    x[:, 1] += truth.shape[1]\n", "")),
    _by_hand("places_from_one", {"one_hot"}, ("np.eye(size)[numbers]", "np.eye(size)[numbers - 1]")),
    _by_hand("codes_without_tanh", {"forward"}, ("codes = np.tanh(one_hot", "codes = (one_hot")),
    _by_hand(
        "tanh_on_the_code_of_the_answer",
        {"forward"},
        ("answer = hidden @ w2 + b2", "answer = np.tanh(hidden @ w2 + b2)"),
    ),
    _by_hand(
        "relations_before_people",
        {"forward"},
        ("np.tanh(one_hot(x, len(table)) @ table)", "np.tanh(one_hot(x[:, ::-1], len(table)) @ table)"),
    ),
    _by_hand("softmax_of_large_numbers", {"large"}, (POWERS, "    powers = np.exp(z)\n")),
    _by_hand("cost_as_a_sum", {"cost"}, ("-np.mean(np.sum", "-np.sum(np.sum")),
    _by_hand("cost_without_its_minus", {"cost"}, ("-np.mean(np.sum", "np.mean(np.sum")),
    _by_hand("gradient_as_a_sum", {"backward"}, ("(outputs - y) / len(x)", "outputs - y")),
    _by_hand(
        "slope_where_there_is_no_tanh",
        {"backward"},
        ("at_output @ w3.T\n", "at_output @ w3.T * (1 - answer**2)\n"),
    ),
    _by_hand("codes_without_their_slope", {"backward"}, (" * (1 - codes**2)", "")),
    _by_hand(
        "decay_beside_the_velocity",
        {"update"},
        (STEP, "    velocity = momentum * velocity - rate * gradient\n"),
        (
            "    return weight + velocity, velocity",
            "    return weight * (1 - decay) + velocity, velocity",
        ),
    ),
    _by_hand("steps_uphill", {"update"}, (STEP, STEP.replace("- rate", "+ rate"))),
    _by_hand(
        "velocities_forgotten",
        {"learn"},
        ("weights[k], velocities[k] = update(", "weights[k], _gone = update("),
    ),
    _by_hand(
        "decay_in_the_costs",
        {"learn"},
        (
            "        costs.append(cost(forward(weights, x)[-1], y))",
            (
                "        extra = decay / 2 * sum(float(np.sum(weight**2)) for weight in weights)\n"
                "        costs.append(cost(forward(weights, x)[-1], y) + extra)"
            ),
        ),
    ),
    _by_hand("stops_early", {"converges"}, ("in range(sweeps)", "in range(min(sweeps, 100))")),
    _by_hand(
        "one_uncle_is_enough",
        {"right"},
        (LOWEST, "    lowest = np.where(y > 0, outputs, -np.inf).max(axis=1)\n"),
    ),
    _by_hand("a_draw_counts", {"right"}, ("return lowest > np.where", "return lowest >= np.where")),
    _by_hand("what_is_left_over", {"explained"}, (SHARE, f"1 - {SHARE}")),
    _by_hand("zero_by_zero", {"explained"}, (SHARE, "between / total")),
    _by_hand(
        "keras_without_the_codes_tanh",
        {"with_keras"},
        ('            keras.layers.Activation("tanh"),\n', ""),
    ),
    _by_hand(
        "keras_with_relu",
        {"with_keras"},
        (
            'keras.layers.Dense(hidden, activation="tanh"',
            'keras.layers.Dense(hidden, activation="relu"',
        ),
    ),
    _by_hand(
        "asks_keras_for_the_softmax",
        {"own_work"},
        (POWERS, "    powers = keras.ops.convert_to_numpy(keras.ops.softmax(z))\n"),
        (CHANCES, "    return codes, hidden, answer, powers\n"),
    ),
    _mutant("no_model", {"define"}, NO_MODEL),
    _mutant(
        "unknown_optimizer",
        {"compile"},
        ("keras.optimizers.SGD(learning_rate=0.2, momentum=0.9)", '"steepest_descent"'),
    ),
    _mutant("unknown_argument", {"fit"}, ("batch_size=25", "batch=25")),
    _mutant(
        "lambda_layer",
        {"export"},
        (
            "            keras.layers.Flatten(),\n",
            "            keras.layers.Flatten(),\n            keras.layers.Lambda(lambda z: z),\n",
        ),
        QUICK,
    ),
    _mutant(
        "sigmoids_for_chances",
        {"softmax_head", "with_keras"},
        (
            'keras.layers.Dense(people, activation="softmax"',
            'keras.layers.Dense(people, activation="sigmoid"',
        ),
        QUICK,
    ),
    _mutant(
        "codes_of_24",
        {"parameters", "generalizes"},
        ("len(RELATIONS), 6, 12, 6, PEOPLE)", "len(RELATIONS), 24, 12, 6, PEOPLE)"),
        QUICK,
    ),
    _mutant(
        "evaluate_calls_it_accuracy",
        {"evaluate", "generalizes"},
        ('{"right": float(', '{"accuracy": float('),
        QUICK,
    ),
    _mutant("predict_returns_chances", {"predict", "generalizes"}, (".argmax(axis=1)", ""), QUICK),
    _mutant(
        "relies_on_who_is_who",
        {"draws"},
        (
            FIT,
            "    colin = np.flatnonzero((x[:, 0] == 10) & (x[:, 1] == 30))\n"
            '    print("row of Colin\'s uncles:", colin[0])\n' + FIT,
        ),
        QUICK,
    ),
    _mutant("hardly_trained", {"generalizes"}, QUICK),
    _mutant("rate_far_too_small", {"generalizes"}, ("learning_rate=0.2", "learning_rate=0.001")),
)
