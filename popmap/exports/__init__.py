"""Taking tables and the graph away as files: the same rows and words as on the screen, and what they are from."""
