// The page of `hypnic serve`. It holds the files and what was typed into them; each question sends both to this
// machine's own hypnic, which keeps neither. Whatever a file holds is shown as text: nothing here makes HTML.
"use strict";

const LARGEST = 20 * 2 ** 20;
const by = (id) => document.getElementById(id);
const state = { files: [], past: [], answer: null, made: null, mine: null, unread: [], source: null };

// Elements

const put = (tag, settings = {}, ...inside) => {
  const { data, aria, ...plain } = settings;
  const element = Object.assign(document.createElement(tag), plain);
  for (const [name, value] of Object.entries(data || {})) element.dataset[name] = value;
  for (const [name, value] of Object.entries(aria || {})) element.setAttribute("aria-" + name, value);
  element.append(...inside.filter((one) => one !== null && one !== ""));
  return element;
};

const say = (text, heard = false) => {
  by("status").textContent = text;
  by("status").className = heard ? "hear" : "";
};

const complain = (text) => {
  by("fault").textContent = text;
  by("fault").hidden = !text;
};

const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

const save = (name, content, type) => {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = put("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
};

// Questions

const base64 = (buffer) => {
  const bytes = new Uint8Array(buffer);
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
};

const ask = async (what, facts, files = state.files) => {
  complain("");
  say("Working …");
  document.body.setAttribute("aria-busy", "true");
  try {
    const body = JSON.stringify({ files, ...(facts ? { facts } : {}) });
    const answer = await fetch(what, { method: "POST", headers: { "content-type": "application/json" }, body });
    const said = await answer.json();
    if (answer.ok) return said;
    complain(said.error);
  } catch {
    complain("hypnic does not answer: it was stopped. Start `hypnic serve` again; nothing of your file is lost.");
  } finally {
    say("");
    document.body.removeAttribute("aria-busy");
  }
  return null;
};

// One question at a time: what is clicked meanwhile waits.
let line = Promise.resolve();
const inTurn = (work) => { line = line.then(work, work); return line; };

const check = async () => {
  state.made = state.mine = null;
  const answer = state.files.length ? await ask("check") : null;
  if (answer || !state.files.length) state.answer = answer;
  draw();
  if (answer) say(`${answer.summary}.`, true); // it is seen below
  return Boolean(answer);
};

const sheetName = (known, place) => `sheet ${place}, ${known.sheets[place - 1]}`;

const copied = () => state.files.map((file) => ({ ...file, edits: { ...file.edits }, drop: [...file.drop] }));

const change = (how, then) => inTurn(async () => {
  const before = state.files;
  state.files = copied();
  how(Object.fromEntries(state.files.map((file) => [file.name, file])));
  if (await check()) state.past.push(before);
  else { state.files = before; draw(); }
  by("undo").disabled = !state.past.length;
  if (then) then();
  if (document.activeElement === document.body || document.activeElement === null) by("result-title").focus();
});

// Another sheet has other cells: what was typed into the one before goes, and comes back by Undo.
const pick = (file, sheet) => change((files) => { Object.assign(files[file], { sheet, edits: {}, drop: [] }); });

const type = (file, cell, text, then) => change((files) => { files[file].edits[cell] = text; }, then);

// Files

const take = (list) => inTurn(async () => {
  const dropped = [...list];
  if (!dropped.length) return;
  const size = dropped.reduce((sum, file) => sum + file.size, 0);
  if (size > LARGEST) { complain("These files are larger than 20 MB together; use `hypnic check` for them."); return; }
  const read = await Promise.all(dropped.map(async (file) => (
    { name: file.name, content: base64(await file.arrayBuffer()), edits: {}, drop: [] })));
  await add(read, async () => {
    state.unread = read;
    const why = by("fault").textContent;
    const there = read.length === 1 ? await ask("sheets", null, read) : null;
    complain(why);
    const [known] = there ? there.files : [{ sheets: [] }];
    by("which").hidden = known.sheets.length < 2;
    by("sheet").replaceChildren(put("option", { value: 0, textContent: "every one that is a table" }),
      ...known.sheets.map((_, at) => put("option", { value: at + 1, textContent: sheetName(known, at + 1) })));
    by("convert").hidden = false;
    by("form").focus();
  });
});

// Add files to those there are; where they cannot be checked, all is as it was, and `otherwise` follows.
const add = async (read, otherwise) => {
  const before = state.files;
  const names = new Set(read.map((file) => file.name));
  by("convert").hidden = by("done").hidden = by("own-map").hidden = true;
  state.files = [...before.filter((file) => !names.has(file.name)), ...read];
  if (await check()) {
    state.past = [];
    by("undo").disabled = true;
    by("result-title").focus();
    return true;
  }
  const why = by("fault").textContent;
  state.files = before;
  draw();
  complain(why);
  await otherwise();
  return false;
};

const convert = (form, sheet) => {
  state.source = { form, files: state.unread.map((file) => ({ ...file, sheet })) };
  return convertAs("");
};

// Convert what was dropped last; of a person's own spreadsheet, as the map says that they changed.
const convertAs = (map) => inTurn(async () => {
  const made = await ask("convert", { form: state.source.form, map }, state.source.files);
  if (!made) return;
  const open = () => {
    by("map").value = made.map;
    by("own-map").hidden = !made.map;
    by("own-map").open = !made.complete || made.map.includes('= ""'); // a column that nobody knows
  };
  if (!made.files.length) {
    by("convert").hidden = true;
    complain(made.said.join(" "));
    open();
    by("map").focus();
    return;
  }
  const text = new TextEncoder();
  const read = made.files.map(({ name, csv }) => (
    { name, content: base64(text.encode(csv)), edits: {}, drop: [] }));
  if (!await add(read, () => {})) return;
  by("done-said").replaceChildren(...made.said.map((line) => put("li", { textContent: line })));
  by("done").hidden = false;
  by("done").open = !made.complete;
  open();
  if (!made.complete) complain("Some answers could not be read and were left blank: what the conversion did says which.");
});

const remove = (name) => inTurn(async () => {
  state.files = state.files.filter((file) => file.name !== name);
  state.past = [];
  await check();
  by("files").focus();
});

// Drawing

const drawFiles = () => {
  by("dropped").replaceChildren(...state.files.map((file) => {
    const known = state.answer && state.answer.files.find((one) => one.name === file.name);
    const typed = Object.keys(file.edits).length + file.drop.length;
    const told = [known ? known.table : "", known ? known.read && `read as ${known.read}` : "",
      typed ? `${count(typed, "change")} by you` : ""].filter(Boolean).join("; ");
    return put("li", {}, put("strong", { textContent: file.name }), told && ` (${told}) `, " ",
      ...(known && known.sheets.length > 1 ? known.sheets.map((_, at) => put("button", {
        type: "button", textContent: `Read ${sheetName(known, at + 1)}`, disabled: known.sheet === at + 1,
        aria: { label: `Of ${file.name}, read ${sheetName(known, at + 1)}` }, onclick: () => pick(file.name, at + 1),
      })) : []),
      put("button", { type: "button", textContent: "Take out", aria: { label: `Take out ${file.name}` },
        onclick: () => remove(file.name) }));
  }));
};

const key = (file, cell) => `${state.files.findIndex((one) => one.name === file)}-${cell}`;

const instead = (group, cell) => cell.instead.map((way) => put("button", {
  type: "button", textContent: `Type ${way.text}${way.remark}`, data: { accept: key(group.file, cell.cell) },
  aria: { label: `In ${cell.cell}, type ${way.text}${way.remark}` },
  onclick: () => type(group.file, cell.cell, way.text),
}));

const drawGroup = (group) => {
  const items = group.cells.map((cell) => put("li", {},
    cell.cell ? put("button", { type: "button", textContent: cell.at,
      aria: { label: `Show ${cell.cell}${cell.column ? `, ${cell.column},` : ""} in the table` },
      onclick: () => show(group.file, cell.cell) }) : cell.at,
    cell.value ? put("code", { textContent: cell.value }) : "", ...instead(group, cell),
    cell.hint && !cell.instead.length ? put("span", { textContent: cell.hint }) : ""));
  const drop = group.drop.map((column) => put("button", {
    type: "button", textContent: `Leave out column ${column}`,
    onclick: () => change((files) => { files[group.file].drop.push(column); }),
  }));
  return put("section", { className: "group", data: { rule: group.rule, level: group.level } },
    put("h3", {}, put("b", { className: group.level, textContent: group.level }), ` ${group.message}`),
    group.hint ? put("p", { textContent: group.hint }) : "",
    put("p", { className: "quiet", textContent: `${group.file}, rule ${group.rule}` }),
    put("ul", { className: "cells" }, ...items),
    group.more ? put("p", { textContent: `and ${group.more} more` }) : "",
    drop.length ? put("p", { className: "buttons" }, ...drop) : "");
};

const faultsOf = (name) => {
  const faults = new Map();
  for (const group of state.answer.groups.filter((one) => one.file === name)) {
    for (const cell of group.cells.filter((one) => one.cell)) {
      faults.set(cell.cell, [...(faults.get(cell.cell) || []), { ...group, hint: group.hint || cell.hint, instead: cell.instead, column: cell.column }]);
    }
  }
  return faults;
};

const marked = (file, cell, text, faults) => put("button", {
  type: "button", id: `cell-${key(file, cell)}`, className: faults[0].level,
  onclick: () => edit(file, cell, text, faults),
}, text || "(empty)", put("span", { className: "hear", textContent: `, ${cell}, ${faults[0].level}: ${faults[0].message}` }));

const drawTable = (table) => {
  const faults = faultsOf(table.name);
  const file = state.files.find((one) => one.name === table.name);
  const hidden = new Set(table.hidden);
  const top = table.letters.map((letter, at) => {
    const cell = `${letter}${table.top}`;
    const name = hidden.has(letter) ? "(private)" : table.header[at];
    const inside = faults.has(cell) ? marked(table.name, cell, name, faults.get(cell)) : put("span", { textContent: name });
    return put("th", { scope: "col", className: faults.has(cell) ? "marked" : "" }, `${letter} `, inside);
  });
  const rows = table.rows.map((row) => put("tr", {}, put("th", { scope: "row", textContent: row.number }),
    ...row.cells.map((text, at) => {
      const cell = `${table.letters[at]}${row.number}`;
      const shown = hidden.has(cell) || hidden.has(table.letters[at]) ? "(private)" : text;
      if (!faults.has(cell)) return put("td", { textContent: shown, className: cell in file.edits ? "typed" : "" });
      return put("td", { className: "marked" }, marked(table.name, cell, shown, faults.get(cell)));
    })));
  const label = `${table.name}: your table, as it is now`;
  return put("div", {}, put("div", { className: "sheet", role: "region", tabIndex: 0, aria: { label } },
    put("table", {}, put("caption", { textContent: label }),
      put("thead", {}, put("tr", {}, put("th", { scope: "col", textContent: "row" }), ...top)),
      put("tbody", {}, ...rows))),
  table.more ? put("p", { textContent: `and ${table.more} more rows, which are checked and saved as well` }) : "");
};

const drawMade = () => {
  by("made").hidden = !state.made;
  if (!state.made) return;
  by("made-rows").textContent = `${state.made.rows}. Everybody in it looks like ${state.made.alike} others at least.`;
  by("save-codes").hidden = by("codes-told").hidden = !state.made.codes;
  by("account").replaceChildren(...state.made.account.map((one) => put("tr", {},
    put("th", { scope: "row", textContent: one.column }),
    ...[one.reason, one.people, one.cells].map((text) => put("td", { textContent: text })))));
  by("receipt").textContent = state.made.receipt;
};

const drawMine = () => {
  by("mine").hidden = !state.answer || state.answer.errors > 0 || !state.answer.own;
  by("mine-shown").hidden = !state.mine;
  if (!state.mine) return;
  const { notice, summary, picture, shows, marks, said } = state.mine;
  by("mine-notice").textContent = notice;
  by("mine-summary").textContent = summary;
  by("mine-picture").replaceChildren(put("img", { alt: shows, className: "own",
    src: `data:image/svg+xml;base64,${base64(new TextEncoder().encode(picture))}` }));
  by("mine-marks").textContent = marks;
  by("mine-said").replaceChildren(...said.map((text) => put("li", { textContent: text })));
};

const draw = () => {
  drawFiles();
  drawMine();
  by("result").hidden = by("publish").hidden = !state.answer;
  if (!state.answer) return;
  const { summary, errors, groups, more, files, certain, publishable } = state.answer;
  const sure = Object.values(certain).reduce((sum, cells) => sum + Object.keys(cells).length, 0);
  by("summary").textContent = groups.length ? `${summary}.` : "No findings: it is clean.";
  by("all").disabled = !sure;
  by("all").textContent = sure ? `Accept all ${sure} that leave no choice` : "Nothing left to accept at once";
  by("undo").disabled = !state.past.length;
  by("save").textContent = files.length > 1 ? "Save the fixed files" : "Save the fixed file";
  by("save").className = errors ? "" : "first";
  by("groups").replaceChildren(...groups.map(drawGroup),
    more ? put("p", { textContent: `and ${more} more findings, which are shown once these are fixed` }) : "");
  by("tables").replaceChildren(...files.map(drawTable));
  by("facts").hidden = errors > 0 || !publishable;
  by("publish-wait").hidden = !by("facts").hidden;
  by("publish-wait").textContent = errors > 0
    ? "Once there is no error left, you can make the folder that may be published."
    : "Drop participants.csv as well to publish: it holds the consent of each respondent.";
  drawMade();
};

// One cell

const show = (file, cell) => {
  const found = by(`cell-${key(file, cell)}`);
  if (!found) { say(`${cell} is not among the rows shown.`); return; }
  found.scrollIntoView({ block: "center", inline: "center" });
  found.focus();
};

const edit = (file, cell, text, faults) => {
  const { column } = faults[0];
  by("editor-title").textContent = `${cell}${column ? `, ${column}` : ""}`;
  by("editor-said").replaceChildren(...faults.map((one) => put("li", { textContent: `${one.message}: ${one.hint}` })));
  const first = faults.flatMap((one) => one.instead)[0];
  by("editor-text").value = first ? first.text : text === "(private)" ? "" : text;
  by("editor").returnValue = "cancel";
  by("editor").onclose = () => {
    const back = () => { (by(`cell-${key(file, cell)}`) || by("result-title")).focus(); };
    if (by("editor").returnValue === "type") type(file, cell, by("editor-text").value, back);
    else back();
  };
  by("editor").showModal();
  by("editor-text").focus();
  by("editor-text").select();
};

// What is clicked

by("files").addEventListener("change", async (event) => { await take(event.target.files); event.target.value = ""; });
by("convert").addEventListener("submit", (event) => { event.preventDefault(); convert(by("form").value, Number(by("sheet").value)); });
by("again").addEventListener("click", () => convertAs(by("map").value));
by("all").addEventListener("click", () => change((files) => {
  for (const [name, cells] of Object.entries(state.answer.certain)) Object.assign(files[name].edits, cells);
}, () => by("result-title").focus()));
by("undo").addEventListener("click", () => inTurn(async () => {
  if (!state.past.length) return;
  state.files = state.past.pop();
  await check();
  if (by("undo").disabled) by("result-title").focus();
}));
by("save").addEventListener("click", () => inTurn(async () => {
  const answer = await ask("save");
  if (!answer) return;
  for (const file of answer.files) save(file.name, file.csv, "text/csv");
  say(`Saved as ${answer.files.map((file) => file.name).join(" and ")}, where your browser puts what it saves.`);
}));
by("see").addEventListener("click", () => inTurn(async () => {
  state.mine = await ask("nights");
  drawMine();
  if (state.mine) by("mine-title").focus();
}));
by("facts").addEventListener("submit", (event) => {
  event.preventDefault();
  const facts = Object.fromEntries(new FormData(by("facts")));
  inTurn(async () => {
    state.made = await ask("publish", facts);
    drawMade();
    if (state.made) by("made-title").focus();
  });
});
by("save-zip").addEventListener("click", () => {
  const bytes = Uint8Array.from(atob(state.made.zip), (letter) => letter.charCodeAt(0));
  save(state.made.name, bytes, "application/zip");
});
by("save-codes").addEventListener("click", () => save("withdrawal-codes.csv", state.made.codes, "text/csv"));

for (const kind of ["dragover", "dragleave", "drop"]) {
  // The whole page takes files: one that misses the box would be opened in place of the page.
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    by("drop").classList.toggle("over", kind === "dragover");
    if (kind === "drop") take(event.dataTransfer.files);
  });
}
