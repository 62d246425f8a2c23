"""Self-organizing maps (Kohonen): `map` is the layer, the other files are what it is made of."""

from labkit.layers.som.decay import Decay
from labkit.layers.som.map import SelfOrganizingMap

__all__ = ["Decay", "SelfOrganizingMap"]
