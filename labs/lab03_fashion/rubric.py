from __future__ import annotations

from labkit.i18n import texts
from labkit.metrics import cross_entropy
from labkit.report import figures
from labkit.rubric import rules
from labkit.rubric.lab import Budget, Check, Figure, Lab
from labkit.rubric.life_cycle import life_cycle
from labkit.rubric.protocols import HoldOut

_ = texts(__file__)

_PARAMETERS = 300_000
_EPOCHS = 40

LAB = Lab(
    number=3,
    slug="fashion",
    title=_("The Fashion-MNIST challenge"),
    chapter=_("Networks that learn from data"),
    order=90,
    minutes=120,
    seconds=45,
    teaches=_("under- and overfitting, dropout, a loss ≤ 0.30"),
    builds_on=(2, 15),
    protocol=HoldOut("fashion_mnist"),
    budget=Budget(cpu_seconds=600, parameters=_PARAMETERS, epochs=_EPOCHS),
    checks=(
        *life_cycle(
            0.5,
            hints={
                "define": _(
                    "Begin with the network of lab 2; garments come in the same shape as digits."
                ),
            },
        ),
        Check(
            "softmax_head",
            title=_("The last layer gives one probability per garment"),
            points=0.5,
            needs=("export",),
            rule=rules.output(units=10, activation="softmax"),
            hint=_("Which activation turns ten numbers into probabilities that sum to one?"),
        ),
        Check(
            "scaling",
            title=_("The network sees small numbers, not 0 to 255"),
            points=0.5,
            needs=("export",),
            rule=rules.scaled(),
            hint=_("The model is given raw pixels. Which layer can bring them to 0..1 inside it?"),
        ),
        Check(
            "parameters",
            title=_("At most 300,000 parameters"),
            points=0.5,
            needs=("export",),
            rule=rules.parameters(_PARAMETERS),
            hint=_("Where do most weights sit: behind a Flatten? What could come before it?"),
        ),
        Check(
            "epochs",
            title=_("At most 40 epochs"),
            points=0.5,
            needs=("fit",),
            rule=rules.epochs(_EPOCHS),
            hint=_("When the validation loss no longer falls, more epochs only overfit."),
        ),
        Check(
            "early_stopping",
            title=_("Training stops early and keeps the best weights"),
            points=1,
            needs=("fit",),
            rule=rules.stops_early(),
            hint=_(
                "What does EarlyStopping watch, who computes it, and which weights stay at the end?"
            ),
        ),
        Check(
            "evaluate",
            title=_("evaluate() reports the loss"),
            points=0.5,
            needs=("export", "softmax_head"),
            rule=rules.evaluates("loss", cross_entropy),
            hint=_("model.evaluate returns a list unless you ask for a dict."),
        ),
        Check(
            "predict",
            title=_("predict() names the garment"),
            points=0.5,
            needs=("export",),
            rule=rules.predicts(lambda answers: answers.argmax(axis=1)),
            hint=_("Of ten probabilities, which one is the answer? One integer per image."),
        ),
        Check(
            "challenge",
            title=_("A loss of 0.30 or less on garments it has never seen"),
            points=4,
            needs=("export", "softmax_head"),
            rule=rules.metric(_("Loss on hidden garments"), cross_entropy, {0.30: 1, 0.45: 0}, ".3f"),
            hint=_(
                "Compare both loss curves. Far apart: it overfits, so Dropout or a smaller network. "
                "Close together and high: it underfits, so a larger network or convolutions."
            ),
        ),
        Check(
            "bonus",
            title=_("A loss on the way to 0.25"),
            points=1,
            needs=("export", "softmax_head"),
            bonus=True,
            rule=rules.metric(_("Loss on hidden garments"), cross_entropy, {0.25: 1, 0.30: 0}, ".3f"),
            hint=_("Convolutions see an edge wherever it is; a falling learning rate settles better."),
        ),
    ),
    figures=(
        Figure(
            "samples",
            title=_("What the network sees"),
            draw=lambda evidence: figures.samples(evidence, "fashion_mnist"),
            caption=_("Garments from the training rows with their labels."),
        ),
        Figure(
            "confusion",
            title=_("What it confuses"),
            draw=lambda evidence: figures.confusion(evidence, "fashion_mnist"),
            caption=_("Rows are the true garment, columns what the model says; the diagonal is right."),
        ),
        Figure(
            "most_wrong",
            title=_("Surest mistakes"),
            draw=lambda evidence: figures.most_wrong(evidence, "fashion_mnist"),
            caption=_("The hidden garments it was most sure about, and wrong. Would you have known?"),
        ),
    ),
)
