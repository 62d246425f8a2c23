"""Every lab proves itself on the public split: the starter earns nothing, the solution everything.

Among the slow tests. Mutants, and solutions that take half a minute, are tried by `make mutants`.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from labkit.grading.verify import cases, mutants, prove, shape
from labkit.rubric import find
from labkit.rubric.lab import Lab
from labkit.sandbox.launch import Launcher

LABS = find.labs()
_LONG = 30  # seconds


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.name)
def test_it_has_titles_hints_and_handouts_in_both_languages(lab: Lab) -> None:
    assert shape(lab) == []


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.name)
def test_its_starter_is_made_from_its_solution(lab: Lab) -> None:
    from labkit.rubric.starter import starter

    source = find.solution(lab).read_text(encoding="utf-8")
    compile(starter(source), lab.slug, "exec")


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.name)
def test_it_has_a_wrong_answer_for_every_check(lab: Lab) -> None:
    assert mutants(lab)  # raises where a check has none


@pytest.mark.slow
@pytest.mark.xdist_group("labs")
@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.name)
def test_the_starter_earns_nothing_and_the_solution_everything(
    lab: Lab, launcher: Launcher, tmp_path: Path
) -> None:
    tried = 2 if lab.seconds < _LONG else 1
    proofs = prove(islice(cases(lab, seeds=1), tried), tmp_path, launcher)
    assert [fault for proof in proofs for fault in proof.faults] == []
    assert proofs[0].grade.points == 0
