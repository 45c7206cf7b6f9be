"""The table of named definitions: its shapes, its derivatives, its values."""
