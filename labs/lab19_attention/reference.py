"""What the functions of lab 19 should return, by Keras where it can, otherwise place by place."""

import keras
import numpy as np


def shifted(y, start):
    rows = []
    for answer in y.tolist():
        said = [symbol for symbol in answer if symbol]
        rows.append([start, *said[:-1]] + [0] * (len(answer) - len(said)))
    return np.array(rows)


def scores(queries, keys, v):
    layer = keras.layers.AdditiveAttention(dtype="float64")
    layer.build([queries.shape, keys.shape])
    layer.set_weights([v])
    return np.asarray(layer._calculate_scores(queries, keys))


def weights(scores, mask):
    return np.asarray(
        keras.layers.Softmax(dtype="float64")(scores, mask=np.broadcast_to(mask[:, None], scores.shape))
    )


def context(weights, values):
    return np.einsum("mts,msd->mtd", weights, values)


def attend(states, values, w_q, w_k, v, mask):
    dense = [keras.layers.Dense(len(v), use_bias=False, dtype="float64") for _kind in "qk"]
    for one, kernel in zip(dense, (w_q, w_k)):
        one.build((None, len(kernel)))
        one.set_weights([kernel])
    looked = weights(scores(*(np.asarray(one(x)) for one, x in zip(dense, (states, values))), v), mask)
    return context(looked, values), looked


attend_with_keras = attend


def greedy(table, start, end, steps):
    said = [start]
    while len(said) <= steps and (said[-1] != end or len(said) == 1):
        said.append(max(range(len(table)), key=lambda symbol: table[said[-1], symbol]))
    return np.array(said[1:] + [0] * (steps - len(said) + 1))


def finished(said, end):
    rows = []
    for row in said.tolist():
        length = row.index(end) + 1 if end in row else len(row)
        rows.append(row[:length] + [0] * (len(row) - length))
    return np.array(rows)
