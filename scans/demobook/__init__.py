"""The demonstration book: set, printed and aged by arithmetic, with its exact known text."""
