"""popmap turns published privacy pages and registers into an interactive data map."""

__version__ = "0.1.0"
