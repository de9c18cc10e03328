"""The operator's desk: its sign-in, its first page, and the pages that look into every brand's schema."""
