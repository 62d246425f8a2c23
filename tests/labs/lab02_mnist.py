"""Wrong answers to lab 2, each with the checks it must lose."""

from __future__ import annotations

from labkit.rubric.mutant import Mutant

QUICK = ("epochs=10", "epochs=1")  # where what is lost has nothing to do with training


def _mutant(name: str, loses: set[str], *edits: tuple[str, str]) -> Mutant:
    return Mutant(name, edits, frozenset(loses))


MUTANTS = (
    _mutant(
        "define_returns_nothing",
        {"define"},
        ("    return keras.Sequential(", "    model = keras.Sequential("),
    ),
    _mutant("unknown_optimizer", {"compile"}, ('optimizer="adam"', 'optimizer="adamant"')),
    _mutant(
        "fit_with_one_hot_labels",
        {"fit"},
        ("        y,\n        epochs", "        keras.utils.to_categorical(y),\n        epochs"),
    ),
    _mutant(
        "lambda_layer",
        {"export"},
        ("layers.Rescaling(1 / 255)", "layers.Lambda(lambda x: x / 255)"),
        QUICK,
    ),
    _mutant(
        "one_sigmoid_unit_too_many",
        {"softmax_head"},
        ('layers.Dense(10, activation="softmax")', 'layers.Dense(11, activation="softmax")'),
    ),
    _mutant(
        "one_hot_loss",
        {"loss"},
        ("sparse_categorical_crossentropy", "categorical_crossentropy"),
        ("        x,\n        y,\n", "        x,\n        keras.utils.to_categorical(y),\n"),
        ("model.evaluate(x, y, ", "model.evaluate(x, keras.utils.to_categorical(y), "),
    ),
    _mutant(
        "no_scaling",
        {"scaling", "accuracy"},
        ("            layers.Rescaling(1 / 255),\n", ""),
        QUICK,
    ),
    _mutant(
        "stopping_watches_what_nobody_computes",
        {"early_stopping"},
        ("        validation_split=0.1,\n", ""),
        ("epochs=10", "epochs=6"),
    ),
    _mutant(
        "stopping_keeps_the_last_weights",
        {"early_stopping"},
        ("restore_best_weights=True", "restore_best_weights=False"),
    ),
    _mutant("evaluate_returns_a_list", {"evaluate"}, (", return_dict=True", "")),
    _mutant(
        "evaluate_on_a_few_rows_it_likes",
        {"evaluate"},
        ("model.evaluate(x, y,", "model.evaluate(x[:1], model.predict(x[:1]).argmax(axis=1),"),
    ),
    _mutant("predict_returns_probabilities", {"predict"}, (".argmax(axis=1)", "")),
    _mutant(
        "one_neuron_in_the_middle",
        {"accuracy"},
        ("layers.Dense(128, ", "layers.Dense(4, "),
        QUICK,
    ),
)
