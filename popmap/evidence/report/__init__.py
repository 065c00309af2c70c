"""The report of an evidence pack: a PDF that reads by itself."""

from popmap.evidence.report.building import PAPERS, report_pdf, report_pieces

__all__ = ["PAPERS", "report_pdf", "report_pieces"]
