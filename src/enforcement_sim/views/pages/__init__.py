"""The pages of a report: each a question that a planner asks, with the charts and tables that answer it."""
