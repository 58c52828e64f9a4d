"""From an uploaded file to page images and OCR text."""
