"""The compiled engine: the reference engine's twin, the same event log bit for bit."""
