"""What an auditor is handed: files that carry their proof and can be checked without popmap."""
