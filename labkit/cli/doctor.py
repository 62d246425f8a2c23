"""``labkit doctor``: whether this machine has what the kit needs, and what to do where not."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from typing import TYPE_CHECKING

import click

from labkit.i18n import Text, texts

if TYPE_CHECKING:
    from labkit.rubric.lab import Lab

_ = texts(__file__)

_PACKAGES = ("tensorflow", "keras", "numpy", "pandas", "scikit-learn", "matplotlib", "h5py")
_ROOM_MB = 1_000


@dataclass(frozen=True, slots=True)
class _Finding:
    """One thing looked at; ``fix`` says what to do where it is not well, ``mend`` does it."""

    well: bool
    about: str | Text
    found: str | Text
    fix: str | Text = ""
    mend: Callable[[], bool] | None = None


@click.command("doctor", help=str(_("See whether this machine has what the kit needs.")))
@click.option("--fix", is_flag=True, help=str(_("Mend what can be mended here.")))
def command(fix: bool) -> None:
    """Look at everything; the exit code is 1 where something essential is missing."""
    wrong = 0
    for finding in (*_python(), *_packages(), *_data(), *_labs(), *_room(), *_isolation()):
        essential = bool(str(finding.fix)) and not finding.well
        mark = "ok" if finding.well else ("!!" if essential else "--")
        click.secho(f"{mark} ", fg={"ok": "green", "!!": "red"}.get(mark), nl=False)
        click.echo(f"{finding.about}: {finding.found}")
        if not essential:
            continue
        if fix and finding.mend is not None and _mended(finding.mend):
            click.echo("     " + str(_("mended")))
            continue
        wrong += 1
        click.echo(f"     {finding.fix}")
    if wrong:
        click.echo("\n" + str(_("{wrong} to mend, marked !!", wrong=wrong)))
        sys.exit(1)
    click.echo("\n" + str(_("All is well.")))


def _mended(mend: Callable[[], bool]) -> bool:
    """Mend something; what the kit cannot do is said, and the list goes on."""
    from labkit.errors import LabkitError

    try:
        return mend()
    except LabkitError as error:
        click.echo(f"     {error.happened}")
        return False


def _python() -> Iterator[_Finding]:
    well = (3, 10) <= sys.version_info[:2] <= (3, 13)
    fix = _("Install Python 3.10 to 3.13 and make the environment anew.")
    yield _Finding(well, "Python", f"{platform.python_version()} ({platform.system()})", fix)


def _packages() -> Iterator[_Finding]:
    for name in _PACKAGES:
        try:
            yield _Finding(True, name, metadata.version(name))
        except metadata.PackageNotFoundError:
            fix = _("Install the kit again: `make install` or `pip install -e .`")
            yield _Finding(False, name, _("not installed"), fix, partial(_install, name))


def _data() -> Iterator[_Finding]:
    from labkit import data

    for finding in data.verify():
        fix = _("Take the file from a fresh copy of the kit.")
        mend = partial(_restore, f"datasets/{finding.name}")
        yield _Finding(finding.sound, finding.name, finding.message, fix, mend)


def _labs() -> Iterator[_Finding]:
    """The students' files, where one is missing; a file that was never there can be made anew."""
    from labkit.cli.deferred import defer

    defer("numpy")
    from labkit.rubric import find

    missing = [lab for lab in find.labs() if not find.starter(lab).is_file()]
    yield _Finding(not missing, _("labs"), _("{count} labs", count=len(find.labs())))
    for lab in missing:
        fix = _("`labkit reset {lab}` puts the starter there.", lab=lab.name)
        name = find.starter(lab).name
        yield _Finding(False, name, _("missing"), fix, partial(_begin_anew, lab))


def _begin_anew(lab: Lab) -> bool:
    """Put a lab's starter where no file is."""
    from labkit.cli.reset import reset

    return bool(reset(lab))


def _install(package: str) -> bool:
    """Install a package into this environment; needs the internet."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", package]
    return subprocess.run(command, check=False).returncode == 0


def _restore(path: str) -> bool:
    """Take a file of the kit as it was when it was cloned."""
    from labkit.root import root

    command = ["git", "-C", str(root()), "restore", "--source=HEAD", "--", path]
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except OSError:  # no git here
        return False


def _room() -> Iterator[_Finding]:
    from labkit import data
    from labkit.grading.runs import runs_folder

    for about, folder in ((_("cache"), data.cache_folder()), (_("runs"), runs_folder())):
        place = next(p for p in (folder, *folder.parents) if p.exists())
        free = shutil.disk_usage(place).free / 2**20
        well = free > _ROOM_MB and os.access(place, os.W_OK)
        fix = _("Make room, or name another folder in LABKIT_CACHE or LABKIT_RUNS.")
        yield _Finding(well, about, _("{folder}, {free:.0f} MB free", folder=folder, free=free), fix)
    memory = _memory_mb()
    if memory:
        fix = _("Close other programs: a run of lab 2 takes about 1.6 GB.")
        yield _Finding(memory > 3_000, _("memory"), f"{memory / 1024:.1f} GB", fix)
    yield _Finding(True, _("cores"), str(os.cpu_count()))


def _memory_mb() -> float:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**20
    except (AttributeError, ValueError, OSError):
        return 0.0


def _isolation() -> Iterator[_Finding]:
    from labkit.sandbox import protections

    yes, no = _("yes"), _("no")
    found = protections.survey()
    for about, has in (
        (_("warm start of each run (fork)"), found.fork),
        (_("walls by namespaces"), found.namespaces),
        (_("walls by Landlock"), found.landlock),
    ):
        yield _Finding(has, about, yes if has else no)
    grading = found.walls != "none"
    told = _("submissions are kept apart by {walls}", walls=found.walls)
    yield _Finding(grading, _("grading a class"), told if grading else protections.advice())
