"""What a message to a resident says, and that it is sent: only after the separate explicit choice (Wmebv)."""
