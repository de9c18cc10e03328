// Exchanges the ticket by the page's own form, after taking it out of the address: it stays in no history.
history.replaceState(null, "", location.pathname);
document.querySelector("form[data-enter]")?.requestSubmit();
