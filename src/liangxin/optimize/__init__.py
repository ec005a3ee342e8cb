"""Solvers of the exact problems this product exists for; they know neither Django nor the project."""
