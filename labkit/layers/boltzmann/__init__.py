"""Boltzmann machines: `machine` is the general one, `restricted` the one of two layers."""

from labkit.layers.boltzmann.machine import BoltzmannMachine
from labkit.layers.boltzmann.restricted import RestrictedBoltzmannMachine

__all__ = ["BoltzmannMachine", "RestrictedBoltzmannMachine"]
