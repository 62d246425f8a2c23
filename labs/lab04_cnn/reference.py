"""What the functions of lab 4 should return, by TensorFlow and SciPy."""

import numpy as np
import tensorflow as tf
from scipy import ndimage, signal


def output_size(n, f, padding, stride):
    return len(range(-padding, n + padding - f + 1, stride))


def pad(image, top, bottom, left, right):
    return np.pad(image, ((top, bottom), (left, right)))


def windows(image, f, stride):
    return np.lib.stride_tricks.sliding_window_view(image, (f, f))[::stride, ::stride]


def correlate(image, kernel, padding, stride):
    return signal.correlate2d(np.pad(image, padding), kernel, "valid")[::stride, ::stride]


def convolve(image, kernel, padding, stride):
    return signal.convolve2d(np.pad(image, padding), kernel, "valid")[::stride, ::stride]


def correlate_same(image, kernel, stride):
    return tf.nn.conv2d(_batch(image), kernel[..., None, None], stride, "SAME")[0, ..., 0].numpy()


def max_pool(image, f, stride):
    return tf.nn.max_pool2d(_batch(image), f, stride, "VALID")[0, ..., 0].numpy()


def average_pool(image, f, stride):
    return tf.nn.avg_pool2d(_batch(image), f, stride, "VALID")[0, ..., 0].numpy()


def sobel(image):
    gx, gy = (ndimage.sobel(image, axis)[1:-1, 1:-1] for axis in (1, 0))
    return gx, gy, np.hypot(gx, gy)


def equivariance(image, kernel, down, right):
    def move(map_):
        return ndimage.shift(map_, (down, right), order=0, mode="constant", cval=0.0)

    return np.abs(correlate(move(image), kernel, 0, 1) - move(correlate(image, kernel, 0, 1)))


def _batch(image):
    return image[None, ..., None]
