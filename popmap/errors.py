"""The one family of failures popmap expects and explains."""


class PopmapError(Exception):
    """Something a person can mend; shown as one message and one hint, never as a traceback.

    Args:
        message: What is wrong, naming the file, row and column where there are any.
        hint: What to do about it, as a sentence; empty when the message says it.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class RegisterError(PopmapError):
    """A register that cannot be read at all."""


class UsageError(PopmapError):
    """A request that cannot be carried out as asked: an unknown table, format or option."""


class RuleError(PopmapError):
    """A gap rule whose file or query cannot be used."""
