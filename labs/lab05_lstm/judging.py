"""The rules of lab 5."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from lab05_lstm import scores, tables

from labkit.i18n import Text, texts
from labkit.rubric import rules
from labkit.rubric.answers import each, without
from labkit.rubric.curves import share
from labkit.rubric.evidence import Answer, Evidence
from labkit.rubric.rules import Rule
from labkit.rubric.verdict import Status, Verdict

__all__ = ["ambiguous", "head", "own_work", "padding_unlearnt", "padding_unread", "predicts"]
__all__ += ["step_part", "unknown"]

_ = texts(__file__)

_AMBIGUOUS = {0.85: 0.0, 0.97: 1.0}
_UNKNOWN = {0.60: 0.0, 0.85: 1.0}
"""Share of the words that are named rightly -> share of the points."""

_SAME = 0.01  # probabilities that differ by less are the same


def step_part(parts: tuple[int, ...]) -> Rule:
    """Some of the three things that `lstm_step` returns are those of the reference."""
    names = (_("the new output"), _("the new memory"), _("the gates"))

    def judge(answer: Answer) -> Verdict | None:
        found, wanted = answer.returned or (), answer.expected or ()
        shapes = [", ".join(str(array.shape) for array in arrays) for arrays in (found, wanted)]
        if shapes[0] != shapes[1]:
            said = _(
                "lstm_step(), case {case}: it returned {found}; expected {wanted}.",
                case=answer.case,
                found=shapes[0],
                wanted=shapes[1],
            )
            return Verdict.failed(said)
        for part in parts:
            mine, right = found[part], wanted[part]
            if mine.dtype.kind not in "biuf" or not np.allclose(mine, right, rtol=1e-5, atol=1e-6):
                return Verdict.failed(_difference(answer.case, names[part], mine, right))
        return None

    return each("lstm_step", judge)


def _difference(case: str, name: object, mine: np.ndarray, right: np.ndarray):
    """Where two arrays differ, in one sentence."""
    if mine.dtype.kind not in "biuf":
        return _("lstm_step(), case {case}: {name} should be numbers.", case=case, name=name)
    place = np.unravel_index(np.argmin(np.isclose(mine, right, rtol=1e-5, atol=1e-6)), right.shape)
    return _(
        "lstm_step(), case {case}: {name} at {place} is {mine}; expected {right}.",
        case=case,
        name=name,
        place=[int(number) for number in place],
        mine=f"{mine[place]:.6g}",
        right=f"{right[place]:.6g}",
    )


def own_work(evidence: Evidence) -> Verdict:
    """The step is written out, whatever the rest of the file uses."""
    cells = tuple(use for use in evidence.uses if use.name.endswith(".LSTMCell"))
    anywhere = without("keras", "tensorflow")(replace(evidence, uses=cells))
    if anywhere.status is not Status.PASSED:
        return anywhere
    return without("keras", "tensorflow", "torch", "jax", inside=("lstm_step",))(evidence)


def head(evidence: Evidence) -> Verdict:
    """There are ten probabilities for each word."""
    found = evidence.predictions.get("main:hidden")
    shape = (*evidence.truth["main:hidden"].shape, len(tables.TAGS))
    if found is None or found.shape != shape:
        said = _(
            "The model answers {found}; expected {shape}.",
            found=getattr(found, "shape", "-"),
            shape=shape,
        )
        return Verdict.failed(said)
    if found.min() < 0 or not np.allclose(found.sum(axis=-1), 1, atol=1e-3):
        return Verdict.failed(
            _("The ten numbers of a word are no probabilities: they do not sum to one.")
        )
    return Verdict.passed(_("Ten probabilities for each word."))


def padding_unread(evidence: Evidence) -> Verdict:
    """Where the padding stands changes nothing."""
    behind, front = scores.front_and_back(evidence)
    share_moved = float((np.abs(behind - front).max(axis=-1) > _SAME).mean())
    message = _(
        "With the padding in front of the sentence in place of behind it, the answer is another for "
        "{moved:.1%} of the words; expected none.",
        moved=share_moved,
    )
    if share_moved == 0:
        return Verdict.passed(_("The answer for a word does not depend on the padding."))
    return Verdict.failed(message, moved=share_moved)


def padding_unlearnt(evidence: Evidence) -> Verdict:
    """The loss did not count padding: what nobody asked for was not learnt."""
    probabilities, x = scores.answers(evidence), evidence.inputs["main:hidden"]
    if probabilities is None:
        return head(evidence)
    sure = float(probabilities[x == tables.PADDING][:, tables.PADDING].mean())
    if sure >= 0.5:
        said = _(
            "Where there is padding, the model says so with a probability of {sure:.2f}: the loss "
            "counted it.",
            sure=sure,
        )
        return Verdict.failed(said, sure=sure)
    return Verdict.passed(_("What to say of padding, nothing has taught it."), sure=sure)


def predicts(evidence: Evidence) -> Verdict:
    """predict() gives the most probable tags, and 0 for padding."""
    ran = rules.step("predict")(evidence)
    answers, returned = evidence.predictions.get("main:holdout"), evidence.main.outputs.get("predict")
    if ran.status is not Status.PASSED or answers is None or returned is None:
        return ran
    x = evidence.inputs["main:holdout"]
    if returned.shape != x.shape:
        said = _(
            "predict returned shape {found}; expected {wanted}.", found=returned.shape, wanted=x.shape
        )
        return Verdict.failed(said)
    padding = x == tables.PADDING
    if returned[padding].any():
        return Verdict.failed(_("predict gives padding a tag other than 0."))
    wrong = float((returned != answers.argmax(axis=-1))[~padding].mean())
    message = _("predict differs from the exported model for {wrong:.1%} of the words.", wrong=wrong)
    return Verdict.passed(message) if wrong <= 1e-3 else Verdict.failed(message, wrong=wrong)


def ambiguous(evidence: Evidence) -> Verdict:
    """Ambiguous words of hidden sentences, against always the most frequent tag."""
    model, common, count = scores.ambiguous(evidence)
    message = _(
        "{model:.1%} of {count} ambiguous words in hidden sentences; always the most frequent tag: "
        "{common:.1%}; full points from {full:.0%}.",
        model=model,
        count=count,
        common=common,
        full=max(_AMBIGUOUS),
    )
    return Verdict.passed(
        message, share(_AMBIGUOUS, model), accuracy=model, baseline=common, words=count
    )


def unknown(evidence: Evidence) -> Verdict:
    """Unknown words of hidden sentences."""
    model, count = scores.unknown(evidence)
    message = _(
        "{model:.1%} of {count} unknown words in hidden sentences; full points from {full:.0%}.",
        model=model,
        count=count,
        full=max(_UNKNOWN),
    )
    return Verdict.passed(message, share(_UNKNOWN, model), accuracy=model, words=count)
