"""One submission, whatever it is: graded, refused with the reason, or not told where the kit failed.

::

    take in -> carry out (anywhere: nothing knows the truth) -> Carried -> judge, where the truth is
"""

from __future__ import annotations

import errno
import shutil
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from labkit.errors import LabkitError, SandboxError, StorageError, SubmissionError
from labkit.grading.gradebook.records import Verdict as Told
from labkit.grading.intake import take
from labkit.grading.pipeline import Graded, judged, rubric_digest
from labkit.grading.running import Conditions, Ran, carry_out, versions
from labkit.i18n import Verbatim, in_every_language, texts
from labkit.rubric.evidence import Evidence, TrainingEvidence
from labkit.rubric.grade import without_looking
from labkit.rubric.lab import Lab
from labkit.rubric.protocol import Trial
from labkit.rubric.verdict import Verdict

__all__ = ["Carried", "attempted", "could_not_tell", "is_full", "refused", "settled", "tried"]

_ = texts(__file__)

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_TRIES = 2  # of a submission whose process the kit lost


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of a submission, before anybody judged it.

    Args:
        ran: How it was run; ``None`` where it was not.
        walls: Behind which it was run.
        told: Where it was not run, whose fault that is: ``"refused"`` or ``"unknown"``.
        reason: Why it was not run.
    """

    ran: Ran | None = None
    walls: str = "none"
    told: Told = "unknown"
    reason: Verbatim = field(default_factory=lambda: Verbatim({}))


def attempted(
    sources: Path | Sequence[Path], folder: Path, conditions: Conditions
) -> tuple[Graded, Told]:
    """Grade what was handed in, copied first, so that nothing is run where it was handed in.

    Args:
        sources: A file or folder, or several by one student.
        folder: Of this attempt's own; the copy goes to ``submission/``, evidence to ``evidence/``.
        conditions: The same for everyone.

    Raises:
        StorageError: There is no room left.
    """
    carried = tried(sources, folder, conditions)
    return settled(carried, folder, conditions.lab, conditions.trial)


def tried(sources: Path | Sequence[Path], folder: Path, conditions: Conditions) -> Carried:
    """Take in and run what was handed in, as `attempted` does; what is left is for `settled`.

    Raises:
        StorageError: There is no room left.
    """
    try:
        submission = take(sources, folder / "submission", lab=conditions.lab, copy=True)
    except SubmissionError as error:
        return refused(error)
    except (StorageError, SandboxError) as error:
        if is_full(error):
            raise
        return could_not_tell(error)
    lost: Exception | None = None
    for _try in range(_TRIES):
        try:
            ran = carry_out(submission, folder, conditions)
        except SandboxError as error:
            lost = error
            shutil.rmtree(folder / "evidence", ignore_errors=True)
        except Exception as error:  # the kit's own fault, on record for whoever mends it
            if is_full(error):
                raise
            (folder / "fault.txt").write_text(traceback.format_exc(), encoding="utf-8")
            lost = error
            break
        else:
            return Carried(ran, conditions.launcher.walls)
    return could_not_tell(_("The kit could not grade this: {error}", error=lost or "-"))


def settled(carried: Carried, folder: Path, lab: Lab, trial: Trial) -> tuple[Graded, Told]:
    """Judge what was carried out.

    Args:
        carried: What became of it.
        folder: Of this attempt; its evidence is there.
        lab: The lab.
        trial: With the truth.
    """
    if carried.ran is None:
        verdict = Verdict.failed if carried.told == "refused" else Verdict.unknown
        return _without(lab, verdict(carried.reason)), carried.told
    facts: Mapping[str, Any] = {"walls": carried.walls}
    try:
        graded = judged(lab, trial, folder, carried.ran, facts)
    except Exception as error:  # the kit's own fault, on record for whoever mends it
        if is_full(error):
            raise
        (folder / "fault.txt").write_text(traceback.format_exc(), encoding="utf-8")
        message = _("The kit could not grade this: {error}", error=error)
        return _without(lab, Verdict.unknown(message)), "unknown"
    return graded, "unknown" if graded.grade.undecided else "graded"


def refused(error: LabkitError) -> Carried:
    """What cannot be run as it is: no fault of the kit's."""
    return Carried(told="refused", reason=Verbatim(in_every_language(error)))


def could_not_tell(reason: object) -> Carried:
    """What the kit or the machine failed at: no grade at all."""
    return Carried(reason=Verbatim(in_every_language(reason)))


def is_full(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, is that no room is left: no fault of one submission."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _FULL:
            return True
        error = error.__cause__
    return False


def _without(lab: Lab, verdict: Verdict) -> Graded:
    """What there is to say where nothing was run."""
    started = datetime.now(timezone.utc).isoformat(timespec="seconds")
    facts = {"rubric_sha256": rubric_digest(lab), "started": started, **versions()}
    return Graded(without_looking(lab, verdict, facts), Evidence({"main": TrainingEvidence()}))
