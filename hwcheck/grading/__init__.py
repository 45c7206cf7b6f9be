"""Grading: many submissions marked by several processes, kept in a journal, and what is made of them together."""
