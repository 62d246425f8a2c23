"""The zip an instructor uploads to Gradescope: the kit, one lab with its data, and the two scripts.

Folders and scripts: https://gradescope-autograders.readthedocs.io/en/latest/specs/; images:
https://gradescope-autograders.readthedocs.io/en/latest/base_images/. The default limits there, 768 MB
and ten minutes, are below what TensorFlow needs: raise them in the assignment's Autograder settings.
"""

from __future__ import annotations

import io
import json
import shlex
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from labkit.errors import DataDamaged, DataMissing, UsageError
from labkit.grading.exports.cells import save
from labkit.i18n import current_language, texts
from labkit.rubric.lab import Lab

__all__ = ["package"]

_ = texts(__file__)

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date a zip can hold; every build gives the same bytes
_PLAIN, _EXECUTABLE, _SECRET = 0o100644, 0o100755, 0o100600
_NEEDED = ("setup.cfg", "pyproject.toml", "README.md", "LICENSE")
_LEFT_OUT = frozenset(("__pycache__", "tests", "solutions"))

_SETUP = """\
#!/usr/bin/env bash
# Runs once, when Gradescope builds the image: Ubuntu 22.04 or later, as root.
# In the assignment's Autograder settings choose at least 3 GB of memory and 20 minutes.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

apt-get update
apt-get install -y --no-install-recommends python3 python3-venv
python3 -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' || {
    echo "labkit needs Python 3.10 to 3.13: choose Ubuntu 22.04 or 24.04 as base image." >&2
    exit 1
}
python3 -m venv /autograder/venv
/autograder/venv/bin/python -m pip install --no-cache-dir --upgrade pip
/autograder/venv/bin/python -m pip install --no-cache-dir /autograder/source/kit
"""

_RUN = """\
#!/usr/bin/env bash
# Grades one submission and writes results.json.
set -uo pipefail
export LABKIT_ROOT=/autograder/source/kit LABKIT_LANG={language}
results=/autograder/results/results.json
cd "$LABKIT_ROOT" || exit 1

if ! /autograder/venv/bin/python -m labkit gradescope {lab} \\
    /autograder/submission "$results"{seed}; then
    # Without results Gradescope says that the autograder failed; nobody gets a zero for it.
    rm -f "$results"
    exit 1
fi
"""


def package(lab: Lab, kit: Path, out: Path, *, seed: int | None = None) -> None:
    """Write the zip for one lab; the same kit gives the same bytes.

    Solutions and tests are not in it. A secret seed goes into ``seed.txt``, which only root may read,
    and not into a command line, where student code could see it.

    Args:
        lab: What is graded.
        kit: The checkout to take the kit from.
        out: The zip.
        seed: Of the secret split; ``None`` grades on the public one.

    Raises:
        UsageError: ``kit`` is not a checkout with that lab.
        DataMissing: A file of the lab's data is not there.
        DataDamaged: The manifest of the data cannot be read.
        StorageError: The zip cannot be written.
    """
    option = " --seed-file /autograder/source/seed.txt" if seed is not None else ""
    run = _RUN.format(lab=shlex.quote(lab.name), seed=option, language=current_language())
    members: dict[str, tuple[bytes, int]] = {
        "setup.sh": (_SETUP.encode(), _EXECUTABLE),
        "run_autograder": (run.encode(), _EXECUTABLE),
    }
    if seed is not None:
        members["seed.txt"] = (f"{seed}\n".encode(), _SECRET)
    for path in _files(lab, kit):
        name = PurePosixPath("kit", *path.relative_to(kit).parts)
        members[str(name)] = (path.read_bytes(), _PLAIN)
    save(out, _zipped(members))


def _files(lab: Lab, kit: Path) -> Iterator[Path]:
    """Every file of the kit that grading this lab needs."""
    folders = (kit / "labkit", kit / "labs" / lab.folder)
    alone = [kit / name for name in _NEEDED]
    absent = [path for path in folders if not path.is_dir()]
    absent += [path for path in alone if not path.is_file()]
    if absent:
        raise UsageError(
            _("{folder} is not a whole checkout of the kit.", folder=kit),
            _("It has no {names}.", names=", ".join(path.name for path in absent)),
            _("Name a fresh copy of the kit."),
        )
    yield from alone
    for folder in folders:
        yield from (path for path in folder.rglob("*") if _belongs(path, kit))
    own = lab.protocol.dataset if lab.protocol else ""
    for dataset in sorted({own, *lab.datasets} - {""}):
        yield from _data(dataset, kit / "datasets")


def _belongs(path: Path, kit: Path) -> bool:
    parts = path.relative_to(kit).parts
    hidden = any(part.startswith(".") or part in _LEFT_OUT for part in parts)
    return path.is_file() and not path.is_symlink() and not hidden and path.suffix != ".pyc"


def _data(dataset: str, folder: Path) -> Iterator[Path]:
    """The manifest and the files of one data set."""
    manifest = folder / "manifest.json"
    fix = _("Take the folder datasets/ from a fresh copy of the kit.")
    try:
        entry: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))[dataset]
        names = [entry["file"]] if "file" in entry else []
        names += [
            part["file"] for kind in ("arrays", "models") for part in entry.get(kind, {}).values()
        ]
    except OSError as error:
        raise DataMissing(_("{path} is missing.", path=manifest), fix=fix) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataDamaged(
            _("{path} is damaged: {error}", path=manifest, error=error), fix=fix
        ) from error
    yield manifest
    for name in names:
        if not (folder / name).is_file():
            raise DataMissing(_("datasets/{file} is missing.", file=name), fix=fix)
        yield folder / name


def _zipped(members: dict[str, tuple[bytes, int]]) -> bytes:
    """One archive, not compressed: the data are already, and every zlib would make other bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, (content, mode) in sorted(members.items()):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = 3  # Unix, on whatever system the zip is made: its modes count
            info.external_attr = mode << 16
            archive.writestr(info, content)
    return stream.getvalue()
