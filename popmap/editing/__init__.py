"""Rows of a register edited by hand: what would change, what stands in the way, and doing it with who vouches for each new cell."""
