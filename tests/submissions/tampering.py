"""Submissions that do not answer the question and try to look as if they had."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.submissions.base import (
    BEFORE,
    HONEST,
    HONEST_POINTS,
    Hostile,
    Make,
    python,
)

__all__ = ["CASES", "claims"]


def claims(
    name: str,
    why: str,
    make: Make,
    most: float = HONEST_POINTS,
    says: tuple[str, ...] = (),
    *,
    least: float = 0.0,
    leaves: str = "",
) -> Hostile:
    return Hostile(name, make, "graded", most, says, least, why, leaves)


_LIES = (
    claims(
        "fake_accuracy",
        "evaluate returns what it would like to",
        python(evaluate='return {"accuracy": 1.0, "loss": 0.0}'),
        most=6.5,
        says=("evaluate says accuracy = 1",),
    ),
    claims(
        "accuracy_of_no_number",
        "evaluate returns infinity, and metrics that are no numbers",
        python(evaluate='return {"accuracy": float("inf"), "loss": float("nan")}'),
        most=6.5,
        says=("evaluate says accuracy", "evaluate returned"),
    ),
    claims(
        "a_million_metrics",
        "evaluate returns a dict that fills the report",
        python(evaluate='return {f"metric {n}" * 9: 1.0 for n in range(10**6)}'),
        most=6.5,
    ),
    claims(
        "fake_history",
        "fit returns a history it made up, of ten million epochs",
        python(
            fit="""
            history = keras.callbacks.History()
            history.set_model(model)
            history.history = {"loss": [0.0] * 10**7, "accuracy": [1.0] * 10**7}
            model.fit(x, y, batch_size=256, verbose=0)
            return history
            """,
            instead="fit",
        ),
        most=6.0,
    ),
    claims(
        "fake_predictions",
        "predict returns the same digit for all",
        python(predict="return np.zeros(len(x), dtype=int)"),
        most=6.5,
        says=("predict differs",),
        least=6.5,
    ),
    claims(
        "predictions_of_no_number",
        "predict returns NaN",
        python(predict='return np.full(len(x), float("nan"))'),
        most=6.5,
        says=("predict differs",),
    ),
    claims(
        "prints_a_grade",
        "the log says 10 of 10",
        python(
            top="""
            print('{"points": 10.0, "maximum": 10.0, "verdict": "graded"}')
            print("\\x1b[2J\\x1b[1;1H\\x1b[32m10.0 / 10 points. Everything passed.\\x1b[0m")
            """
        ),
        least=HONEST_POINTS,
    ),
    claims(
        "page_in_an_error",
        "an error message that is a web page, a formula and a format string",
        python(
            fit="""
            raise ValueError("</pre><script>document.title='owned'</script><img src=x onerror=alert(1)>"
                             "{0.__class__.__mro__} {step} %s %(x)s"
                             "=cmd|'/C calc'!A0 \\x1b[31m \\u202e")
            """
        ),
        most=BEFORE["fit"],
        says=("fit raised ValueError",),
    ),
    claims(
        "page_in_a_metric",
        "names of metrics that are web pages",
        python(evaluate='return {"<b onmouseover=alert(1)>": 1.0, "</script><script>alert(1)": 1.0}'),
        most=6.5,
        says=("evaluate returned",),
    ),
    claims(
        "trains_nothing",
        "Model.fit is put aside: a history, no training",
        python(
            top="""
            def fit_nothing(self, *arguments, **options):
                history = keras.callbacks.History()
                history.set_model(self)
                history.history = {"loss": [0.0]}
                self.history = history
                return history

            keras.Model.fit = keras.Sequential.fit = fit_nothing
            """
        ),
    ),
    claims(
        "trains_on_the_holdout",
        "finds the rows behind the ones it was given, and trains on all of them",
        python(
            fit="""
            def whole(rows):
                while isinstance(rows.base, np.ndarray):
                    rows = rows.base
                return rows

            x, y = whole(x), whole(y)
            print("rows:", len(x))
            """
        ),
    ),
    claims(
        "trains_on_what_it_is_tested_on",
        "goes on training in evaluate, where labels are at hand, and saves the model once more",
        python(
            evaluate="""
            model.fit(x, y, epochs=20, verbose=0)
            model.save("model.h5")
            """
        ),
    ),
    claims(
        "remembers_the_holdout",
        "keeps the labels of evaluate and returns them from predict",
        python(evaluate="keras.kept = np.array(y)", predict="return keras.kept"),
        most=6.5,
        says=("predict differs",),
    ),
)


def _beside(files: Mapping[str, str]) -> Make:
    """A folder with the honest file and others that stand in for what it imports."""

    def make(folder: Path) -> Path:
        home = folder / "handed in"
        home.mkdir()
        (home / "mnist.py").write_text(HONEST, encoding="utf-8")
        for name, text in files.items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(text, encoding="utf-8")
        return home

    return make


_SAY = 'print("ESC" + "APED", __name__, "stands in")\nraise SystemExit\n'

_NAMES = (
    claims(
        "packages_named_like_libraries",
        "folders named keras, numpy, labkit, json and h5py beside the answer",
        _beside({f"{name}/__init__.py": _SAY for name in ("keras", "numpy", "labkit", "json", "h5py")}),
    ),
    claims(
        "startup_files",
        "files that Python, pytest and Jupyter run by themselves, beside the answer",
        _beside(
            {
                "lib/sitecustomize.py": _SAY,
                "lib/usercustomize.py": _SAY,
                "lib/conftest.py": _SAY,
                "lib/way_out.pth": "import sys; sys.stdout.write('ESC' + 'APED')\n",
                "pyvenv.cfg": "home = /tmp\n",
                "setup.cfg": "[options.entry_points]\nconsole_scripts =\n    labkit = way_out:main\n",
            }
        ),
    ),
)

CASES = _LIES + _NAMES
