"""A book to files: EPUB and its kin, web pages, plain text, TEI, the facsimile."""
