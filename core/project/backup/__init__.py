"""The whole installation in one folder, and back: database, files, and a manifest that proves both."""
