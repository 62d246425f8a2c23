"""What counts in lab 19: forms that are right to the last letter, answered without any help."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from lab19_attention.tables import END, SOURCE, STEPS, asked, regularized, verbs, written

from labkit.rubric.evidence import Evidence

__all__ = ["Form", "answered", "exact", "finished", "irregular", "regular"]


@dataclass(frozen=True, slots=True)
class Form:
    """One hidden form.

    Args:
        infinitive: Of the verb.
        place: Of the form among its 24.
        said: What the model made of it.
        right: What it is.
        ruled: What it would be if the verb went like hablar, comer or vivir.
        regular: Whether the verb follows rules.
    """

    infinitive: str
    place: int
    said: str
    right: str
    ruled: str
    regular: bool


def finished(said: np.ndarray) -> np.ndarray:
    """Answers with zeros behind their first end."""
    ended = np.cumsum(said == END, axis=-1) - (said == END)
    return np.where(ended > 0, 0, said)


def exact(said: np.ndarray, y: np.ndarray) -> float:
    """Share of the answers that are right to their end.

    Raises:
        ValueError: They are not of one shape.
    """
    if said.shape != y.shape:
        raise ValueError(f"expected {y.shape}. Received: {said.shape}")
    return float((finished(said) == y).all(axis=1).mean())


def answered(evidence: Evidence) -> tuple[Form, ...]:
    """The hidden forms, in order; none where the model did not answer."""
    said, x = evidence.predictions.get("main:hidden"), evidence.inputs.get("main:hidden")
    if said is None or x is None or said.shape != (len(x), STEPS) or x.shape[1] != SOURCE:
        return ()
    forms = []
    for question, answer in zip(x, said):
        infinitive, place = asked(question)
        verb = verbs()[infinitive]
        right, ruled = verb.forms[place], regularized(infinitive)[place]
        forms.append(Form(infinitive, place, _spelled(answer), right, ruled, verb.regular))
    return tuple(forms)


def regular(evidence: Evidence) -> tuple[Form, ...]:
    """Hidden forms of regular verbs."""
    return tuple(form for form in answered(evidence) if form.regular)


def irregular(evidence: Evidence) -> tuple[Form, ...]:
    """Hidden forms that do not follow from the infinitive."""
    return tuple(form for form in answered(evidence) if not form.regular and form.right != form.ruled)


def _spelled(answer: np.ndarray) -> str:
    """The letters said; an answer that never ends is marked."""
    return written(answer) + ("" if END in answer else "\N{HORIZONTAL ELLIPSIS}")
