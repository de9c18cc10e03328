"""Web, worker and beat as an operator runs them: started with the right arguments, stopped without losing anything."""
