"""labkit: practice labs for a course on neural networks with Keras.

Importing it imports nothing heavy. The five steps of a Keras model live in `labkit.lifecycle`,
custom layers in `labkit.layers`, the data sets in `labkit.data`.
"""

__version__ = "0.1.0"
