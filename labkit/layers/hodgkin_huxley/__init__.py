"""Hodgkin and Huxley's axon: `neuron` is the layer, `network` couples a population of them."""

from labkit.layers.hodgkin_huxley.network import HodgkinHuxleyNetwork
from labkit.layers.hodgkin_huxley.neuron import HodgkinHuxley

__all__ = ["HodgkinHuxley", "HodgkinHuxleyNetwork"]
