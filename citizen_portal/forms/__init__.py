"""What every form is made of: what people type, made into what is kept; fields; the token that each form carries."""
