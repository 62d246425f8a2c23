"""Wrong answers to lab 3, each with the checks it must lose."""

from __future__ import annotations

from labkit.rubric.mutant import Mutant

# Where what is lost has nothing to do with how well it learns, a small network learns for a moment.
QUICK = (
    ("EPOCHS = 9", "EPOCHS = 1"),
    ("layers.Conv2D(24, 3, strides=2", "layers.Conv2D(4, 3, strides=4"),
    ("layers.Conv2D(48, 3, strides=2", "layers.Conv2D(4, 3, strides=2"),
)
UNTRAINED = {"challenge", "bonus"}


def _mutant(name: str, loses: set[str], *edits: tuple[str, str]) -> Mutant:
    return Mutant(name, edits, frozenset(loses))


MUTANTS = (
    _mutant(
        "define_returns_nothing",
        {"define"},
        ("    return keras.Sequential(", "    model = keras.Sequential("),
    ),
    _mutant("unknown_optimizer", {"compile"}, ("optimizers.Adam(", "optimizers.Adamant(")),
    _mutant(
        "fit_on_other_labels",
        {"fit"},
        ("        y,\n        epochs", "        y[:-1],\n        epochs"),
    ),
    _mutant(
        "lambda_layer",
        {"export"},
        ("layers.Rescaling(1 / 255)", "layers.Lambda(lambda x: x / 255)"),
        *QUICK,
    ),
    _mutant(
        "logits_for_probabilities",
        {"softmax_head"},
        ('layers.Dense(10, activation="softmax")', "layers.Dense(10)"),
        *QUICK,
    ),
    _mutant(
        "no_scaling",
        {"scaling", *UNTRAINED},
        ("            layers.Rescaling(1 / 255),\n", ""),
        *QUICK,
    ),
    _mutant(
        "too_large",
        {"parameters", *UNTRAINED},
        ('layers.Dense(96, activation="relu")', 'layers.Dense(9_000, activation="relu")'),
        *QUICK,
    ),
    _mutant(
        "too_long",
        {"epochs", *UNTRAINED},
        ("epochs=EPOCHS", "epochs=41"),
        ("        x,\n        y,\n", "        x[:500],\n        y[:500],\n"),
        ("patience=3", "patience=99"),
        *QUICK,
    ),
    _mutant(
        "stopping_watches_what_nobody_computes",
        {"early_stopping", *UNTRAINED},
        ("        validation_split=0.1,\n", ""),
        *QUICK,
    ),
    _mutant("evaluate_returns_a_list", {"evaluate", *UNTRAINED}, (", return_dict=True", ""), *QUICK),
    _mutant("predict_returns_probabilities", {"predict", *UNTRAINED}, (".argmax(axis=1)", ""), *QUICK),
    _mutant("underfits", UNTRAINED, *QUICK),
)
