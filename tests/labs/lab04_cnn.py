"""Wrong answers to lab 4, each with the checks it must lose."""

from __future__ import annotations

from labkit.rubric.mutant import Mutant

# Where the mistake is in a function by hand, nothing is trained: define() is left out.
NO_NETWORK = ("def define() ->", "def define_later() ->")

# Where what is lost has nothing to do with how well it learns, it learns for a moment.
QUICK = (
    ("EPOCHS = 6", "EPOCHS = 1"),
    ("        x,\n        y,\n", "        x[:600],\n        y[:600],\n"),
)
UNTRAINED = {"accuracy", "translation"}


def _by_hand(name: str, loses: set[str], *edits: tuple[str, str]) -> Mutant:
    return Mutant(name, (*edits, NO_NETWORK), frozenset(loses | {"define"}))


def _network(name: str, loses: set[str], *edits: tuple[str, str]) -> Mutant:
    return Mutant(name, edits, frozenset(loses))


FIRST = '            layers.Conv2D(16, 5, activation="relu"),\n'
SECOND = '            layers.Conv2D(32, 5, activation="relu"),\n'
POOL = "            layers.MaxPooling2D(),\n"
FLIPPED = "correlate(image, kernel[::-1, ::-1], padding, stride)"
FOUND = "image[i * stride : i * stride + f, j * stride : j * stride + f]"
ZEROS = "max((places - 1) * stride + len(kernel) - n, 0)"
SUM = "np.sum(windows(pad(image, *[padding] * 4), len(kernel), stride) * kernel, axis=(2, 3))"

MUTANTS = (
    _by_hand(
        "output_size_without_the_floor",
        {"output_size"},
        ("(n + 2 * padding - f) // stride + 1", "(n + 2 * padding - f) / stride + 1"),
    ),
    _by_hand(
        "output_size_rounded_up",
        {"output_size"},
        ("(n + 2 * padding - f) // stride + 1", "-((f - n - 2 * padding) // stride) + 1"),
    ),
    _by_hand(
        "output_size_padded_on_one_side",
        {"output_size"},
        ("(n + 2 * padding - f)", "(n + padding - f)"),
    ),
    _by_hand(
        "pad_slices_up_to_minus_zero",
        {"pad"},
        (
            "padded[top : top + rows, left : left + columns]",
            "padded[top : -bottom, left : -right]",
        ),
    ),
    _by_hand(
        "pad_swaps_sides",
        {"pad"},
        (
            "padded[top : top + rows, left : left + columns]",
            "padded[bottom : bottom + rows, right : right + columns]",
        ),
    ),
    _by_hand("windows_ignore_the_stride", {"windows"}, (FOUND, FOUND.replace(" * stride", ""))),
    _by_hand(
        "windows_of_a_square_image_only",
        {"windows"},
        (
            "rows, columns = (output_size(n, f, 0, stride) for n in image.shape)",
            "rows = columns = output_size(len(image), f, 0, stride)",
        ),
    ),
    _by_hand(
        "correlate_flips_the_kernel", {"correlate"}, (" * kernel, axis", " * kernel[::-1, ::-1], axis")
    ),
    _by_hand(
        "correlate_transposes_the_kernel", {"correlate"}, (" * kernel, axis", " * kernel.T, axis")
    ),
    _by_hand(
        "correlate_sums_whole_rows",
        {"correlate"},
        ("axis=(2, 3))\n    # end cut\n\n\ndef convolve", "axis=3)\n    # end cut\n\n\ndef convolve"),
    ),
    _by_hand(
        "padding_before_and_not_behind", {"correlate"}, ("*[padding] * 4", "padding, 0, padding, 0")
    ),
    _by_hand(
        "correlate_with_stride_1",
        {"strides"},
        ("len(kernel), stride) * kernel", "len(kernel), 1) * kernel"),
    ),
    _by_hand(
        "convolution_as_libraries_do_it",
        {"convolve"},
        (FLIPPED, "correlate(image, kernel, padding, stride)"),
    ),
    _by_hand(
        "kernel_flipped_one_way",
        {"convolve"},
        (FLIPPED, "correlate(image, kernel[::-1], padding, stride)"),
    ),
    _by_hand(
        "kernel_transposed", {"convolve"}, (FLIPPED, "correlate(image, kernel.T, padding, stride)")
    ),
    _by_hand(
        "same_pads_more_before",
        {"same"},
        ("zeros // 2, zeros - zeros // 2", "zeros - zeros // 2, zeros // 2"),
    ),
    _by_hand("same_for_a_stride_of_1", {"same"}, (ZEROS, "len(kernel) - 1")),
    _by_hand(
        "same_with_less_than_no_zeros",
        {"same"},
        (ZEROS, "(places - 1) * stride + len(kernel) - n"),
    ),
    _by_hand("largest_of_all", {"max_pool"}, (".max(axis=(2, 3))", ".max()")),
    _by_hand("largest_from_zero", {"max_pool"}, (".max(axis=(2, 3))", ".max(axis=(2, 3), initial=0)")),
    _by_hand("sum_for_mean", {"average_pool"}, (".mean(axis=(2, 3))", ".sum(axis=(2, 3))")),
    _by_hand("mean_of_four", {"average_pool"}, (".mean(axis=(2, 3))", ".sum(axis=(2, 3)) / 4")),
    _by_hand("sobel_the_wrong_way_round", {"sobel"}, ("(across, across.T)", "(across.T, across)")),
    _by_hand(
        "sobel_by_convolution",
        {"sobel"},
        ("(correlate(image, kernel, 0, 1) for", "(convolve(image, kernel, 0, 1) for"),
    ),
    _by_hand(
        "sobel_adds_instead_of_squaring",
        {"sobel"},
        ("np.sqrt(gx**2 + gy**2)", "np.abs(gx) + np.abs(gy)"),
    ),
    _by_hand(
        "map_not_shifted",
        {"equivariance"},
        (
            "shifted = shift(correlate(image, kernel, 0, 1), down, right)",
            "shifted = correlate(image, kernel, 0, 1)",
        ),
    ),
    _by_hand("map_shifted_back", {"equivariance"}, ("0, 1), down, right)", "0, 1), -down, -right)")),
    _by_hand(
        "difference_with_a_sign",
        {"equivariance"},
        ("np.abs(of_shifted - shifted)", "of_shifted - shifted"),
    ),
    _by_hand(
        "correlation_of_scipy",
        {"own_work"},
        (SUM, "signal.correlate2d(np.pad(image, padding), kernel, 'valid')[::stride, ::stride]"),
        ("from keras import layers\n", "from keras import layers\nfrom scipy import signal\n"),
    ),
    _by_hand(
        "pooling_of_keras",
        {"own_work"},
        (
            "windows(image, f, stride).max(axis=(2, 3))",
            "layers.MaxPooling2D(f, stride)(image[None, ..., None])[0, ..., 0]",
        ),
    ),
    _network(
        "define_returns_nothing",
        {"define"},
        ("    return keras.Sequential(", "    model = keras.Sequential("),
    ),
    _network("unknown_optimizer", {"compile"}, ("optimizers.Adam(", "optimizers.Adamant(")),
    _network(
        "fit_on_other_labels",
        {"fit"},
        ("        y,\n        epochs", "        y[:-1],\n        epochs"),
    ),
    _network(
        "lambda_layer",
        {"export"},
        ("layers.Rescaling(1 / 255)", "layers.Lambda(lambda x: x / 255)"),
        *QUICK,
    ),
    _network(
        "logits_for_probabilities",
        {"softmax_head", *UNTRAINED},
        ('layers.Dense(10, activation="softmax")', "layers.Dense(10)"),
        *QUICK,
    ),
    _network(
        "no_scaling", {"scaling", *UNTRAINED}, ("            layers.Rescaling(1 / 255),\n", ""), *QUICK
    ),
    _network(
        "no_pooling",
        {"parameters", *UNTRAINED},
        (
            SECOND + POOL,
            SECOND,
        ),
        *QUICK,
    ),
    _network(
        "stopping_watches_what_nobody_computes",
        {"early_stopping", *UNTRAINED},
        ("        validation_split=0.1,\n", ""),
        *QUICK,
    ),
    _network(
        "stopping_keeps_the_last_weights",
        {"early_stopping", *UNTRAINED},
        ("restore_best_weights=True", "restore_best_weights=False"),
        *QUICK,
    ),
    _network("evaluate_returns_a_list", {"evaluate", *UNTRAINED}, (", return_dict=True", ""), *QUICK),
    _network("predict_returns_probabilities", {"predict", *UNTRAINED}, (".argmax(axis=1)", ""), *QUICK),
    _network("one_epoch", {"accuracy"}, ("EPOCHS = 6", "EPOCHS = 1")),
    _network(
        "dense_network",
        UNTRAINED,
        (
            FIRST + POOL,
            "",
        ),
        (
            SECOND + POOL,
            "",
        ),
        ("EPOCHS = 6", "EPOCHS = 2"),
    ),
)
