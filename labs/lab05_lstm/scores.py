"""What counts in lab 5, in NumPy: words of a class that the model names, padding left out."""

from __future__ import annotations

import numpy as np
from lab05_lstm.tables import PADDING, TAGS, UNKNOWN, ambiguous_ids, turned

from labkit.rubric.evidence import Evidence

__all__ = ["ambiguous", "answers", "baseline", "front_and_back", "named", "token_accuracy", "unknown"]


def token_accuracy(probabilities: np.ndarray, y: np.ndarray) -> float:
    """Share of the words whose most probable tag is theirs.

    Args:
        probabilities: ``(sentences, words, tags)``.
        y: Tags, ``(sentences, words)``, 0 where there is padding.

    Raises:
        ValueError: There is no such row of probabilities for each word.
    """
    if probabilities.shape != (*y.shape, len(TAGS)):
        raise ValueError(f"expected {(*y.shape, len(TAGS))}. Received: {probabilities.shape}")
    return float((probabilities.argmax(axis=-1) == y)[y != PADDING].mean())


def baseline(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Word -> the tag it has most often, ``(largest word + 1,)``; noun for words that do not come."""
    counts = np.zeros((max(int(x.max()), *ambiguous_ids()) + 1, len(TAGS)), dtype=int)
    np.add.at(counts, (x.ravel(), y.ravel()), 1)
    return np.where(counts.any(axis=1), counts.argmax(axis=1), TAGS.index("N"))


def answers(evidence: Evidence) -> np.ndarray | None:
    """The model's probabilities for the hidden sentences, where they are such."""
    found = evidence.predictions.get("main:hidden")
    fits = found is not None and found.shape == (*evidence.truth["main:hidden"].shape, len(TAGS))
    return found if fits else None


def named(evidence: Evidence) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Hidden sentences, their tags, the model's and those of the baseline, without the turned ones."""
    x, probabilities = evidence.inputs["main:hidden"], answers(evidence)
    if probabilities is None:
        raise ValueError("there are no answers")
    common = baseline(*map(np.asarray, evidence.rows["main"]))
    plain = x[:, 0] != PADDING
    guessed = common[np.minimum(x, len(common) - 1)]
    return (
        x[plain],
        evidence.truth["main:hidden"][plain],
        probabilities.argmax(-1)[plain],
        guessed[plain],
    )


def ambiguous(evidence: Evidence) -> tuple[float, float, int]:
    """Shares of the ambiguous words that model and baseline name, and how many there are."""
    x, y, said, guessed = named(evidence)
    asked = np.isin(x, ambiguous_ids())
    return float((said == y)[asked].mean()), float((guessed == y)[asked].mean()), int(asked.sum())


def unknown(evidence: Evidence) -> tuple[float, int]:
    """Share of the unknown words that the model names, and how many there are."""
    x, y, said, _guessed = named(evidence)
    asked = x == UNKNOWN
    return float((said == y)[asked].mean()), int(asked.sum())


def front_and_back(evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities of the same words with the padding behind and in front, ``(words, tags)`` each."""
    x, probabilities = evidence.inputs["main:hidden"], answers(evidence)
    if probabilities is None:
        raise ValueError("there are no answers")
    front = np.flatnonzero(x[:, 0] == PADDING)
    back = np.flatnonzero((x[:, 0] != PADDING) & (x[:, -1] == PADDING))[: len(front)]
    behind = turned(probabilities[back], x[back])
    real = x[front] != PADDING
    return behind[real], probabilities[front][real]
