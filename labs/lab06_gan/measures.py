"""How good generated images are, in numbers: what the rubric of lab 6 measures.

`frechet` compares clouds of features (Heusel et al. 2017): with means m and covariances C,

    d = |m_a − m_b|² + tr(C_a + C_b − 2 (C_a C_b)^½)

which is 0 for two clouds of one mean and one covariance. `nearest` is the test against copying,
`twins` that against making the same image again and again.
"""

from __future__ import annotations

import numpy as np

__all__ = ["FEATURES", "confidence", "coverage", "features", "frechet", "nearest", "probabilities"]
__all__ += ["root", "shares", "twins"]

FEATURES = 64
"""Of the kit's classifier; the ten probabilities stand behind them."""

_BLOCK = 4_000  # training images at a time, 13 MB of float32


def features(answers: np.ndarray) -> np.ndarray:
    """What the classifier sees in each image: (n, 64)."""
    return answers[:, :FEATURES].astype(float)


def probabilities(answers: np.ndarray) -> np.ndarray:
    """What it takes each image for: (n, 10)."""
    return answers[:, FEATURES:]


def shares(probabilities: np.ndarray) -> np.ndarray:
    """Share of each class among the images: (10,), from probabilities, (n, 10)."""
    return np.bincount(probabilities.argmax(axis=1), minlength=probabilities.shape[1]) / len(
        probabilities
    )


def coverage(shares: np.ndarray, real: np.ndarray) -> float:
    """How alike two distributions over classes are: 1 if equal, 0 if they have none in common.

    Args:
        shares: Of each class among the generated images.
        real: The same among real ones.

    Example:
        >>> coverage(np.array([1.0, 0.0]), np.array([0.5, 0.5]))
        0.5
    """
    return float(np.minimum(shares, real).sum())


def confidence(probabilities: np.ndarray) -> float:
    """Mean of the highest probability in each row."""
    return float(probabilities.max(axis=1).mean())


def frechet(a: np.ndarray, b: np.ndarray) -> float:
    """Fréchet distance between the normal distributions of two sets of rows.

    Args:
        a: (n, features), n ≥ 2.
        b: (m, features), m ≥ 2.
    """
    offset = a.mean(axis=0) - b.mean(axis=0)
    cov_a, cov_b = (np.atleast_2d(np.cov(rows, rowvar=False)) for rows in (a, b))
    half = root(cov_a)
    # The eigenvalues of C_a C_b are those of the symmetric matrix √C_a C_b √C_a.
    between = np.linalg.eigvalsh(half @ cov_b @ half)
    spread = np.trace(cov_a) + np.trace(cov_b) - 2 * np.sqrt(np.clip(between, 0, None)).sum()
    return float(offset @ offset + max(0.0, spread))


def root(matrix: np.ndarray) -> np.ndarray:
    """The square root of a symmetric matrix without negative eigenvalues, which is such a one too."""
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T


def nearest(images: np.ndarray, training: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The training image nearest to each image.

    Args:
        images: (n, rows, columns), 0 to 1.
        training: (m, rows, columns) uint8, 0 to 255; may be a memory map.

    Returns:
        (n,) Euclidean distances, in grey values of 0 to 1; and (n,) which row of ``training`` it is.
    """
    rows = images.reshape(len(images), -1).astype("float32")
    own = np.einsum("ij,ij->i", rows, rows)
    least, which = np.full(len(rows), np.inf, dtype="float32"), np.zeros(len(rows), dtype=int)
    for start in range(0, len(training), _BLOCK):
        block = training[start : start + _BLOCK].reshape(-1, rows.shape[1]).astype("float32") / 255
        # |a - b|^2 = |a|^2 - 2 a.b + |b|^2, all pairs by one product of matrices
        squares = own[:, None] - 2 * (rows @ block.T) + np.einsum("ij,ij->i", block, block)
        found = squares.argmin(axis=1)
        values = squares[np.arange(len(rows)), found]
        closer = values < least
        least[closer], which[closer] = values[closer], start + found[closer]
    return np.sqrt(np.clip(least, 0, None)), which


def twins(images: np.ndarray) -> np.ndarray:
    """How far each image is from the one most like it among the others.

    Args:
        images: (n, rows, columns), 0 to 1, n >= 2.

    Returns:
        (n,) Euclidean distances, in grey values of 0 to 1.
    """
    rows = images.reshape(len(images), -1).astype(float)
    own = np.einsum("ij,ij->i", rows, rows)
    squares = own[:, None] - 2 * (rows @ rows.T) + own
    np.fill_diagonal(squares, np.inf)
    return np.sqrt(np.clip(squares.min(axis=1), 0, None))
