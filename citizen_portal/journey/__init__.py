"""The journey: one question per page, answers in a sealed draft, until the button is pressed."""
