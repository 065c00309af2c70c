"""Evidence for auditors: documents and pictures that carry their proof."""
