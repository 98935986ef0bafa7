"""What a log means: functions of facts, never of an engine, so real records in the same shape go through them too."""
