from labkit.cli.collecting import pytest_collect_file, pytest_ignore_collect

__all__ = ["pytest_collect_file", "pytest_ignore_collect"]
