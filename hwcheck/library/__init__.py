"""The parts of networks, as text in the formula language: what a teacher reads here is what is worked out."""
