"""Reports to superiors: what placeholders mean, what they are filled with, and what changed."""
