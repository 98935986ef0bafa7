"""Facts: the event log of a run, and how it is written for other programs."""
