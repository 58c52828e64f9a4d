"""Page texts to a book: reading the notation, joining, cutting into sections, setting."""
