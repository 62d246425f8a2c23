"""Rules on the exported model: what it is made of, and how well it answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labkit.i18n import Text, Verbatim, texts
from labkit.rubric.curves import share
from labkit.rubric.evidence import Evidence, StepState
from labkit.rubric.rules.endings import SPECIAL, broken, replay_broke
from labkit.rubric.rules.rule import Metric, Rule
from labkit.rubric.verdict import Verdict

__all__ = ["exports", "loss", "metric", "output", "parameters", "scaled"]

_ = texts(__file__)


def exports() -> Rule:
    """The model could be saved as ``.h5``, passed the screen and answered when it was replayed."""

    def rule(evidence: Evidence) -> Verdict:
        saved, outcome = evidence.main.step("export"), evidence.main.outcome
        if saved.state is not StepState.DONE and outcome != "none":
            return SPECIAL.get(outcome) or broken(saved, outcome)
        if evidence.replay != "ended":
            return replay_broke(evidence.replay)
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
            return replay_broke(evidence.replay)
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
