"""The rules of lab 19."""

from __future__ import annotations

import numpy as np
from lab19_attention import scores
from lab19_attention.cases import FUNCTIONS

from labkit.i18n import texts
from labkit.rubric.answers import without
from labkit.rubric.curves import share
from labkit.rubric.evidence import Evidence
from labkit.rubric.verdict import Status, Verdict

__all__ = ["bends", "exact", "own_work"]

_ = texts(__file__)

_EXACT = {0.75: 0.0, 0.95: 1.0}
_BENT = {0.20: 0.0, 0.50: 1.0}
"""Share of the forms -> share of the points."""


def own_work(evidence: Evidence) -> Verdict:
    """No library does what is to be written out; `attend_with_keras` and the steps use Keras."""
    anywhere = without("scipy", "keras.ops", "tensorflow.nn")(evidence)
    if anywhere.status is not Status.PASSED:
        return anywhere
    written = [function for function in FUNCTIONS if function != "attend_with_keras"]
    return without("tensorflow", "keras", inside=written)(evidence)


def exact(evidence: Evidence) -> Verdict:
    """Forms of regular verbs that no training row has are right to the last letter."""
    forms = scores.regular(evidence)
    if not forms:
        return Verdict.failed(_("The exported model gave no answers that fit."))
    right = float(np.mean([form.said == form.right for form in forms]))
    message = _(
        "{right:.1%} of {count} unseen regular forms are exactly right; full points at {full:.0%}.",
        right=right,
        count=len(forms),
        full=max(_EXACT),
    )
    return Verdict.passed(message, share(_EXACT, right), value=right)


def bends(evidence: Evidence) -> Verdict:
    """Forms that do not follow from the infinitive come out as if they did."""
    forms = scores.irregular(evidence)
    if not forms:
        return Verdict.failed(_("The exported model gave no answers that fit."))
    right = float(np.mean([form.said == form.right for form in forms]))
    bent = float(np.mean([form.said == form.ruled for form in forms]))
    message = _(
        "Of {count} irregular forms it says {bent:.0%} as the rule would have them, and {right:.0%} as "
        "they are; full points where {full:.0%} follow the rule.",
        count=len(forms),
        bent=bent,
        right=right,
        full=max(_BENT),
    )
    return Verdict.passed(message, share(_BENT, bent), bent=bent, right=right)
