"""What the losses of lab 6 should be: Keras' own cross-entropy against ones and zeros."""

import keras
import numpy as np

_entropy = keras.losses.BinaryCrossentropy(from_logits=True)


def discriminator_loss(real, fake):
    return _entropy(np.ones_like(real), real) + _entropy(np.zeros_like(fake), fake)


def generator_loss(fake):
    return _entropy(np.ones_like(fake), fake)
