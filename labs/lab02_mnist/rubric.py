from __future__ import annotations

from labkit.i18n import texts
from labkit.metrics import accuracy
from labkit.report import figures
from labkit.rubric import rules
from labkit.rubric.lab import Budget, Check, Figure, Lab
from labkit.rubric.life_cycle import life_cycle
from labkit.rubric.protocols import HoldOut

_ = texts(__file__)

LAB = Lab(
    number=2,
    slug="mnist",
    title=_("Handwritten digits"),
    chapter=_("Networks that learn from data"),
    order=80,
    minutes=60,
    seconds=12,
    teaches=_("classification, softmax, early stopping"),
    builds_on=(1, 12),
    protocol=HoldOut("mnist"),
    budget=Budget(cpu_seconds=180, parameters=2_000_000, epochs=60),
    checks=(
        *life_cycle(
            0.5,
            hints={
                "define": _("Which layers does an image pass on its way to ten probabilities?"),
            },
        ),
        Check(
            "softmax_head",
            title=_("The last layer gives one probability per digit"),
            points=1,
            needs=("export",),
            rule=rules.output(units=10, activation="softmax"),
            hint=_("Ten classes, one neuron each; which activation makes ten numbers sum to one?"),
        ),
        Check(
            "loss",
            title=_("The loss fits integer labels"),
            points=1,
            needs=("export",),
            rule=rules.loss("sparse_categorical_crossentropy"),
            hint=_("The labels are integers, not one-hot vectors. Which cross-entropy is “sparse”?"),
        ),
        Check(
            "scaling",
            title=_("The network sees small numbers, not 0 to 255"),
            points=1,
            needs=("export",),
            rule=rules.scaled(),
            hint=_("The model is given raw pixels. Which layer can bring them to 0..1 inside it?"),
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
            title=_("evaluate() reports the accuracy"),
            points=0.5,
            needs=("export",),
            rule=rules.evaluates("accuracy", accuracy),
            hint=_("model.evaluate returns a list unless you ask for a dict."),
        ),
        Check(
            "predict",
            title=_("predict() names the digit"),
            points=0.5,
            needs=("export",),
            rule=rules.predicts(lambda answers: answers.argmax(axis=1)),
            hint=_("Of ten probabilities, which one is the answer? One integer per image."),
        ),
        Check(
            "accuracy",
            title=_("It reads digits it has never seen"),
            points=3,
            needs=("export",),
            rule=rules.metric(_("Accuracy on hidden digits"), accuracy, {0.90: 0, 0.97: 1}, ".2%"),
            hint=_("Do both losses still fall at the end? More epochs or more neurons may help."),
        ),
    ),
    figures=(
        Figure(
            "samples",
            title=_("What the network sees"),
            draw=lambda evidence: figures.samples(evidence, "mnist"),
            caption=_("Digits from the training rows with their labels."),
        ),
        Figure(
            "confusion",
            title=_("What it confuses"),
            draw=lambda evidence: figures.confusion(evidence, "mnist"),
            caption=_("Rows are the true digit, columns what the model says; the diagonal is right."),
        ),
        Figure(
            "most_wrong",
            title=_("Surest mistakes"),
            draw=lambda evidence: figures.most_wrong(evidence, "mnist"),
            caption=_("The hidden digits it was most sure about, and wrong. Would you have known?"),
        ),
    ),
)
