"""Every lab proves itself: starter, solution, mutants, on the public split (`make verify` does more).

Among the slow tests. Of labs that train a model, starter and solution alone are tried here; their
mutants, which train as well, are tried by `make mutants`.
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


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.name)
def test_it_has_titles_hints_and_handouts_in_both_languages(lab: Lab) -> None:
    assert shape(lab) == []


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.name)
def test_its_starter_is_made_from_its_solution(lab: Lab) -> None:
    from labkit.rubric.starter import starter

    source = find.solution(lab).read_text(encoding="utf-8")
    compile(starter(source), lab.slug, "exec")


@pytest.mark.slow
@pytest.mark.xdist_group("labs")
@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.name)
def test_starter_earns_nothing_solution_everything_and_mutants_what_they_should(
    lab: Lab, launcher: Launcher, tmp_path: Path
) -> None:
    chosen = cases(lab, seeds=1)
    if lab.protocol is not None:
        mutants(lab)  # they are there, one for every check
        chosen = islice(chosen, 2)
    proofs = prove(chosen, tmp_path, launcher)
    faults = [f"{proof.case.name}: {fault}" for proof in proofs for fault in proof.faults]
    assert faults == []
    assert len(proofs) > len(lab.checks) or lab.protocol is not None
