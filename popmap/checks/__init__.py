"""The gap rules: one SQL file each, how they are read and how they are run."""
