"""popmap's figures: a generator of registers of any size, a yardstick, and what measures the one against the other."""
