"""Papers as PDF: bytes = render(frozen content)."""
