from __future__ import annotations

from pathlib import Path

import pytest

from labkit import i18n
from labkit.errors import UsageError
from labkit.i18n import Text, Verbatim, preferred_language, speaking, texts


def test_a_text_is_translated_when_it_is_shown() -> None:
    text = texts(i18n.__file__)("There is no lab called {name}.", name="x")
    assert str(text) == "There is no lab called x."
    with speaking("es"):
        assert str(text) == "No hay ninguna práctica llamada x."
    assert str(text) == "There is no lab called x."


def test_a_text_inside_a_text_is_translated_too() -> None:
    mark = texts(i18n.__file__)
    outer = Text("{inner}!", {"inner": mark("yes")})
    with speaking("es"):
        assert str(outer) == "sí!"


def test_a_file_outside_the_kit_has_the_catalogue_of_its_folder(tmp_path: Path) -> None:
    text = texts(tmp_path / "rubric.py")("yes")
    with speaking("es"):
        assert str(text) == "yes"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UsageError, match="tlh"), speaking("tlh"):
        pass


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "es_AR.UTF-8"}, "es"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "es_ES"}, "es"),
        ({"LANG": "es_ES", "LABKIT_LANG": "en"}, "en"),
        ({"LANG": "es_ES", "LC_ALL": ""}, "es"),
    ],
)
def test_the_environment_chooses_the_language(environ: dict[str, str], language: str) -> None:
    assert preferred_language(environ) == language


def test_sentences_of_another_process_are_chosen_by_language() -> None:
    sentence = Verbatim({"en": "no", "es": "nó"})
    assert str(sentence) == "no"
    with speaking("es"):
        assert str(sentence) == "nó"
    assert str(Verbatim({})) == ""
