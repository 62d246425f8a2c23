"""Who is in a class, and who handed in what."""
