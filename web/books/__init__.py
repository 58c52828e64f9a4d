"""The library for readers: catalogue, a book, reading online, search, errata, the dump."""
