"""What a rule is, and what it may measure with."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from labkit.rubric.evidence import Evidence
from labkit.rubric.verdict import Verdict

__all__ = ["Metric", "Rule"]

Rule = Callable[[Evidence], Verdict]
"""A pure function from what a run left to what is said of it."""

Metric = Callable[["np.ndarray", "np.ndarray"], float]
"""A function of predictions and labels; `ValueError` where their shapes do not fit. (In quotes, so that
NumPy is imported no earlier than needed.)"""
