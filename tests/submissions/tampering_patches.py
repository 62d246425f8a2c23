"""Submissions that put their own code in place of Keras', NumPy's or the kit's."""

from __future__ import annotations

from tests.submissions.base import UNPROVEN, python
from tests.submissions.tampering import claims

__all__ = ["CASES"]

CASES = (
    claims(
        "patches_evaluate",
        "Model.evaluate is put aside",
        python(top='keras.Model.evaluate = lambda *_, **__: {"accuracy": 1.0, "loss": 0.0}'),
        most=6.5,
        says=(
            "was replaced",
            "evaluate says accuracy = 1",
        ),
    ),
    claims(
        "patches_the_worker",
        "every step of the kit's worker says that it is done, though fit raises",
        python(
            top="""
            from labkit.sandbox import worker

            def run(self, name, action, *arguments):
                try:
                    return action(*arguments)
                except Exception as error:
                    print("held:", error)
                finally:
                    self._note(name, state="done", seconds=0.1)

            worker._Diary.run = run
            worker._expect_metrics = lambda metrics: {"accuracy": 1.0}
            worker._expect_array = lambda answer, rows: np.zeros(rows)
            """,
            fit='raise RuntimeError("no")',
            instead="fit",
        ),
        most=5.0,
    ),
    claims(
        "patches_save",
        "the kit's own way to save writes another model, with code in it",
        python(
            top="""
            import json
            import h5py
            from labkit.lifecycle import h5

            def save(model, path):
                honest(model, path)
                with h5py.File(path, "r+") as file:
                    config = json.loads(file.attrs["model_config"])
                    config["config"]["layers"].append({"class_name": "Lambda", "config": {
                        "name": "way_out", "function": {"class_name": "__lambda__", "config": {
                            "code": "4wEAAAA=", "defaults": None, "closure": None}}}})
                    file.attrs["model_config"] = json.dumps(config)

            honest, h5.save = h5.save, save
            """
        ),
        most=UNPROVEN,
        says=("was replaced", "Lambda", "gave no answers"),
    ),
    claims(
        "saves_an_untrained_model",
        "the model that is saved is not the one that was trained",
        python(
            top="""
            from labkit.lifecycle import h5

            def save(model, path):
                fresh = keras.models.clone_model(model)
                fresh.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
                honest(fresh, path)

            honest, h5.save = h5.save, save
            """
        ),
        most=6.0,
    ),
    claims(
        "patches_numpy",
        "whatever is saved as an array is saved as a pickle that runs a program when it is read",
        python(
            top="""
            import os

            class Owned:
                def __reduce__(self):
                    return os.system, ("touch /tmp/labkit_canary_unpickled",)

            def savez(path, **arrays):
                honest(path, allow_pickle=True, **{name: np.array([Owned()] * len(value), dtype=object)
                                                   for name, value in arrays.items()})

            honest, np.savez = np.savez, savez
            """
        ),
        most=6.5,
        leaves="labkit_canary_unpickled",
    ),
    claims(
        "patches_json",
        "whatever is saved as JSON is nested a hundred thousand deep",
        python(
            top="""
            import json
            json.dumps = lambda value, **options: "[" * 10**5 + "]" * 10**5
            """
        ),
        most=UNPROVEN,
    ),
    claims(
        "patches_the_reader",
        "the parts of the kit that read evidence, in a process where nobody reads any",
        python(
            top="""
            import sys
            import types
            fake = types.ModuleType("labkit.rubric.rules")
            fake.metric = lambda *_, **__: lambda evidence: 1.0
            for name in ("rubric", "rubric.rules", "rubric.grade", "grading", "grading.pipeline"):
                sys.modules["labkit." + name] = fake
            """
        ),
    ),
    claims(
        "replaces_modules",
        "Keras, NumPy and the kit by modules of its own, for whoever imports them next",
        python(
            predict="""
            import sys, types
            answer = model.predict(x, verbose=0).argmax(axis=1)
            for name in ("json", "numpy", "h5py", "keras", "labkit.lifecycle.h5", "labkit.sandbox.job"):
                sys.modules[name] = types.ModuleType(name)
            return answer
            """
        ),
    ),
    claims(
        "replaces_output",
        "standard output and error are objects that raise",
        python(
            top="""
            import sys

            class Mute:
                def __getattr__(self, name):
                    raise RuntimeError(name)

            sys.stdout = sys.stderr = Mute()
            """
        ),
    ),
    claims(
        "replaces_builtins",
        "open, print, len and isinstance say what it likes",
        python(
            predict="""
            import builtins
            builtins.isinstance = lambda *_: True
            builtins.open = builtins.print = builtins.float = lambda *_, **__: None
            """
        ),
    ),
    claims(
        "watches_the_worker",
        "trace and profile functions, audit hooks and exception hooks on the kit's own code",
        python(
            top="""
            import sys
            sys.setprofile(lambda *_: None)
            sys.addaudithook(lambda *_: None)
            sys.excepthook = sys.unraisablehook = lambda *_: None
            """
        ),
    ),
    claims(
        "changes_its_job",
        "finds the worker's own variables on the stack and gives itself another task",
        python(
            top="""
            import sys
            frame = sys._getframe()
            while frame:
                for value in list(frame.f_locals.values()):
                    task = getattr(value, "task", None)
                    if isinstance(task, dict):
                        task["holdout"] = dict(task["train"])
                        task["train"]["stop"] = 10
                        task["steps"] = ["define"]
                frame = frame.f_back
            """
        ),
    ),
    claims(
        "changes_its_own_source",
        "the file that was handed in becomes another one while it is graded",
        python(
            top="""
            try:
                with open(__file__, "a") as stream:
                    stream.write("# nothing to see here\\n")
            except OSError as error:
                print("held:", error)
            """
        ),
    ),
    claims(
        "an_array_that_acts",
        "evaluate and predict return objects that run code when somebody looks at them",
        python(
            evaluate="""
            class Score(float):
                def __float__(self):
                    raise SystemExit
            return {"accuracy": Score(1)}
            """,
            predict="""
            class Answer(np.ndarray):
                def __array_finalize__(self, other):
                    import os
                    os._exit(0)
            return np.zeros(len(x)).view(Answer)
            """,
        ),
        most=6.0,
    ),
)
