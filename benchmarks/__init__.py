"""Measurements: ratios against a peer or a bare tool in the same run; never tests."""
