"""What the command line does: a module for each command or family of them, every one with `add(commands)`.

`add` gives argparse the commands, and each parser's `tell` runs it: a function of the options that returns a `Said`.
"""
