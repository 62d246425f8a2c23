"""Rules that labs share. Each function returns a rule: a pure function from evidence to verdict.

A rule looks at what the replay read from the exported model, or recomputes a metric from its
predictions; only the rules on steps, `evaluate`, `predict` and early stopping read what the
student's own process said, because that is what they are about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from labkit.i18n import Text, Verbatim, texts
from labkit.rubric.curves import share
from labkit.rubric.evidence import Evidence, Step, StepState
from labkit.rubric.verdict import Status, Verdict
from labkit.rubric.whereabouts import whereabouts

if TYPE_CHECKING:
    Metric = Callable[[np.ndarray, np.ndarray], float]

Rule = Callable[[Evidence], Verdict]

__all__ = [
    "Rule",
    "epochs",
    "evaluates",
    "exports",
    "loss",
    "metric",
    "output",
    "parameters",
    "predicts",
    "scaled",
    "step",
    "stops_early",
]

_ = texts(__file__)

_SPECIAL = {
    "lost": Verdict.unknown(_("The process that ran your file was lost. Run it again.")),
    "none": Verdict.not_shown(_("A model alone does not show this. Hand in your file.")),
    "altered": Verdict.failed(_("Your file changed the record that the kit keeps of its run.")),
}
"""Endings of a run that decide every check on its steps."""


def step(name: str) -> Rule:
    """The student's function of that name ran to its end."""

    def rule(evidence: Evidence) -> Verdict:
        main = evidence.main
        if main.outcome in _SPECIAL:
            return _SPECIAL[main.outcome]
        broken = main.step("import")
        if broken.state is not StepState.DONE:
            return _broken(broken, main.outcome)
        found = main.step(name)
        if found.state is StepState.DONE:
            return Verdict.passed(_("{step} ran.", step=name))
        return _broken(found, main.outcome)

    return rule


def exports() -> Rule:
    """The model could be saved as ``.h5``, passed the screen and answered when it was replayed."""

    def rule(evidence: Evidence) -> Verdict:
        saved, outcome = evidence.main.step("export"), evidence.main.outcome
        if saved.state is not StepState.DONE and outcome != "none":
            return _SPECIAL.get(outcome) or _broken(saved, outcome)
        if evidence.replay != "ended":
            return _replay_broke(evidence.replay)
        if refusal := evidence.model.refusal:
            return Verdict.failed(Verbatim(refusal))
        return Verdict.passed(_("model.h5 was saved, loaded again and answered."))

    return rule


def output(units: int, activation: str) -> Rule:
    """The last layer has so many units and that activation.

    A layer `Activation` or `Softmax` behind a linear `Dense` counts as its activation.
    """

    def rule(evidence: Evidence) -> Verdict:
        found_units, found = _head(evidence.model.card)
        received = {"units": found_units, "activation": found}
        if found_units == units and found == activation:
            return Verdict.passed(
                _("{units} units with {activation}.", units=units, activation=activation)
            )
        return Verdict.failed(
            _(
                "The last layer has {found_units} units with {found}; "
                "expected {units} with {activation}.",
                found_units=found_units,
                found=found,
                units=units,
                activation=activation,
            ),
            **received,
        )

    return rule


def loss(*names: str) -> Rule:
    """The model was compiled with one of these losses, in Keras' snake-case names."""

    def rule(evidence: Evidence) -> Verdict:
        found = str(evidence.model.card.get("loss", ""))
        if found in names:
            return Verdict.passed(_("The loss is {loss}.", loss=found))
        return Verdict.failed(
            _(
                "The loss is {loss}; expected {names}.",
                loss=found or "-",
                names=_any_of(names),
            ),
            loss=found,
        )

    return rule


def parameters(at_most: int) -> Rule:
    """The model has no more weights than that."""

    def rule(evidence: Evidence) -> Verdict:
        found = int(evidence.model.card.get("parameters", 0))
        message = _("{found:,} parameters; at most {at_most:,}.", found=found, at_most=at_most)
        if found <= at_most:
            return Verdict.passed(message, parameters=found)
        return Verdict.failed(message, parameters=found)

    return rule


def epochs(at_most: int) -> Rule:
    """No training ran longer than that, counted from its calls of `fit`."""

    def rule(evidence: Evidence) -> Verdict:
        if evidence.main.outcome in _SPECIAL:
            return _SPECIAL[evidence.main.outcome]
        found = max(
            (sum(int(fit.get("epochs_run", 0)) for fit in training.fits))
            for training in evidence.trainings.values()
        )
        message = _("{found} epochs; at most {at_most}.", found=found, at_most=at_most)
        if found <= at_most:
            return Verdict.passed(message, epochs=found)
        return Verdict.failed(message, epochs=found)

    return rule


def scaled(largest: float = 10.0) -> Rule:
    """The first layer with weights is given numbers whose magnitude is at most ``largest``."""

    def rule(evidence: Evidence) -> Verdict:
        probe = evidence.probe
        if not probe:
            return Verdict.unknown(_("The input of the first layer could not be measured."))
        low, high = float(probe["minimum"]), float(probe["maximum"])
        message = _(
            "The first layer with weights is given numbers from {low:.4g} to {high:.4g}.",
            low=low,
            high=high,
        )
        if max(abs(low), abs(high)) <= largest:
            return Verdict.passed(message, **probe)
        return Verdict.failed(message, **probe)

    return rule


def stops_early(at_least: int = 1) -> Rule:
    """`fit` was given early stopping that monitors something it computes and keeps the best weights.

    Args:
        at_least: Epochs that must have run for early stopping to have had a say.
    """

    def rule(evidence: Evidence) -> Verdict:
        if evidence.main.outcome in _SPECIAL:
            return _SPECIAL[evidence.main.outcome]
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
            return _replay_broke(evidence.replay)
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
            return _replay_broke(evidence.replay)
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


def metric(
    name: Text,
    function: Metric,
    curve: Mapping[float, float],
    form: str = ".4f",
    question: str = "main:hidden",
) -> Rule:
    """A metric of the exported model on inputs whose labels it never met.

    Args:
        name: What the metric is called, for the message.
        function: Function of predictions and labels.
        curve: Metric -> share of the points, see `labkit.rubric.curves.share`.
        form: How the number is written, a format specification.
        question: Which inputs.
    """

    def rule(evidence: Evidence) -> Verdict:
        if question not in evidence.predictions:
            return _replay_broke(evidence.replay)
        try:
            value = function(evidence.predictions[question], evidence.truth[question])
        except ValueError as error:
            return Verdict.failed(_("The exported model's answers do not fit: {error}", error=error))
        full = next(knot for knot, part in sorted(curve.items()) if part == max(curve.values()))
        if curve[min(curve)] > curve[max(curve)]:
            full = max(knot for knot, part in curve.items() if part == max(curve.values()))
        message = _(
            "{name}: {value}; full points at {full}.",
            name=name,
            value=format(value, form),
            full=format(full, form),
        )
        return Verdict.passed(message, share(curve, value), value=value)

    return rule


def _broken(step: Step, outcome: str) -> Verdict:
    """The verdict on a step that did not end well."""
    error: Mapping[str, Any] = step.error
    if step.state is StepState.TODO:
        return Verdict.failed(_("{step} is not written yet.", step=step.name))
    if step.state is StepState.MISSING:
        return Verdict.failed(_("Your file has no function called {step}.", step=step.name))
    if step.state is StepState.ERROR:
        lines = error.get("lines")
        last = lines[-1] if isinstance(lines, list) and lines else None
        where: object = ""
        if isinstance(last, Mapping):
            place = whereabouts(last.get("line"), last.get("cell"))
            where = _(" ({place}: {code})", place=place, code=last.get("code"))
        return Verdict.failed(
            _(
                "{step} raised {type}: {message}{where}",
                step=step.name,
                type=error.get("type", ""),
                message=error.get("message", ""),
                where=where,
            )
        )
    endings = {
        "time": _("Its time was up while {step} ran.", step=step.name),
        "memory": _("It used more memory than it may while {step} ran.", step=step.name),
        "died": _("The process ended abruptly while {step} ran.", step=step.name),
    }
    return Verdict.failed(endings.get(outcome, _("{step} did not run.", step=step.name)))


def _replay_broke(outcome: str) -> Verdict:
    """The verdict where the exported model gave no answers."""
    if outcome == "lost":
        return Verdict.unknown(_("The process that asked your model was lost. Run it again."))
    if outcome in ("time", "memory"):
        return Verdict.failed(_("The exported model used up its time or memory when it was asked."))
    return Verdict.failed(_("The exported model gave no answers."))


def _head(card: Mapping[str, Any]) -> tuple[int | None, str]:
    """Units and activation of the last layer, `Activation` and `Softmax` read as activations."""
    activation = ""
    for layer in reversed(card.get("layers", ())):
        kind = layer.get("class_name", "")
        found = layer.get("activation") or "linear"
        if kind in ("Activation", "Softmax"):
            activation = activation or ("softmax" if kind == "Softmax" else found)
            continue
        return layer.get("units"), activation or found
    return None, activation


def _any_of(names: tuple[str, ...]) -> str:
    return " / ".join(names)
