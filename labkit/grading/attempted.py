"""One submission, whatever it is: graded, refused with the reason, or not told where the kit failed."""

from __future__ import annotations

import errno
import shutil
import traceback
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from labkit.errors import SandboxError, StorageError, SubmissionError
from labkit.grading.gradebook.records import Verdict as Told
from labkit.grading.intake import take
from labkit.grading.pipeline import Conditions, Graded, examine, rubric_digest, versions
from labkit.i18n import Verbatim, in_every_language, texts
from labkit.rubric.evidence import Evidence, TrainingEvidence
from labkit.rubric.grade import without_looking
from labkit.rubric.lab import Lab
from labkit.rubric.verdict import Verdict

__all__ = ["attempted"]

_ = texts(__file__)

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_TRIES = 2  # of a submission whose process the kit lost


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
    lab = conditions.lab
    try:
        submission = take(sources, folder / "submission", lab=lab, copy=True)
    except SubmissionError as error:
        return _without(lab, Verdict.failed(Verbatim(in_every_language(error)))), "refused"
    except (StorageError, SandboxError) as error:
        if is_full(error):
            raise
        return _without(lab, Verdict.unknown(Verbatim(in_every_language(error)))), "unknown"
    facts = {"walls": conditions.launcher.walls}
    lost: Exception | None = None
    for _try in range(_TRIES):
        try:
            graded = examine(submission, folder, conditions, facts)
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
            return graded, "unknown" if graded.grade.undecided else "graded"
    message = _("The kit could not grade this: {error}", error=lost or "-")
    return _without(lab, Verdict.unknown(message)), "unknown"


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
