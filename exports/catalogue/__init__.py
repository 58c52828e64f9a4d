"""Published books as a library: shelves, names, and search inside the texts."""
