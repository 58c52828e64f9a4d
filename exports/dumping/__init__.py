"""The whole library as plain files, and back."""
