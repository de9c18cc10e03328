"""A package, so that its browser and its room are gone before anybody else's test begins."""
