"""What a label says, for modules with and without torch."""

IGNORED = -100
"""Label of a token that carries no loss, as everywhere in transformers."""
