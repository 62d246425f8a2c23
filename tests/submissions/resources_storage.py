"""Submissions that use up disk, output, descriptors and work; bounded as those in `resources`."""

from __future__ import annotations

from tests.submissions.base import BEFORE, HONEST_POINTS, TIME, UNPROVEN, Hostile, python
from tests.submissions.resources import MEMORY, in_fit

__all__ = ["CASES"]

_DISK = (
    in_fit(
        "disk_fill",
        "20 GB in files of 100 MB in the work folder",
        """
        block = b"x" * 10**8
        written = 0
        for number in range(200):
            try:
                with open(f"big{number}", "wb") as stream:
                    written += stream.write(block)
            except OSError as error:
                print("held:", error)
                break
        if written >= 19 * 10**9:
            escaped("20 GB of disk")
        """,
    ),
    in_fit(
        "disk_fill_unlinked",
        "20 GB in open files that have no name any more",
        """
        block = b"x" * 10**8
        kept = []
        try:
            for _file in range(200):
                kept.append(open("gone", "wb"))
                os.unlink("gone")
                kept[-1].write(block)
            escaped("20 GB of disk in nameless files")
        except OSError as error:
            print("held:", error)
        """,
    ),
    in_fit(
        "sparse_file",
        "files that say they are a petabyte large, where the evidence is",
        """
        for name in ("big", "outputs.npz", "claims.json"):
            try:
                with open(name, "wb") as stream:
                    stream.truncate(10**15)
            except OSError as error:
                print("held:", error)
        """,
    ),
    in_fit(
        "many_files",
        "2,000,000 empty files",
        """
        os.makedirs("many", exist_ok=True)
        try:
            for number in range(2_000_000):
                os.close(os.open(f"many/{number}", os.O_CREAT | os.O_WRONLY))
            escaped("2,000,000 files")
        except OSError as error:
            print("held:", error)
        """,
    ),
)

_OUTPUT = (
    in_fit(
        "output_flood",
        "5 GB of lines",
        """
        line = "all work and no play " * 50
        for _line in range(5_000_000):
            print(line)
        """,
    ),
    in_fit(
        "prints_a_gigabyte",
        "an honest answer that prints far too much keeps its points",
        """
        line = "x" * 999
        for _line in range(1_000_000):
            print(line)
        """,
        least=HONEST_POINTS,
    ),
    in_fit(
        "one_endless_line",
        "1 GB on standard error, no end of line, past Python's streams",
        """
        block = b"x" * 2**20
        for _block in range(1_024):
            os.write(2, block)
        """,
    ),
    in_fit(
        "descriptor_leak",
        "opens files and never closes one; then there is none left to save the model",
        """
        kept = []
        try:
            for _file in range(1_100_000):
                kept.append(os.open("/dev/null", os.O_RDONLY))
            escaped("1,100,000 descriptors")
        except OSError as error:
            print("held:", error)
        globals()["kept"] = kept
        """,
    ),
)

_WORK = (
    Hostile(
        "too_many_layers",
        python(
            define="""
            return keras.Sequential([layers.Input((28, 28)), layers.Rescaling(1 / 255),
                                     layers.Flatten()]
                + [layers.Activation("linear") for _layer in range(1_100)]
                + [layers.Dense(10, activation="softmax")])
            """,
            instead="define",
            fit="x, y = x[:256], y[:256]",
        ),
        "graded",
        most=UNPROVEN,
        says=("layers", *TIME, "RecursionError"),
        why="1,100 layers that do nothing",
    ),
    Hostile(
        "too_many_parameters",
        python(
            define="""
            return keras.Sequential([layers.Input((28, 28)), layers.Rescaling(1 / 255),
                                     layers.Flatten(),
                layers.Dense(20_000), layers.Dense(10, activation="softmax")])
            """,
            instead="define",
            fit="x, y = x[:256], y[:256]",
        ),
        "graded",
        most=UNPROVEN,
        says=("parameters", *MEMORY),
        why="16 million weights where 2 million are allowed",
    ),
    Hostile(
        "a_billion_epochs",
        python(
            fit="return model.fit(x[:256], y[:256], epochs=10**9, batch_size=256, verbose=0)",
            instead="fit",
        ),
        "graded",
        most=BEFORE["fit"],
        says=(*TIME, "epochs"),
        why="a training that is never done",
    ),
    Hostile(
        "endless_generator",
        python(
            fit="""
            def batches():
                while True:
                    yield x[:256], y[:256]

            return model.fit(batches(), epochs=1, verbose=0)
            """,
            instead="fit",
        ),
        "graded",
        most=BEFORE["fit"],
        says=(*TIME, "fit raised"),
        why="one epoch whose batches never end",
    ),
    Hostile(
        "eats_memory_when_asked",
        python(
            define="""
            return keras.Sequential([layers.Input((28, 28)), layers.Rescaling(1 / 255),
                layers.Reshape((28, 28, 1)), layers.UpSampling2D(250), layers.GlobalMaxPooling2D(),
                layers.Dense(10, activation="softmax")])
            """,
            instead="define",
            fit="return model.fit(x[:1], y[:1], batch_size=1, verbose=0)",
            evaluate='return {"accuracy": 0.1}',
            predict="return np.zeros(len(x), dtype=int)",
        ),
        "graded",
        most=HONEST_POINTS,
        says=(
            "when it was asked",
            "numbers in one layer",
            "gave no answers",
            "OOM",
            "allocat",
            *MEMORY,
        ),
        why="small where it is trained; 49 million numbers an image where the kit asks it",
    ),
)

CASES = _DISK + _OUTPUT + _WORK
