"""Rounds, page tasks, revisions: volunteers reading page by page."""
