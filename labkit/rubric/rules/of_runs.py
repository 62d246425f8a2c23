"""Rules on what a student's file did while it ran: its steps, its trainings, what it returned."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from labkit.i18n import texts
from labkit.rubric.evidence import Evidence, StepState
from labkit.rubric.rules.endings import SPECIAL, broken, replay_broke
from labkit.rubric.rules.rule import Metric, Rule
from labkit.rubric.verdict import Status, Verdict

__all__ = ["epochs", "evaluates", "predicts", "step", "stops_early"]

_ = texts(__file__)


def step(name: str) -> Rule:
    """The student's function of that name ran to its end."""

    def rule(evidence: Evidence) -> Verdict:
        main = evidence.main
        if main.outcome in SPECIAL:
            return SPECIAL[main.outcome]
        imported = main.step("import")
        if imported.state is not StepState.DONE:
            return broken(imported, main.outcome)
        found = main.step(name)
        if found.state is StepState.DONE:
            return Verdict.passed(_("{step} ran.", step=name))
        return broken(found, main.outcome)

    return rule


def epochs(at_most: int) -> Rule:
    """No training ran longer than that, counted from its calls of `fit`."""

    def rule(evidence: Evidence) -> Verdict:
        if evidence.main.outcome in SPECIAL:
            return SPECIAL[evidence.main.outcome]
        found = max(
            (sum(int(fit.get("epochs_run", 0)) for fit in training.fits))
            for training in evidence.trainings.values()
        )
        message = _("{found} epochs; at most {at_most}.", found=found, at_most=at_most)
        if found <= at_most:
            return Verdict.passed(message, epochs=found)
        return Verdict.failed(message, epochs=found)

    return rule


def stops_early(at_least: int = 1) -> Rule:
    """`fit` was given early stopping that monitors something it computes and keeps the best weights.

    Args:
        at_least: Epochs that must have run for early stopping to have had a say.
    """

    def rule(evidence: Evidence) -> Verdict:
        if evidence.main.outcome in SPECIAL:
            return SPECIAL[evidence.main.outcome]
        stoppers = [
            (fit, callback)
            for fit in evidence.main.fits
            for callback in fit.get("callbacks", ())
            if callback.get("name") == "EarlyStopping"
        ]
        if not stoppers:
            return Verdict.failed(_("fit was given no EarlyStopping."))
        fit, callback = stoppers[-1]
        monitor = callback.get("monitor")
        if monitor in fit.get("never_computed", ()):
            return Verdict.failed(
                _(
                    "EarlyStopping monitors {monitor}, which nothing computes: it can never stop.",
                    monitor=monitor,
                )
            )
        if not callback.get("restore_best_weights"):
            return Verdict.failed(
                _("EarlyStopping keeps the last weights; expected the best ones to be restored.")
            )
        ran = int(fit.get("epochs_run", 0))
        if ran < at_least:
            return Verdict.failed(
                _("Only {ran} epochs ran; expected {at_least} or more.", ran=ran, at_least=at_least)
            )
        return Verdict.passed(_("It watches {monitor} and restores the best weights.", monitor=monitor))

    return rule


def evaluates(name: str, metric: Metric, tolerance: float = 0.01) -> Rule:
    """What `evaluate` returned under ``name`` is what the exported model gives on the hold-out.

    Args:
        name: Key of the metric in the returned dict.
        metric: Function of predictions and labels.
        tolerance: Relative or absolute difference that is let pass.
    """

    def rule(evidence: Evidence) -> Verdict:
        ran = step("evaluate")(evidence)
        if ran.status is not Status.PASSED:
            return ran
        claims = evidence.main.claims
        if name not in claims:
            return Verdict.failed(
                _(
                    "evaluate returned {names}; expected {name} among them.",
                    names=", ".join(claims) or "{}",
                    name=name,
                )
            )
        if "main:holdout" not in evidence.predictions:
            return replay_broke(evidence.replay)
        key, claimed = "main:holdout", claims[name]
        try:
            measured = metric(evidence.predictions[key], evidence.truth[key])
        except ValueError as error:
            return Verdict.failed(_("The exported model's answers do not fit: {error}", error=error))
        message = _(
            "evaluate says {name} = {claimed:.4g}; the exported model gives {measured:.4g}.",
            name=name,
            claimed=claimed,
            measured=measured,
        )
        if abs(claimed - measured) <= tolerance * max(1.0, abs(measured)):
            return Verdict.passed(message, claimed=claimed, measured=measured)
        return Verdict.failed(message, claimed=claimed, measured=measured)

    return rule


def predicts(
    expected: Callable[[np.ndarray], np.ndarray],
    tolerance: float = 1e-3,
    question: str = "main:holdout",
) -> Rule:
    """What `predict` returned agrees with the exported model's answers.

    Args:
        expected: From the model's raw answers to what `predict` should return, as
            ``lambda p: p.argmax(axis=1)`` for labels.
        tolerance: Largest share of rows that may differ, and relative difference of numbers.
        question: What `predict` was asked.
    """

    def rule(evidence: Evidence) -> Verdict:
        ran = step("predict")(evidence)
        if ran.status is not Status.PASSED:
            return ran
        returned = evidence.main.outputs.get("predict")
        answers = evidence.predictions.get(question)
        if returned is None or answers is None:
            return replay_broke(evidence.replay)
        wanted = expected(answers)
        if returned.shape != wanted.shape:
            return Verdict.failed(
                _(
                    "predict returned shape {returned}; expected {wanted}.",
                    returned=returned.shape,
                    wanted=wanted.shape,
                )
            )
        wrong = ~np.isclose(returned, wanted, rtol=tolerance, atol=tolerance)
        if wrong.mean() <= tolerance:
            return Verdict.passed(_("predict agrees with the exported model."))
        return Verdict.failed(
            _(
                "predict differs from the exported model in {wrong:.1%} of the answers.",
                wrong=wrong.mean(),
            ),
            wrong=float(wrong.mean()),
        )

    return rule
