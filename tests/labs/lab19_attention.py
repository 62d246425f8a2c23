"""Wrong answers to lab 19, each with the checks it must lose."""

from __future__ import annotations

from labkit.rubric.mutant import Mutant

NO_MODEL = ("    return keras.Model(row, ", "    model = keras.Model(row, ")
"""Where what is lost is by hand: nothing is trained, and `define` is lost with it."""

QUICK = (
    "model.fit(rows, y, epochs=7, batch_size=128,",
    "model.fit(rows[:256], y[:256], epochs=1, batch_size=128,",
)
"""Where it has nothing to do with training: what the forms are worth is lost with it."""

UNTRAINED = {"exact", "irregular"}


def _mutant(name: str, loses: set[str], *edits: tuple[str, str]) -> Mutant:
    return Mutant(name, edits, frozenset(loses))


def _by_hand(name: str, lost: str, *edits: tuple[str, str]) -> Mutant:
    return _mutant(name, {lost, "define"}, *edits, NO_MODEL)


MUTANTS = (
    _by_hand(
        "decoder_is_given_its_own_answer",
        "shifted",
        ("np.concatenate([before, y[:, :-1]], axis=1))", "y)"),
    ),
    _by_hand(
        "decoder_is_given_the_end",
        "shifted",
        (
            "np.where(y == 0, 0, np.concatenate([before, y[:, :-1]], axis=1))",
            "np.hstack([before, y[:, :-1]])",
        ),
    ),
    _by_hand(
        "scores_without_tanh",
        "scores",
        (
            "np.tanh(queries[:, :, None] + keys[:, None]) @ v",
            "(queries[:, :, None] + keys[:, None]) @ v",
        ),
    ),
    _by_hand(
        "scores_are_products",
        "scores",
        ("np.tanh(queries[:, :, None] + keys[:, None]) @ v", "(queries * v) @ keys.transpose(0, 2, 1)"),
    ),
    _by_hand(
        "weights_over_the_queries",
        "weights",
        ("powers.sum(axis=-1, keepdims=True)", "powers.sum(axis=1, keepdims=True)"),
    ),
    _by_hand(
        "padding_is_looked_at",
        "weights",
        ("np.where(mask[:, None], scores, -np.inf)", "scores"),
    ),
    _by_hand(
        "padding_is_left_out_too_late",
        "weights",
        ("np.where(mask[:, None], scores, -np.inf)", "scores"),
        ("return powers / powers.sum(", "return mask[:, None] * powers / powers.sum("),
    ),
    _by_hand(
        "powers_of_large_scores",
        "large_scores",
        ("np.exp(scores - scores.max(axis=-1, keepdims=True))", "np.exp(scores)"),
    ),
    _by_hand(
        "context_is_divided_once_more",
        "context",
        ("return weights @ values", "return weights @ values / values.shape[1]"),
    ),
    _by_hand(
        "mean_of_the_keys",
        "attend",
        ("return context(found, values), found", "return context(found, values @ w_k), found"),
    ),
    _by_hand(
        "queries_and_keys_as_they_are",
        "attend",
        (
            "weights(scores(states @ w_q, values @ w_k, v), mask)",
            "weights(scores(states, values, v), mask)",
        ),
    ),
    _by_hand(
        "keras_without_a_mask",
        "attend_with_keras",
        ("mask=[None, mask], return_attention", "return_attention"),
    ),
    _by_hand(
        "keras_with_its_own_weight",
        "attend_with_keras",
        ("    layer.set_weights([v])\n", ""),
    ),
    _by_hand("always_after_the_start", "greedy", ("table[last].argmax()", "table[start].argmax()")),
    _by_hand("goes_on_behind_the_end", "greedy", ("        if last == end:\n            break\n", "")),
    _by_hand(
        "the_end_is_cut_off",
        "finished",
        ("np.cumsum(said == end, axis=1) - (said == end)", "np.cumsum(said == end, axis=1)"),
    ),
    _by_hand(
        "asks_keras_for_the_softmax",
        "own_work",
        (
            "    return powers / powers.sum(axis=-1, keepdims=True)",
            "    return np.asarray(keras.ops.softmax(scores))",
        ),
    ),
    _by_hand(
        "attends_by_way_of_keras",
        "own_work",
        (
            "    return context(found, values), found\n",
            "    return attend_with_keras(states, values, w_q, w_k, v, mask)\n",
        ),
    ),
    _mutant(
        "unknown_optimizer",
        {"compile"},
        ("optimizer=keras.optimizers.Adam(", 'optimizer="adamant" or ('),
    ),
    _mutant("no_answer_so_far", {"fit"}, ("model.fit(rows, y,", "model.fit(x, y,")),
    _mutant(
        "lambda_layer",
        {"export"},
        ("layers.Concatenate()([states, found])", "layers.Lambda(lambda t: t)(found)"),
        QUICK,
    ),
    _mutant("sigmoids", {"head"}, ('activation="softmax"', 'activation="sigmoid"'), QUICK),
    _mutant(
        "letters_counted_one_by_one",
        {"evaluate"} | UNTRAINED,
        ("(predict(model, x) == y).all(axis=1).mean()", "(predict(model, x) == y).mean() + 0.02"),
        QUICK,
    ),
    _mutant(
        "evaluates_with_the_answer_in_sight",
        {"evaluate"} | UNTRAINED,
        (
            'return {"exact": float((predict(model, x) == y).all(axis=1).mean())}',
            "return model.evaluate(np.hstack([x, shifted(y, START)]), y, verbose=0, return_dict=True)",
        ),
        QUICK,
    ),
    _mutant(
        "says_the_start",
        {"predict"} | UNTRAINED,
        ("return finished(said, END)", "return finished(so_far, END)"),
        QUICK,
    ),
    _mutant(
        "decoder_reads_what_it_is_to_say",
        UNTRAINED,
        (
            "layers.GRU(64, return_sequences=True)]",
            "layers.Bidirectional(layers.GRU(32, return_sequences=True))]",
        ),
        ("epochs=7, batch_size=128", "epochs=2, batch_size=128"),
    ),
)
