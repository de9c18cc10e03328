"""The room's decisions in plain Python: which status may follow which, and whether a line may be ordered."""
