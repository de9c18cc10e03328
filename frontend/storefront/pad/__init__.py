"""The order pad: what lies in the cart, and what was typed but names nothing that can be ordered yet."""
