"""Tables to pictures and pages; nothing is computed here."""
