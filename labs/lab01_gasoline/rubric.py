"""Lab 1: what is looked at."""

from __future__ import annotations

from lab01_gasoline import figures, folds

from labkit.i18n import texts
from labkit.metrics import mean_absolute_error
from labkit.rubric import rules
from labkit.rubric.curves import share
from labkit.rubric.evidence import Evidence
from labkit.rubric.lab import Budget, Check, Figure, Lab
from labkit.rubric.life_cycle import life_cycle
from labkit.rubric.protocols import RepeatedKFold
from labkit.rubric.verdict import Verdict

__all__ = ["CURVE", "LAB", "every_fold_answers", "near_least_squares"]

_ = texts(__file__)

CURVE = {1.05: 1.0, 1.40: 0.0}
"""Mean absolute error as a multiple of that of least squares -> share of the points."""

_TINY = 1e-9  # a table that lies on a plane leaves least squares no error to divide by


def every_fold_answers(evidence: Evidence) -> Verdict:
    """The steps ran on every fold, and each model gave one finite number for each row."""
    names = folds.names(evidence)
    outcomes = {evidence.trainings[name].outcome for name in names}
    if "lost" in outcomes or evidence.replay == "lost":
        return Verdict.unknown(_("A process of the kit was lost. Run it again."))
    broken = [name for name in names if not folds.answered(evidence, name)]
    if broken:
        return Verdict.failed(
            _(
                "{broken} of {folds} folds gave no finite number for each row; the first is {first}.",
                broken=len(broken),
                folds=len(names),
                first=broken[0],
            ),
            broken=broken,
        )
    return Verdict.passed(_("All {folds} folds were trained and answered.", folds=len(names)))


def near_least_squares(evidence: Evidence) -> Verdict:
    """Mean absolute error over the folds, against least squares on the same folds."""
    network, plane, constant = (float(errors.mean()) for errors in folds.errors(evidence))
    ratio = network / max(plane, _TINY)
    message = _(
        "Mean absolute error over {folds} folds: {network:.1f}. Least squares: {plane:.1f}; "
        "always the mean: {constant:.1f}. Full points up to {full:.1f}.",
        folds=len(folds.names(evidence)),
        network=network,
        plane=plane,
        constant=constant,
        full=min(CURVE) * plane,
    )
    return Verdict.passed(
        message, share(CURVE, ratio), mae=network, least_squares=plane, mean=constant, ratio=ratio
    )


_CHECKS = (
    *life_cycle(
        0.5,
        hints={
            "define": _("Which layers does a row of four numbers pass on its way to one number?"),
            "fit": _(
                "Adapt the layer that scales, then give model.fit the rows and a number of epochs."
            ),
        },
    ),
    Check(
        "linear_head",
        title=_("The last layer gives one number that may be anything"),
        points=1,
        needs=("export",),
        rule=rules.output(units=1, activation="linear"),
        hint=_("One quantity, one neuron. Which activations could never answer 577?"),
    ),
    Check(
        "loss",
        title=_("The loss measures a distance between numbers"),
        points=0.5,
        needs=("export",),
        rule=rules.loss("mean_squared_error", "mean_absolute_error", "huber", "huber_loss", "log_cosh"),
        hint=_("Cross-entropies compare probabilities. What compares 540 with 577?"),
    ),
    Check(
        "scaling",
        title=_("The network sees inputs of moderate size"),
        points=1.5,
        needs=("export",),
        rule=rules.scaled(),
        hint=_(
            "Highways go up to 17,782 and licences from 0.45 to 0.72. Which layer inside the model "
            "can bring them to a like scale, and when does it learn which scale that is?"
        ),
    ),
    Check(
        "parameters",
        title=_("The network is small, as 38 rows ask for"),
        points=0.5,
        needs=("export",),
        rule=rules.parameters(1_000),
        hint=_("How many weights can 38 numbers pin down? One narrow hidden layer goes far."),
    ),
    Check(
        "evaluate",
        title=_("evaluate() reports the mean absolute error"),
        points=0.5,
        needs=("export",),
        rule=rules.evaluates("mae", mean_absolute_error),
        hint=_("model.evaluate returns a list unless you ask for a dict; compile named the metric."),
    ),
    Check(
        "predict",
        title=_("predict() gives one number for each row"),
        points=0.5,
        needs=("export",),
        rule=rules.predicts(lambda answers: answers.reshape(len(answers), -1)[:, 0]),
        hint=_("model.predict returns a column, (n, 1). What is y − ŷ for shapes (n,) and (n, 1)?"),
    ),
    Check(
        "folds",
        title=_("Every one of the 25 folds is trained and answers"),
        points=0.5,
        needs=("export",),
        rule=every_fold_answers,
        hint=_("Does your code rely on one number of rows, or divide by what can be zero?"),
    ),
    Check(
        "error",
        title=_("It predicts states it has never seen, as well as least squares"),
        points=3,
        needs=("folds",),
        rule=near_least_squares,
        hint=_(
            "The answers lie around 577, and a bias begins at 0: how many steps of the optimizer "
            "lie between them? Look where the loss curve ends, and whether it still falls."
        ),
    ),
)

LAB = Lab(
    number=1,
    slug="gasoline",
    title=_("Petrol in 48 states"),
    chapter=_("Networks that learn from data"),
    order=70,
    minutes=60,
    seconds=20,
    teaches=_("regression, scaling, outliers, repeated K-fold"),
    builds_on=(11, 12),
    protocol=RepeatedKFold("gasoline"),
    budget=Budget(cpu_seconds=60, parameters=100_000, epochs=1_000),
    checks=_CHECKS,
    figures=(
        Figure(
            "predicted",
            title=_("Predicted against measured"),
            draw=figures.predicted,
            caption=_(
                "Every state appears once for each of the five repetitions, predicted by networks "
                "that never saw it. On the line it is exactly right; the ring marks the state that "
                "burns most."
            ),
        ),
        Figure(
            "residuals",
            title=_("Residuals"),
            draw=figures.residuals,
            caption=_(
                "Above zero the network says too much. A slope or a funnel is something it has "
                "not learnt; one state far below is an outlier."
            ),
        ),
        Figure(
            "errors_by_fold",
            title=_("How much a single split depends on luck"),
            draw=figures.errors_by_fold,
            caption=_(
                "Each fold holds other states back. Dashed lines are the averages, which the grade "
                "rests on."
            ),
        ),
    ),
)
