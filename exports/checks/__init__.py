"""Whole-book checks: what a person should look at, found by looking at all of it."""
