from labkit.cli.collecting import pytest_collect_file

__all__ = ["pytest_collect_file"]
