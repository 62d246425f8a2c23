"""Pages to play with a lab's idea, in the browser: `labkit play`.

Each is a process of its own, `python -m labkit.playground`, on the untrusted side: it loads a model
that a student exported, through the screen, and never runs a student's file. The command line starts
it and imports nothing of it.
"""
