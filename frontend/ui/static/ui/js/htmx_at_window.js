// Sent behind htmx as one module, in which its name would be known to nobody else.
window.htmx = htmx;
