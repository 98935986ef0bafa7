"""Engines: they read a plan and the cases at the door, and return an event log, nothing else."""
