"""Formulas that students write: read, compared with the right ones at random points, and what is wrong with them."""
