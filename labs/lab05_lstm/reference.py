"""What `lstm_step` of lab 5 should return: Keras' own cell, and its gates as one dense layer."""

import keras
import numpy as np


def lstm_step(x, h, c, kernel, recurrent, bias):
    cell = keras.layers.LSTMCell(h.shape[1], dtype="float64")
    cell.build((None, x.shape[1]))
    cell.set_weights([kernel, recurrent, bias])
    _output, (h_next, c_next) = cell(x, [h, c])
    dense = keras.layers.Dense(len(bias), dtype="float64")
    dense.build((None, x.shape[1] + h.shape[1]))
    dense.set_weights([np.vstack([kernel, recurrent]), bias])
    blocks = np.moveaxis(np.reshape(dense(np.hstack([x, h])), (len(x), 4, -1)), 1, 0)
    kinds = ("sigmoid", "sigmoid", "tanh", "sigmoid")
    gates = [keras.activations.get(kind)(block) for kind, block in zip(kinds, blocks)]
    return np.asarray(h_next), np.asarray(c_next), np.array(gates)
