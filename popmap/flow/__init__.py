"""The flow graph: counted, laid out, drawn, described and written."""
