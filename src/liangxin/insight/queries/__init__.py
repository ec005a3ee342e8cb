"""Questions that touch several apps."""
