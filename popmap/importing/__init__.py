"""From a published list to candidate rows of a register, and from those to a plan: what would be added, changed and removed."""
