// The behaviour of every page, bound once to the document so that fragments swapped in by htmx need no start-up.
import { startDialogs } from "./dialogs.js";
import { startForms } from "./forms.js";
import { startDrafts } from "./drafts.js";
import { startLists } from "./lists.js";
import { startPalette } from "./palette.js";
import { startSteppers } from "./stepper.js";
import { startTheme } from "./theme.js";
import { startToasts } from "./toasts.js";
import { startUploads } from "./uploads.js";

startTheme();
startDialogs();
startToasts();
startUploads();
startForms();
startDrafts();
startLists();
startSteppers();
startPalette();
