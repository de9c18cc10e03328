"""What runs the product: nothing in here is imported by it."""
