// Starts the desk on the page in hand. Without this file the page is a plain form that works.
import { addChanges } from "./changes.js";
import { addCharacters } from "./characters.js";
import { Desk } from "./desk.js";
import { addDoubt } from "./doubt.js";
import { addDress } from "./dress.js";
import { addFind } from "./find.js";
import { addHelp } from "./help.js";
import { addLayers } from "./layers.js";
import { addLayouts } from "./layout-choice.js";
import { addLeftOut } from "./left-out.js";
import { addLetters } from "./letters.js";
import { addLook } from "./look.js";
import { addMarking } from "./marking.js";
import { addNotes } from "./notes.js";
import { addPalette } from "./palette.js";
import { addPeek } from "./peek.js";
import { addPhoneSheet } from "./phone-sheet.js";
import { addPreview } from "./preview.js";
import { addNext } from "./next.js";
import { addSaving } from "./saving.js";
import { Server } from "./server.js";
import { Settings } from "./settings.js";
import { addSpelling } from "./spelling.js";
import { addSplit } from "./split.js";

const data = JSON.parse(document.getElementById("desk-data").textContent);
const area = document.getElementById("text");
const scan = document.querySelector("#scan > img"); // once it is there it stays in sight: it need not be decoded again
const server = new Server(data.person, data.urls.session);
const isSettled = ({ status }) => status === 200 || status === 422; // what is not understood is not sent again
const desk = new Desk(new Settings(data.person, data.settings, async (change) => isSettled(await server.call("PUT", data.settings_url, change))));
for (const add of [addChanges, addSaving, addNext, addLayouts, addLook, addSplit, addNotes, addLayers, addDress, addMarking, addSpelling, addDoubt, addPeek, addPhoneSheet, addCharacters, addLetters, addLeftOut, addFind, addPreview, addHelp, addPalette]) add(desk);
desk.start(data, { nonce: document.querySelector("meta[name=csp-nonce]").content, typed: area.value, selected: [area.selectionStart, area.selectionEnd], image: scan.complete && scan.naturalWidth ? scan : undefined });
desk.editor.focus();
