"""From proofread pages to books and releases."""
