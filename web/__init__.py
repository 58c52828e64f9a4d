"""HTTP, HTML, API and the command line."""
