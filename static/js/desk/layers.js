// What newcomers made of lines of this page before its first reader: shown on asking, taken on asking, never put in by itself.
import { tell, untell } from "./messages.js";
import { say } from "./words.js";

export function addLayers(desk) {
  desk.on("open", (data) => {
    untell("layers");
    const [layer] = data.layers ?? [];
    if (!layer) return;
    const differing = differences(data.base_text, layer);
    if (!differing.length) {
      tell("layers", say("layer-same", { who: layer.by ?? say("a-newcomer"), from: layer.from_line, to: layer.to_line }));
      return;
    }
    tell("layers", say("layer-differs", { who: layer.by ?? say("a-newcomer"), from: layer.from_line, to: layer.to_line, n: differing.length }), {
      actions: [
        { label: say("layer-show"), run: () => show(differing) },
        { label: say("layer-take"), run: () => take(desk, differing) },
      ],
    });
  });
}

// Lines that the newcomer changed: `{row (from 0), was, is}`.
function differences(text, { from_line: first, text: theirs }) {
  const rows = text.split("\n");
  return theirs.split("\n").map((is, i) => ({ row: first - 1 + i, was: rows[first - 1 + i] ?? "", is })).filter(({ was, is }) => was !== is);
}

function show(differing) {
  const message = document.querySelector("#desk-messages [data-name='layers']");
  message.querySelector("ul")?.remove();
  const list = document.createElement("ul");
  list.className = "layer-lines";
  for (const { row, was, is } of differing) {
    const item = document.createElement("li");
    item.append(`${row + 1} `, Object.assign(document.createElement("del"), { textContent: was }), " ", Object.assign(document.createElement("ins"), { textContent: is }));
    list.append(item);
  }
  message.append(list);
}

// Only lines that still stand as the machine read them are taken over: nobody's typing is undone.
function take(desk, differing) {
  const { doc } = desk.editor.state;
  const changes = [];
  for (const { row, was, is } of differing) {
    const line = row < doc.lines ? doc.line(row + 1) : undefined;
    if (line?.text === was) changes.push({ from: line.from, to: line.to, insert: is });
  }
  if (changes.length) desk.editor.change(changes, "input.layer");
  untell("layers");
  desk.announce(say("layer-taken", { n: changes.length }));
  desk.editor.focus();
}
