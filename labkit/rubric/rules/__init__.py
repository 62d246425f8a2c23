"""Rules that labs share. Each function returns a rule: a pure function from evidence to verdict.

A rule looks at what the replay read from the exported model, or recomputes a metric from its
predictions; only the rules on steps, `evaluate`, `predict` and early stopping read what the
student's own process said, because that is what they are about.
"""

from __future__ import annotations

from labkit.rubric.rules.of_models import exports, loss, metric, output, parameters, scaled
from labkit.rubric.rules.of_runs import epochs, evaluates, predicts, step, stops_early
from labkit.rubric.rules.rule import Metric, Rule

__all__ = [
    "Metric",
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
