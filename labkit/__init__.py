"""labkit: practice labs for a course on neural networks with Keras.

Importing it imports nothing heavy. The five steps of a Keras model live in `labkit.lifecycle`,
custom layers in `labkit.layers`, the data sets in `labkit.data`.
"""

from typing import Any

__version__ = "0.1.0"


def load_ipython_extension(shell: Any) -> None:
    """Called by ``%load_ext labkit``: brings ``%labkit check``, ``run`` and ``hint`` to a notebook."""
    from labkit.cli.magics import load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Called by ``%unload_ext labkit``."""
    from labkit.cli.magics import unload

    unload(shell)
