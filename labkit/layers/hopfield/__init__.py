"""Associative memories: `network` is Hopfield's of 1982, `modern` the continuous one."""

from labkit.layers.hopfield.modern import ModernHopfield
from labkit.layers.hopfield.network import Hopfield

__all__ = ["Hopfield", "ModernHopfield"]
