// htmx comes through here and not by a tag of its own: the browser asks for it one step later, and the stylesheet, without
// which nothing is shown, has a slow line for itself.
import "./htmx.js";
