"""Runs that start processes and kill them."""
