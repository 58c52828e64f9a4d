"""What a book is made from and what people decide for it; releases and previews."""
