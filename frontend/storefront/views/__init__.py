"""The pages of the storefront: parse, ask one selector or call one verb, print."""
