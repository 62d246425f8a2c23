"""How labs use their data; each protocol turns a seed into a `labkit.rubric.protocol.Trial`."""

from labkit.rubric.protocols.adversarial import Adversarial
from labkit.rubric.protocols.generated import Generated
from labkit.rubric.protocols.hold_out import HoldOut
from labkit.rubric.protocols.repeated_hold_out import RepeatedHoldOut
from labkit.rubric.protocols.repeated_k_fold import RepeatedKFold

__all__ = ["Adversarial", "Generated", "HoldOut", "RepeatedHoldOut", "RepeatedKFold"]
