"""The developer's machine: environment, servers, demo, checks. Only Python 3.11 and make are taken for granted."""
