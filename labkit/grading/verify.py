"""Proves a lab: its starter earns nothing, its solution everything, every mutant what it should."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from labkit.errors import ContentError
from labkit.grading.intake import take
from labkit.grading.pipeline import examine, prepared
from labkit.grading.running import Conditions, training_seed
from labkit.i18n import LANGUAGES, speaking
from labkit.root import root
from labkit.rubric import find
from labkit.rubric.grade import Grade
from labkit.rubric.lab import Lab
from labkit.rubric.mutant import Mutant, apply
from labkit.rubric.starter import starter
from labkit.rubric.verdict import Status
from labkit.sandbox.launch import Launcher

__all__ = ["Case", "Proof", "cases", "mutants", "prove", "shape"]


@dataclass(frozen=True, slots=True)
class Case:
    """One answer with what it is expected to earn.

    Args:
        name: For people: ``lab2 mutant no_scaling``.
        lab: The lab.
        source: The answer.
        seed: Of the split and the training; ``None`` for the public split.
        loses: Checks that must not be passed in full (skipped ones not counted); ``None`` when
            nothing at all may be earned.
    """

    name: str
    lab: Lab
    source: str
    seed: int | None
    loses: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Proof:
    """A case, its grade, and what is wrong with it; ``faults`` is empty when it holds."""

    case: Case
    grade: Grade
    faults: tuple[str, ...]


def mutants(lab: Lab) -> tuple[Mutant, ...]:
    """The lab's wrong answers, from ``tests/labs/<lab>.py``.

    Raises:
        ContentError: There are none, or a check that none of them loses.
    """
    path = root() / "tests" / "labs" / f"{lab.folder}.py"
    spec = importlib.util.spec_from_file_location(f"mutants_of_{lab.folder}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise ContentError(f"{lab.folder} has no mutants: {path.name} is missing in tests/labs.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: tuple[Mutant, ...] = module.MUTANTS
    lost = {name for mutant in found for name in mutant.loses}
    if idle := [check.name for check in lab.checks if check.name not in lost]:
        raise ContentError(f"{lab.folder}: no mutant loses {', '.join(idle)}.")
    return found


def cases(lab: Lab, seeds: int) -> Iterator[Case]:
    """Everything to be proved of a lab: starter, solution on so many seeds, mutants.

    The first seed is the public split. Mutants do the lab's lighter work; with one seed, so does the
    solution.
    """
    light = lab.lighter()
    source = find.solution(lab).read_text(encoding="utf-8")
    yield Case(f"{lab.name} starter", lab, starter(source), None, None)
    for seed in (None, *range(101, 100 + seeds)):
        whole = lab if seeds > 1 else light
        yield Case(f"{lab.name} solution, seed {seed}", whole, source, seed, frozenset())
    for mutant in mutants(lab):
        wrong = apply(mutant, source)
        yield Case(f"{lab.name} mutant {mutant.name}", light, wrong, None, frozenset(mutant.loses))


def prove(
    wanted: Iterable[Case],
    folder: Path,
    launcher: Launcher,
    shown: Callable[[Proof], object] = lambda proof: None,
) -> list[Proof]:
    """Grade every case, as many at a time as ``launcher`` carries.

    Args:
        wanted: The cases.
        folder: Where submissions and evidence go.
        launcher: Runs the processes.
        shown: Called with each proof as it ends.
    """
    proofs = []
    bench = _Bench(folder, launcher)
    with ThreadPoolExecutor(launcher.width) as threads:
        running = [
            threads.submit(_prove, case, folder / f"case{number:03d}", bench)
            for number, case in enumerate(wanted)
        ]
        for future in as_completed(running):
            proofs.append(future.result())
            shown(proofs[-1])
    return proofs


def shape(lab: Lab) -> list[str]:
    """What the lab lacks of what every lab must have, without running anything."""
    missing = []
    own = [("", part, getattr(lab, part)) for part in ("title", "chapter", "teaches")]
    asked = [(f"{c.name}: ", part, getattr(c, part)) for c in lab.checks for part in ("title", "hint")]
    for where, part, text in (*own, *asked):
        english = str(text)
        if not english.strip():
            missing.append(f"{where}empty {part}")
        for language in LANGUAGES[1:]:
            with speaking(language):
                if str(text) == english:
                    missing.append(f"{where}{part} not in {language}")
    files = ("README.md", "README.es.md", *(("reference.py",) if lab.by_hand else ()))
    for name in files:
        if not (find.folder(lab) / name).is_file():
            missing.append(f"no {name}")
    return missing


class _Bench:
    """Prepares what cases of one lab and seed share, once."""

    def __init__(self, folder: Path, launcher: Launcher) -> None:
        self._folder = folder
        self._launcher = launcher
        self._lock = threading.Lock()
        self._made: dict[tuple[int, int | None], Conditions] = {}
        self._labs: list[Lab] = []  # kept, so that no other lab gets the same id

    def conditions(self, lab: Lab, seed: int | None) -> Conditions:
        with self._lock:
            place = (id(lab), seed)
            if place not in self._made:
                self._labs.append(lab)
                data = self._folder / f"data{len(self._made):03d}"
                data.mkdir(parents=True)
                trial = prepared(lab, data, self._launcher, seed)
                self._made[place] = Conditions(lab, trial, self._launcher, training_seed(seed))
            return self._made[place]


def _prove(case: Case, folder: Path, bench: _Bench) -> Proof:
    folder.mkdir(parents=True)
    path = folder / f"{case.lab.slug}.py"
    path.write_text(case.source, encoding="utf-8")
    submission = take(path, folder / "submission", lab=case.lab)
    conditions = bench.conditions(case.lab, case.seed)
    graded = examine(submission, folder / "run", conditions, {"seed": case.seed})
    return Proof(case, graded.grade, tuple(_faults(case, graded.grade)))


def _faults(case: Case, grade: Grade) -> Iterator[str]:
    """Where a grade is not what its case expects."""
    for result in grade.results:
        if result.verdict.status is Status.UNKNOWN:
            yield f"{result.check.name} could not tell: {result.verdict.message}"
    if case.loses is None:
        if grade.points:
            yield f"earned {grade.points} points; expected 0"
        return
    for result in grade.results:
        name, status = result.check.name, result.verdict.status
        if status in (Status.SKIPPED, Status.UNKNOWN):
            continue
        if name in case.loses and result.verdict.full:
            yield f"{name} was passed, and should be lost"
        lost = not result.verdict.full and not (result.check.bonus and not case.loses)
        if name not in case.loses and lost:
            yield f"{name} was lost: {result.verdict.message}"
