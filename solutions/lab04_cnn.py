"""Lab 4: convolution by hand, and a convolutional network that reads digits.

Run it with `make lab4` or `labkit run lab4`. You write ten small functions with NumPy, none longer than
a few lines, and then the five steps of a Keras model. README.md in this folder has the idea and the
mathematics.

An image is an array (rows, columns), a kernel an array (f, f). Row 0 is at the top.
"""

import keras
import numpy as np
from keras import layers

EPOCHS = 6
BATCH_SIZE = 64


def output_size(n: int, f: int, padding: int, stride: int) -> int:
    """Return how many places a window has on a line.

    Args:
        n: Pixels of the line.
        f: Pixels of the window.
        padding: Zeros added at each end of the line.
        stride: Pixels from one place to the next.
    """
    # cut: The formula is in README.md. Mind its floor: a place that sticks out at the end is none.
    return (n + 2 * padding - f) // stride + 1
    # end cut


def pad(image: np.ndarray, top: int, bottom: int, left: int, right: int) -> np.ndarray:
    """Return an image, (rows, columns), with so many rows and columns of zeros around it.

    Any of the four numbers may be 0. The result is (top + rows + bottom, left + columns + right).
    """
    # cut: Make zeros of the new size, and write the image into its place among them.
    rows, columns = image.shape
    padded = np.zeros((top + rows + bottom, left + columns + right))
    padded[top : top + rows, left : left + columns] = image
    return padded
    # end cut


def windows(image: np.ndarray, f: int, stride: int) -> np.ndarray:
    """Return every window of f × f pixels that lies wholly inside an image, (rows, columns).

    Returns:
        (rows', columns', f, f): at [i, j] the window whose upper left pixel is that of row i * stride
        and column j * stride. The sizes rows' and columns' are those of `output_size` without padding.
    """
    # cut: Make an empty array of that shape. Two loops, over i and j, fill it with slices of the image.
    rows, columns = (output_size(n, f, 0, stride) for n in image.shape)
    found = np.empty((rows, columns, f, f))
    for i in range(rows):
        for j in range(columns):
            found[i, j] = image[i * stride : i * stride + f, j * stride : j * stride + f]
    return found
    # end cut


def correlate(image: np.ndarray, kernel: np.ndarray, padding: int, stride: int) -> np.ndarray:
    """Return the cross-correlation of an image, (rows, columns), with a kernel, (f, f).

    Args:
        image: It is padded with zeros on all four sides first.
        kernel: It is laid on every window as it is, not flipped.
        padding: How many zeros; 0 is what Keras calls "valid".
        stride: Pixels from one window to the next, down and to the right.

    Returns:
        For each window the sum of pixel times weight; the sizes are those of `output_size`.
    """
    # cut: Pad the image, take its windows, multiply them by the kernel and sum over the last two axes.
    return np.sum(windows(pad(image, *[padding] * 4), len(kernel), stride) * kernel, axis=(2, 3))
    # end cut


def convolve(image: np.ndarray, kernel: np.ndarray, padding: int, stride: int) -> np.ndarray:
    """Return the convolution of an image with a kernel, as `correlate` but with the kernel flipped."""
    # cut: Flip the kernel upside down and left to right. You have a function for the rest.
    return correlate(image, kernel[::-1, ::-1], padding, stride)
    # end cut


def correlate_same(image: np.ndarray, kernel: np.ndarray, stride: int) -> np.ndarray:
    """Return the cross-correlation with the padding that Keras calls "same".

    The output has ceil(n / stride) places on a line of n pixels. So many zeros are added to the line
    as its windows stick out, at least none: (ceil(n / stride) - 1) * stride + f - n. Half of them,
    rounded down, come before the line, the others behind it. Rows and columns may need different ones.
    """
    # cut: Work the zeros out for image.shape[0] and for image.shape[1]. Then pad() the image, and
    # correlate() without further padding.
    edges = []
    for n in image.shape:
        places = -(-n // stride)
        zeros = max((places - 1) * stride + len(kernel) - n, 0)
        edges += [zeros // 2, zeros - zeros // 2]
    return correlate(pad(image, *edges), kernel, 0, stride)
    # end cut


def max_pool(image: np.ndarray, f: int, stride: int) -> np.ndarray:
    """Return the largest pixel of each window of f × f, without padding."""
    # cut: You have the windows. Over which axes is the maximum?
    return windows(image, f, stride).max(axis=(2, 3))
    # end cut


def average_pool(image: np.ndarray, f: int, stride: int) -> np.ndarray:
    """Return the mean of each window of f × f, without padding."""
    # cut: The same windows again.
    return windows(image, f, stride).mean(axis=(2, 3))
    # end cut


def sobel(image: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return how steeply an image, (rows, columns), grows brighter: Gx, Gy and √(Gx² + Gy²).

    Gx is the cross-correlation with [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]: it is positive where the
    image grows brighter to the right. Gy is positive where it grows brighter downwards. There is no
    padding: all three are (rows - 2, columns - 2).
    """
    # cut: Write the first kernel down. The second one is made from it by swapping rows and columns.
    across = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    gx, gy = (correlate(image, kernel, 0, 1) for kernel in (across, across.T))
    return gx, gy, np.sqrt(gx**2 + gy**2)
    # end cut


def shift(image: np.ndarray, down: int, right: int) -> np.ndarray:
    """Return an image moved by so many pixels; negative ones move it up or left. This is given.

    Zeros come in on one side, and what leaves on the other is lost.
    """
    rows, columns = image.shape
    moved = np.zeros_like(image)
    there = moved[max(down, 0) : rows + min(down, 0), max(right, 0) : columns + min(right, 0)]
    there[:] = image[max(-down, 0) : rows - max(down, 0), max(-right, 0) : columns - max(right, 0)]
    return moved


def equivariance(image: np.ndarray, kernel: np.ndarray, down: int, right: int) -> np.ndarray:
    """Return where shifting first and correlating first differ, and by how much.

    Cross-correlations here have no padding and a stride of 1.

    Returns:
        The absolute difference of two maps: the map of the shifted image, and the shifted map of the
        image. Both shifts are by ``down`` and ``right``; see `shift`.
    """
    # cut: Make both maps with shift() and correlate(), in either order, and subtract.
    of_shifted = correlate(shift(image, down, right), kernel, 0, 1)
    shifted = shift(correlate(image, kernel, 0, 1), down, right)
    return np.abs(of_shifted - shifted)
    # end cut


def define() -> keras.Model:
    """Return the network, not yet compiled, with at most 60,000 parameters.

    It takes images as they are stored, (28, 28) with integers from 0 to 255, and gives ten
    probabilities, one for each digit.
    """
    # cut: Build a Sequential model: Input, Rescaling, and a Reshape to (28, 28, 1), for Conv2D wants
    # channels. Then Conv2D and MaxPooling2D, twice, with more kernels the second time; a Flatten, and
    # Dense layers. model.summary() counts the parameters. Dropout helps against overfitting.
    return keras.Sequential(
        [
            layers.Input((28, 28)),
            layers.Rescaling(1 / 255),
            layers.Reshape((28, 28, 1)),
            layers.Conv2D(16, 5, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 5, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(64, activation="relu"),
            layers.Dropout(0.3),
            layers.Dense(10, activation="softmax"),
        ]
    )
    # end cut


def compile(model: keras.Model) -> None:
    """Choose the optimizer, the loss and the metric "accuracy"."""
    # cut: Call model.compile as in labs 2 and 3. A learning rate that falls while training goes on
    # (keras.optimizers.schedules) often gains the last tenths of a percent.
    steps = EPOCHS * 49_500 // BATCH_SIZE
    learning_rate = keras.optimizers.schedules.CosineDecay(2e-3, steps)
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    # end cut


def fit(model: keras.Model, x: np.ndarray, y: np.ndarray) -> keras.callbacks.History:
    """Train on x, (55000, 28, 28) uint8, and y, (55000,) uint8; return the history.

    Part of the rows is kept for validation, and training stops early with the best weights.
    """
    # cut: Call model.fit with a validation_split and with an EarlyStopping that restores the best
    # weights, as in labs 2 and 3.
    stopping = keras.callbacks.EarlyStopping(monitor="val_loss", patience=3, restore_best_weights=True)
    return model.fit(
        x,
        y,
        epochs=EPOCHS,
        batch_size=BATCH_SIZE,
        validation_split=0.1,
        callbacks=[stopping],
        verbose=2,
    )
    # end cut


def evaluate(model: keras.Model, x: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Return loss and accuracy on digits the model never saw, as a dict."""
    # cut: Call model.evaluate so that it returns a dict instead of a list.
    return model.evaluate(x, y, verbose=0, return_dict=True)
    # end cut


def predict(model: keras.Model, x: np.ndarray) -> np.ndarray:
    """Return the digit, 0 to 9, that each image shows: shape (n,)."""
    # cut: Ask the model for its ten probabilities per image and return the most probable digit.
    return model.predict(x, verbose=0).argmax(axis=1)
    # end cut


if __name__ == "__main__":
    stripes = np.tile([0.0, 0.0, 1.0, 1.0, 0.0, 0.0], (5, 1))
    gx, gy, magnitude = sobel(stripes)
    print("A white stripe on black, and its edges:", stripes, gx, magnitude, sep="\n")
