"""Published lists: from a file's bytes to candidate rows of a register, each cell with its source and nothing written."""
