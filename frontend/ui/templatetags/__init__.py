"""Template tag libraries of the UI kit."""
