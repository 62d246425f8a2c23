"""Submissions whose files of evidence are something else in the end: links, pipes, bombs, noise."""

from __future__ import annotations

from tests.submissions.late import late

__all__ = ["CASES"]

_PLACES = (
    late(
        "model_is_a_link",
        "model.h5 is a link to a file of the system",
        "os.unlink('model.h5'); os.symlink('/etc/passwd', 'model.h5')",
    ),
    late(
        "model_is_a_neighbours",
        "model.h5 is a link to the model of whoever is called honest",
        """
        os.unlink("model.h5")
        os.symlink("../../../../honest/evidence/main/model.h5", "model.h5")
        """,
    ),
    late(
        "model_is_a_pipe",
        "model.h5 is a FIFO: whoever opens it waits for ever",
        "os.unlink('model.h5'); os.mkfifo('model.h5')",
    ),
    late(
        "model_is_a_folder",
        "model.h5 is a folder",
        "os.unlink('model.h5'); os.makedirs('model.h5/model.h5')",
    ),
    late(
        "outputs_are_a_pipe",
        "every file of evidence is a FIFO",
        """
        for name in ("outputs.npz", "steps.json", "claims.json", "history.json", "fits.json",
                     "log.txt"):
            if os.path.lexists(name):
                os.unlink(name)
            os.mkfifo(name)
        """,
    ),
    late(
        "steps_are_a_link",
        "every file of evidence is a link to somewhere else, one to itself",
        """
        goals = {"steps.json": "../../../gradebook.db", "claims.json": "/etc/passwd",
                 "fits.json": "fits.json",
                 "history.json": "/dev/zero", "outputs.npz": "/proc/self/mem", "log.txt": "/etc/shadow"}
        for name, goal in goals.items():
            if os.path.lexists(name):
                os.unlink(name)
            os.symlink(goal, name)
        """,
    ),
    late(
        "the_next_file_is_a_link",
        "names the kit may write next are links out of the folder",
        """
        for name in ("steps.part", "claims.part", "ended", "report.html", "grade.json", "lost.txt",
                     "../log.txt"):
            try:
                os.symlink(os.path.abspath("/tmp/labkit_canary_next_file"), name)
            except OSError as error:
                print("held:", error)
        """,
        leaves="labkit_canary_next_file",
    ),
    late(
        "evidence_is_a_hard_link",
        "a file of evidence is another name of a file of the data",
        """
        import glob
        os.unlink("claims.json")
        for goal in ("/etc/passwd", *glob.glob("../../data/*.npy"), *glob.glob("/data/*.npy"),
                     "/etc/hostname"):
            try:
                os.link(goal, "claims.json")
                break
            except OSError as error:
                print("held:", error)
        """,
    ),
    late(
        "evidence_is_gone",
        "everything the kit wrote is deleted",
        """
        import shutil
        for name in os.listdir("."):
            shutil.rmtree(name, ignore_errors=True) if os.path.isdir(name) else os.unlink(name)
        """,
    ),
)

_CONTENTS = (
    late(
        "claims_of_200_mb",
        "200 MB of brackets where a small dict is expected",
        """
        with open("claims.json", "wb") as stream:
            for _part in range(200):
                stream.write(b"[" * 10**6)
        """,
    ),
    late(
        "numbers_beyond_float",
        "integers of four hundred digits, where numbers become floats",
        """
        huge = "1" + "0" * 400
        for name, text in (("claims.json", '{"accuracy": %s}'), ("history.json", '{"loss": [%s]}'),
                           ("fits.json", '[{"epochs_run": %s}]'),
                           ("steps.json", '[{"name": "fit", "state": "done", "seconds": %s}]')):
            with open(name, "w") as stream:
                stream.write(text % huge)
        """,
    ),
    late(
        "numbers_of_no_value",
        "NaN and infinity, and numbers of 5,000 digits",
        """
        for name, text in (("claims.json", '{"accuracy": NaN, "loss": -Infinity}'),
                           ("history.json", '{"loss": [NaN, 1e999, null]}'),
                           ("fits.json", "[{\\"epochs_run\\": " + "9" * 5_000 + "}]")):
            with open(name, "w") as stream:
                stream.write(text)
        """,
    ),
    late(
        "fits_of_odd_types",
        "lists where dicts are expected, and the other way round",
        """
        import json
        odd = [{"callbacks": "EarlyStopping", "epochs_run": {}}, {"callbacks": [None, 1, []]}, None,
               {"callbacks": [{"name": "EarlyStopping", "monitor": {}}], "never_computed": 7}]
        for name in ("fits.json", "steps.json", "claims.json", "history.json"):
            with open(name, "w") as stream:
                json.dump(odd, stream)
        """,
    ),
    late(
        "outputs_are_pickled",
        "an array of objects that run a program when they are read",
        """
        import numpy as np
        class Owned:
            def __reduce__(self):
                return os.system, ("touch /tmp/labkit_canary_pickle",)
        np.savez("outputs.npz", allow_pickle=True, predict=np.array([Owned()] * 5_000, dtype=object))
        """,
        leaves="labkit_canary_pickle",
    ),
    late(
        "outputs_are_a_bomb",
        "4 GB of zeros in 4 MB",
        """
        import zipfile
        with zipfile.ZipFile("outputs.npz", "w", zipfile.ZIP_DEFLATED) as archive:
            with archive.open("predict.npy", "w", force_zip64=True) as stream:
                for _part in range(256):
                    stream.write(bytes(2**24))
        """,
    ),
    late(
        "outputs_say_they_are_huge",
        "a few bytes that say they are an array of a petabyte, and 50,000 empty ones",
        """
        import zipfile
        header = "{'descr': '<f8', 'fortran_order': False, 'shape': (10**14,), }".replace("10**14",
            str(10**14))
        text = header.encode().ljust(117) + b"\\n"
        with zipfile.ZipFile("outputs.npz", "w") as archive:
            archive.writestr("predict.npy", b"\\x93NUMPY\\x01\\x00" + len(text).to_bytes(2,
                "little") + text)
            for number in range(50_000):
                archive.writestr(f"{number}.npy", b"")
        """,
    ),
    late(
        "outputs_of_odd_types",
        "answers that are dates, words, complex numbers and records",
        """
        import numpy as np
        np.savez("outputs.npz", predict=np.zeros(5_000, dtype="datetime64[s]"),
                 words=np.array(["x"] * 5_000), pairs=np.zeros(5_000, dtype=[("a", "f8")]))
        """,
    ),
    late(
        "a_log_of_noise",
        "bytes that are no text, control characters and a page, in the log",
        r"""
        os.write(1, bytes(range(256)) * 100 + b"\x1b]0;owned\x07\x1b[2J</pre><script>alert(1)</script>")
        """,
    ),
)

CASES = _PLACES + _CONTENTS
