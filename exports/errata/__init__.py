"""Errors that readers find: placed, corrected in the pages, answered."""
