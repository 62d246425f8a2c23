"""The data sets: what there is, arrays as read-only memory maps, splits, tables of one's own."""

from labkit.data.cache import Finding, cache_folder, clean, path, verify
from labkit.data.catalogue import ArrayInfo, DatasetInfo, ModelInfo, describe, model, names
from labkit.data.load import Arrays, load
from labkit.data.npy import open_array
from labkit.data.split import Split, folds, split
from labkit.data.table import Table, load_table
from labkit.data.verbs import Verb, load_verbs

__all__ = [
    "ArrayInfo",
    "Arrays",
    "DatasetInfo",
    "Finding",
    "ModelInfo",
    "Split",
    "Table",
    "Verb",
    "cache_folder",
    "clean",
    "describe",
    "folds",
    "load",
    "load_table",
    "load_verbs",
    "model",
    "names",
    "open_array",
    "path",
    "split",
    "verify",
]
