"""What tests stand on: real databases, a real Redis, and rows to begin with."""
