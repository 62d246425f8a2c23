"""The table of Spanish verbs: made by rule and tables, and what a conjugation package says of it."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from labkit import data
from labkit.data.verbs import PERSONS, TENSES
from labkit.errors import DataDamaged, UsageError
from labkit.root import root

VERBS = {verb.infinitive: verb for verb in data.load_verbs()}
FOLDER = root() / "datasets" / "verbs"

# Where the table differs from verbecc 2.0.3, on purpose.
ONE_SYLLABLE = [
    "criar",
    "fiar",
    "fluir",
    "freír",
    "guiar",
    "huir",
    "liar",
    "piar",
    "reír",
]  # RAE 2010: guie, hui, rio
SLIPS = [
    "achacar",
    "acontecer",
    "atañer",
    "concernir",
    "damnificar",
    "degollar",
    "entrever",
    "esparcir",
    "falsear",
    "prever",
]
FULL = ["abolir", "agredir", "blandir", "transgredir"]  # no longer held defective: RAE 2009, 4.14
OTHERS = [
    "aferrar",
    "complacer",
    "corroer",
    "gloriar",
    "haber",
    "raer",
    "roer",
    "subyacer",
    "yacer",
]  # both are in use


def form(infinitive: str, tense: str, person: str) -> str:
    return VERBS[infinitive].forms[6 * TENSES.index(tense) + PERSONS.index(person)]


def test_there_are_more_than_two_thousand_verbs_each_with_24_forms() -> None:
    assert len(VERBS) >= 2_000
    assert all(len(verb.forms) == 24 and all(verb.forms) for verb in VERBS.values())
    assert sum(verb.regular for verb in VERBS.values()) >= 2_000


def test_the_table_is_what_rules_and_tables_make(tmp_path: Path) -> None:
    for file in FOLDER.glob("*.*"):
        if file.suffix in (".py", ".txt"):
            shutil.copy(file, tmp_path)
    subprocess.run([sys.executable, "build.py"], cwd=tmp_path, check=True)
    assert (tmp_path / "verbs.csv").read_text("utf-8") == (FOLDER / "verbs.csv").read_text("utf-8")


def test_every_form_is_that_of_a_maintained_package_but_for_stated_differences() -> None:
    lines = (FOLDER / "verbecc.txt").read_text(encoding="utf-8").splitlines()
    theirs = dict(line.split() for line in lines)
    assert set(theirs) == set(VERBS)
    different = {
        verb.infinitive
        for verb in VERBS.values()
        if hashlib.sha256(" ".join(verb.forms).encode()).hexdigest()[:8] != theirs[verb.infinitive]
    }
    assert different == {*ONE_SYLLABLE, *SLIPS, *FULL, *OTHERS}


@pytest.mark.parametrize(
    ("infinitive", "tense", "person", "wanted"),
    [
        ("hablar", "imperfect", "nosotros", "hablábamos"),
        ("buscar", "preterite", "yo", "busqué"),
        ("pagar", "preterite", "yo", "pagué"),
        ("averiguar", "preterite", "yo", "averigüé"),
        ("cazar", "preterite", "yo", "cacé"),
        ("coger", "present", "yo", "cojo"),
        ("distinguir", "present", "yo", "distingo"),
        ("conocer", "present", "yo", "conozco"),
        ("vencer", "present", "yo", "venzo"),
        ("cocer", "present", "yo", "cuezo"),
        ("mecer", "present", "yo", "mezo"),
        ("leer", "preterite", "ellos", "leyeron"),
        ("leer", "preterite", "tú", "leíste"),
        ("construir", "present", "tú", "construyes"),
        ("argüir", "present", "yo", "arguyo"),
        ("argüir", "present", "nosotros", "argüimos"),
        ("tañer", "preterite", "él", "tañó"),
        ("bullir", "preterite", "ellos", "bulleron"),
        ("enviar", "present", "yo", "envío"),
        ("cambiar", "present", "yo", "cambio"),
        ("continuar", "present", "ellos", "continúan"),
        ("reunir", "present", "él", "reúne"),
        ("guiar", "preterite", "yo", "guie"),
        ("huir", "preterite", "él", "huyó"),
        ("pensar", "present", "tú", "piensas"),
        ("errar", "present", "yo", "yerro"),
        ("oler", "present", "ellos", "huelen"),
        ("degollar", "present", "él", "degüella"),
        ("jugar", "present", "yo", "juego"),
        ("seguir", "present", "yo", "sigo"),
        ("sentir", "preterite", "él", "sintió"),
        ("dormir", "preterite", "ellos", "durmieron"),
        ("adquirir", "present", "yo", "adquiero"),
        ("tener", "future", "yo", "tendré"),
        ("decir", "preterite", "ellos", "dijeron"),
        ("contradecir", "present", "yo", "contradigo"),
        ("ir", "imperfect", "nosotros", "íbamos"),
        ("ser", "preterite", "él", "fue"),
        ("entrever", "present", "él", "entrevé"),
        ("sonreír", "preterite", "él", "sonrió"),
        ("oír", "future", "ellos", "oirán"),
    ],
)
def test_forms_that_grammars_give(infinitive: str, tense: str, person: str, wanted: str) -> None:
    assert form(infinitive, tense, person) == wanted


@pytest.mark.parametrize(
    ("kind", "infinitive"),
    [
        ("plain", "hablar"),
        ("spelling", "buscar"),
        ("accent", "enviar"),
        ("stem", "pensar"),
        ("irregular", "ser"),
    ],
)
def test_a_verb_has_its_kind(kind: str, infinitive: str) -> None:
    assert VERBS[infinitive].kind == kind
    assert VERBS[infinitive].regular == (kind in ("plain", "spelling"))


def test_a_table_of_words_is_not_read_as_numbers() -> None:
    with pytest.raises(UsageError, match="table of words"):
        data.load_table("verbs")


def test_a_table_that_was_changed_is_refused(kit: Path) -> None:
    shutil.copy(FOLDER.parent / "manifest.json", kit / "datasets")
    (kit / "datasets" / "verbs").mkdir()
    (kit / "datasets" / "verbs" / "verbs.csv").write_text("infinitive,kind\n", encoding="utf-8")
    with pytest.raises(DataDamaged, match="was changed"):
        data.load_verbs()
