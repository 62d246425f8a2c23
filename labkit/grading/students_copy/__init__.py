"""The copy of the kit that students get: without solutions, and proved to be."""
