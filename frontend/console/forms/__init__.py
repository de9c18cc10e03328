"""What the console's pages let people type, checked for shape only: the verbs decide."""
