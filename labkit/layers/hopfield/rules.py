"""How a Hopfield network learns: three rules, each a function of the couplings so far and new patterns.

Patterns x are rows of −1 and +1, N neurons long. Couplings w have no unit. Each rule adds what the new
patterns ask for, so that storing in parts gives what storing at once gives.

- Hebb (Hebb 1949; Hopfield 1982): w_ij += (1/N) Σ x_i x_j
- Storkey (Storkey 1997), pattern by pattern, with the local fields h_ij = Σ_{k≠i,j} w_ik x_k:
  w_ij += (1/N) (x_i x_j − x_i h_ji − h_ij x_j).
  As w is symmetric with a zero diagonal, h_ij = h_i − w_ij x_j with h = w x, and the whole step is
  w += (1/N) (x xᵀ − x hᵀ − h xᵀ + 2 w).
- Pseudo-inverse (Personnaz, Guyon and Dreyfus 1985): w projects on the space of all patterns, w x = x.
  New patterns add the projection on what is left of them, e = x − w x.

Hebb and Storkey give a zero diagonal. The projection keeps its own, without which it could not be
continued; `couplings` removes it.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

__all__ = ["couplings", "hebb", "pseudo_inverse", "storkey"]

# Below this share of a pattern's length, squared, what is left of it is rounding.
_RESIDUE = 1e-10


@tf.function(reduce_retracing=True, autograph=False)  # type: ignore[untyped-decorator]
def hebb(weights: Any, patterns: Any) -> Any:
    """Add patterns by Hebb's rule.

    Args:
        weights: Couplings so far, (N, N).
        patterns: (patterns, N).

    Example:
        >>> hebb(tf.zeros((2, 2)), tf.constant([[1.0, -1.0]])).numpy().tolist()
        [[0.0, -0.5], [-0.5, 0.0]]
    """
    neurons = tf.cast(tf.shape(patterns)[1], weights.dtype)
    return couplings(weights + tf.matmul(patterns, patterns, transpose_a=True) / neurons)


@tf.function(reduce_retracing=True, autograph=False)  # type: ignore[untyped-decorator]
def storkey(weights: Any, patterns: Any) -> Any:
    """Add patterns by Storkey's rule, one after the other."""
    neurons = tf.cast(tf.shape(patterns)[1], weights.dtype)

    def one(index: Any, weights: Any) -> tuple[Any, Any]:
        x = patterns[index][:, None]
        h = tf.matmul(weights, x)
        crossed = tf.matmul(x, x - h, transpose_b=True) - tf.matmul(h, x, transpose_b=True)
        return index + 1, couplings(weights + (crossed + 2 * weights) / neurons)

    count = tf.shape(patterns)[0]
    return tf.while_loop(lambda index, _weights: index < count, one, (0, weights))[1]


def pseudo_inverse(projection: Any, patterns: Any) -> Any:
    """Add patterns to the projection on all patterns.

    Computed in float64, from the smaller of the two matrices of products.

    Args:
        projection: So far, with its diagonal, (N, N).
        patterns: (patterns, N); those that depend on others change nothing.
    """
    former, x = tf.cast(projection, tf.float64), tf.cast(patterns, tf.float64)
    rest = (x - tf.matmul(x, former)) / tf.sqrt(tf.cast(tf.shape(x)[1], tf.float64))
    wide = x.shape[0] <= x.shape[1]
    values, vectors = tf.linalg.eigh(tf.matmul(rest, rest, transpose_a=not wide, transpose_b=wide))
    kept = values > _RESIDUE
    values, vectors = values[kept], tf.boolean_mask(vectors, kept, axis=1)
    if wide:
        vectors = tf.matmul(rest, vectors, transpose_a=True) / tf.sqrt(values)
    added = tf.matmul(vectors, vectors, transpose_b=True)
    return tf.cast(former + added, projection.dtype)


def couplings(weights: Any) -> Any:
    """The same without a diagonal: no neuron couples to itself."""
    return tf.linalg.set_diag(weights, tf.zeros_like(weights[0]))
