"""Wrong answers to lab 5, each with the checks it must lose."""

from __future__ import annotations

from labkit.rubric.mutant import Mutant

NO_MODEL = ("    return keras.Sequential(", "    model = keras.Sequential(")
"""Where what is lost is by hand: nothing is trained, and `define` is lost with it."""

QUICK = ("model.fit(x, y, epochs=7,", "model.fit(x[:300], y[:300], epochs=1,")
"""Where it has nothing to do with training: both accuracies are lost with it."""

UNTRAINED = {"ambiguous", "unknown"}


def _mutant(name: str, loses: set[str], *edits: tuple[str, str]) -> Mutant:
    return Mutant(name, edits, frozenset(loses))


MUTANTS = (
    _mutant(
        "forget_gate_first",
        {"gates", "define"},
        ("i, f, g, o = np.split(x", "f, i, g, o = np.split(x"),
        NO_MODEL,
    ),
    _mutant(
        "candidate_through_a_sigmoid",
        {"gates", "define"},
        (
            "sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)",
            "sigmoid(i), sigmoid(f), sigmoid(g), sigmoid(o)",
        ),
        NO_MODEL,
    ),
    _mutant(
        "memory_shown_as_it_is",
        {"state", "define"},
        ("return o * np.tanh(memory), memory", "return o * memory, memory"),
        NO_MODEL,
    ),
    _mutant(
        "everything_is_added",
        {"state", "define"},
        ("memory = f * c + i * g", "memory = f * c + g"),
        NO_MODEL,
    ),
    _mutant(
        "memory_before_output",
        {"state", "define"},
        ("return o * np.tanh(memory), memory,", "return memory, o * np.tanh(memory),"),
        NO_MODEL,
    ),
    _mutant(
        "asks_the_cell_of_keras",
        {"own_work", "define"},
        (
            "    return o * np.tanh(memory), memory,",
            (
                "    cell = layers.LSTMCell(h.shape[1], dtype='float64')\n"
                "    cell.build((None, x.shape[1]))\n"
                "    cell.set_weights([kernel, recurrent, bias])\n"
                "    memory = np.asarray(cell(x, [h, c])[1][1])\n"
                "    return o * np.tanh(memory), memory,"
            ),
        ),
        NO_MODEL,
    ),
    _mutant("unknown_optimizer", {"compile"}, ("keras.optimizers.Adam(0.003)", '"adamant"')),
    _mutant("one_answer_a_sentence", {"fit"}, ("LSTM(32, return_sequences=True)", "LSTM(32)")),
    _mutant(
        "lambda_layer",
        {"export"},
        (
            'layers.Dense(len(TAGS), activation="softmax"),',
            "layers.Dense(len(TAGS)), layers.Lambda(keras.activations.softmax),",
        ),
        QUICK,
    ),
    _mutant(
        "sigmoids_in_place_of_softmax",
        {"head"},
        ('activation="softmax"', 'activation="sigmoid"'),
        QUICK,
    ),
    _mutant(
        "one_hot_loss",
        {"loss"} | UNTRAINED,
        ("sparse_categorical_crossentropy", "categorical_crossentropy"),
        (
            "model.fit(x, y, epochs=7,",
            "model.fit(x[:300], keras.utils.to_categorical(y[:300], 10), epochs=1,",
        ),
        ("model.evaluate(x, y, ", "model.evaluate(x, keras.utils.to_categorical(y, 10), "),
    ),
    _mutant(
        "padding_is_a_word",
        {"padding_unread", "padding_unlearnt"},
        (", mask_zero=True", ""),
    ),
    _mutant(
        "mask_lost_behind_the_lstm",
        {"padding_unlearnt"},
        ("layers.Dense(len(TAGS), ", "layers.Conv1D(len(TAGS), 1, "),
    ),
    _mutant("evaluate_returns_a_list", {"evaluate"} | UNTRAINED, (", return_dict=True", ""), QUICK),
    _mutant(
        "evaluate_counts_padding",
        {"evaluate"} | UNTRAINED,
        (
            "return model.evaluate(x, y, verbose=0, return_dict=True)",
            'return {"accuracy": float((predict(model, x) == y).mean())}',
        ),
        QUICK,
    ),
    _mutant(
        "predict_returns_probabilities",
        {"predict"} | UNTRAINED,
        ("    tags = model.predict(x, verbose=0).argmax(axis=-1)\n", "    return model.predict(x)\n"),
        ("    return np.where(x == 0, 0, tags)\n", ""),
        QUICK,
    ),
    _mutant(
        "predict_tags_padding",
        {"predict"} | UNTRAINED,
        ("np.where(x == 0, 0, tags)", "np.where(x == 0, 1, tags)"),
        QUICK,
    ),
    _mutant(
        "reads_from_left_to_right_only",
        {"ambiguous"},
        (
            "layers.Bidirectional(layers.LSTM(32, return_sequences=True))",
            "layers.LSTM(32, return_sequences=True)",
        ),
    ),
    _mutant(
        "each_word_by_itself",
        UNTRAINED,
        (
            "layers.Bidirectional(layers.LSTM(32, return_sequences=True))",
            'layers.Dense(64, activation="relu")',
        ),
    ),
)
