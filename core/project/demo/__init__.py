"""The demo world: its facts, and the seed that plays them through the verbs."""
