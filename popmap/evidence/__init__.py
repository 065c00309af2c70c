"""Evidence: a register with everything made from it as one file whose every byte can be checked later, with popmap and without."""
