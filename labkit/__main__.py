"""``python -m labkit`` does what the ``labkit`` command does."""

from labkit.cli.main import main

if __name__ == "__main__":
    main()
