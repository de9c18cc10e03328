"""The kit of the three faces: tokens, shells, components, template tags, small ES modules."""
