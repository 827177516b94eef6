/* SPDX-License-Identifier: MIT */
/*
 * Filters of the matrix, and what is behind a cell. The page is complete without it. Text is only
 * ever set as text, never as markup. Plain ASCII; state letters are those of matrix.c.
 */
(function () {
  "use strict";

  const DIFFERENCES = "actrbfu";
  const ROW_HEIGHT = 28;
  const find = (id) => document.getElementById(id);
  const table = find("table"), panel = find("panel"), scroll = find("scroll");
  const data = JSON.parse(find("data").textContent);
  const meanings = {};
  const columns = [], rows = [], chunks = [];
  const filter = { text: "", service: -1, differing: false, states: new Set(), group: -1 };
  let shown = [];        /* numbers of the rows that fit the filters */
  let row = 0, column = 0; /* the cell that the keyboard is at */
  let opened = null;     /* the cell that the panel tells of */
  let columnRule = -1;

  /* ---- reading the page ---- */

  function readMeanings() {
    for (const entry of find("legend").children)
      meanings[entry.dataset.state] = {
        mark: entry.querySelector(".mark").textContent,
        label: entry.querySelector("dt span:last-child").textContent,
        text: entry.querySelector("dd").textContent,
      };
  }

  function readColumns() {
    for (const head of Array.from(table.tHead.rows[0].cells).slice(1)) {
      const api = head.querySelector("i");
      head.title = head.textContent;
      columns.push({
        service: head.querySelector("span").firstChild.textContent.trim(),
        api: api ? api.textContent : "",
      });
    }
  }

  /* Of a row: the letter of each cell, and where its detail is. */
  function readRow(line, details) {
    const cells = Array.from(line.cells).slice(1);
    const found = { line, cells, name: line.cells[0].textContent, letters: [], details: [], group: -1 };
    let next = 0;
    for (const cell of cells) {
      const letter = cell.className || " ";
      found.letters.push(letter);
      found.details.push(letter === " " || letter === "u" ? null : data.details[details[next++]]);
      if (letter === "u")
        found.group = Number(cell.dataset.group);
      const link = cell.firstElementChild;
      if (link && link.tagName === "A")
        cell.textContent = link.textContent;
    }
    found.search = found.name.toLowerCase();
    found.unread = found.letters[0] === "u";
    line.cells[0].title = found.name;
    return found;
  }

  function readRows() {
    for (const body of table.tBodies) {
      const chunk = { body, first: rows.length };
      for (const line of body.rows)
        rows.push(readRow(line, data.cells[rows.length]));
      chunk.end = rows.length;
      chunks.push(chunk);
    }
  }

  /* ---- what a cell says ---- */

  function expand(value, at) {
    const text = typeof value === "number" ? data.texts[value] : data.texts[value[0]] + value[1];
    return text.replace(/[\u0001\u0002]/g, (sign) => (sign === "\u0001" ? rows[at.row].name : columns[at.column].service));
  }

  function letterAt(at) {
    return rows[at.row].unread ? "u" : rows[at.row].letters[at.column];
  }

  function cellAt(at) {
    return rows[at.row].cells[rows[at.row].unread ? 0 : at.column];
  }

  function describe(at) {
    const letter = letterAt(at);
    const state = letter === " " ? "nothing" : meanings[letter].label;
    if (letter === "u")
      return rows[at.row].name + ": " + state;
    return columns[at.column].service + " on " + rows[at.row].name + ": " + state;
  }

  /* ---- filters ---- */

  function fits(found, index) {
    const letter = found.letters[index];
    if (letter === " ")
      return false;
    if (filter.service >= 0 && letter !== "u" && index !== filter.service)
      return false;
    if (filter.states.size > 0 && !filter.states.has(letter))
      return false;
    if (filter.differing && !DIFFERENCES.includes(letter))
      return false;
    if (filter.group < 0)
      return true;
    if (letter === "u")
      return found.group === filter.group;
    return DIFFERENCES.includes(letter) && found.details[index][0] === filter.group;
  }

  function isPicking() {
    return filter.states.size > 0 || filter.group >= 0;
  }

  function rowFits(found) {
    if (!found.search.includes(filter.text))
      return false;
    if (!isPicking() && !filter.differing)
      return true;
    return found.letters.some((letter, index) => fits(found, index));
  }

  function pick(found) {
    const picking = isPicking();
    found.cells.forEach((cell, index) => {
      if (found.letters[index] !== " ")
        cell.classList.toggle("pick", picking && fits(found, index));
    });
  }

  function showChunk(chunk) {
    let count = 0;
    for (let i = chunk.first; i < chunk.end; i++) {
      const visible = rowFits(rows[i]);
      rows[i].line.hidden = !visible;
      if (visible) {
        count++;
        shown.push(i);
        pick(rows[i]);
      }
    }
    chunk.body.hidden = count === 0;
    chunk.body.style.containIntrinsicBlockSize = "auto " + count * ROW_HEIGHT + "px";
  }

  function showColumns() {
    const sheet = document.styleSheets[0];
    if (columnRule >= 0)
      sheet.deleteRule(columnRule);
    columnRule = -1;
    if (filter.service >= 0)
      columnRule = sheet.insertRule("#table tr > :nth-child(n+2):not(:nth-child(" + (filter.service + 2) +
        ")):not(.u) { display: none }", sheet.cssRules.length);
    table.style.setProperty("--columns", filter.service >= 0 ? 1 : columns.length);
  }

  function number(value) {
    return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
  }

  function apply() {
    shown = [];
    chunks.forEach(showChunk);
    table.classList.toggle("picking", isPicking());
    showColumns();
    const all = rows.length === 1 ? "1 account" : number(rows.length) + " accounts";
    find("shown").textContent = shown.length === rows.length ? all : number(shown.length) + " of " + all;
    find("empty").hidden = shown.length > 0;
    scroll.hidden = shown.length === 0;
    find("reset").hidden = !isPicking() && !filter.text && filter.service < 0 && !filter.differing;
    for (const tile of document.querySelectorAll(".tile"))
      tile.setAttribute("aria-pressed", filter.states.has(tile.dataset.state));
    for (const link of document.querySelectorAll("[data-group][role=button]")) {
      const on = Number(link.dataset.group) === filter.group;
      link.setAttribute("aria-pressed", on);
      link.parentElement.classList.toggle("on", on);
    }
    if (shown.length > 0 && !shown.includes(row))
      rove({ row: shown[0], column: filter.service >= 0 ? filter.service : column }, false);
    else if (filter.service >= 0 && shown.length > 0)
      rove({ row, column: filter.service }, false);
  }

  function reset() {
    filter.text = find("find").value = "";
    filter.service = -1;
    find("service").value = "";
    filter.differing = find("differing").checked = false;
    filter.states.clear();
    filter.group = -1;
    apply();
  }

  function toggleState(letter) {
    if (!filter.states.delete(letter))
      filter.states.add(letter);
    filter.group = -1;
    apply();
  }

  function toggleGroup(group) {
    filter.group = filter.group === group ? -1 : group;
    filter.states.clear();
    apply();
    if (filter.group >= 0)
      find("matrix").scrollIntoView({ block: "start" });
  }

  /* ---- the panel ---- */

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className)
      made.className = className;
    if (text !== undefined)
      made.textContent = text;
    return made;
  }

  function button(sign, label, act) {
    const made = element("button", "", sign);
    made.type = "button";
    made.setAttribute("aria-label", label);
    made.title = label;
    made.addEventListener("click", act);
    return made;
  }

  /* The middle of `text`, in which it is not `other`, is marked. */
  function marked(text, other) {
    const made = element("span");
    const most = Math.min(text.length, other.length);
    let before = 0, after = 0;
    while (before < most && text[before] === other[before])
      before++;
    while (after < most - before && text[text.length - 1 - after] === other[other.length - 1 - after])
      after++;
    made.append(text.slice(0, before));
    if (text.length > before + after)
      made.append(element("mark", "", text.slice(before, text.length - after)));
    made.append(text.slice(text.length - after));
    return made;
  }

  function side(className, sign, text, other) {
    const made = element("dd", className);
    made.append(element("span", "", sign), other ? marked(text, other) : element("span", "", text));
    return made;
  }

  function tellField(list, name, from, to) {
    list.append(element("dt", "", name));
    if (name === "password" && from && to) {
      list.append(element("dd", "is", "another one than registered"));
      return;
    }
    if (name === "password") {
      from = from && "a password";
      to = to && "a password";
    }
    if (from)
      list.append(side("from", "-", from, to));
    if (to)
      list.append(side("to", "+", to, from));
    if (from && !to && name !== "url")
      list.append(side("to", "+", "none", ""));
  }

  function tell(list, name, text) {
    list.append(element("dt", "", name), element("dd", "is", text));
  }

  function tellRegistered(list, detail, at) {
    tell(list, "url", expand(detail[0], at) || "none");
    tell(list, "username", expand(detail[1], at) || "none");
    tell(list, "password", detail[2] ? "set" : "none");
  }

  function tellDifference(list, detail, at) {
    for (let i = 2; i + 2 < detail.length; i += 3)
      tellField(list, expand(detail[i], at), expand(detail[i + 1], at), expand(detail[i + 2], at));
    const note = expand(detail[1], at);
    if (note)
      tell(list, letterAt(at) === "f" ? "error" : "note", note);
  }

  function tellDetails(list, at) {
    const letter = letterAt(at);
    const detail = rows[at.row].details[at.column];
    if (letter === "u")
      tell(list, "error", cellAt(at).textContent.slice(2));
    else if (detail && DIFFERENCES.includes(letter))
      tellDifference(list, detail, at);
    else if (detail)
      tellRegistered(list, detail, at);
  }

  function panelBar(at) {
    const letter = letterAt(at), meaning = meanings[letter];
    const bar = element("div", "bar");
    if (meaning)
      bar.append(element("span", "mark " + letter, meaning.mark));
    bar.append(element("span", "label", meaning ? meaning.label : "nothing"));
    bar.append(button("\u2039", "Previous difference (p)", () => step(-1)),
      button("\u203a", "Next difference (n)", () => step(1)), button("\u00d7", "Close (Escape)", close));
    return bar;
  }

  function open(at) {
    const letter = letterAt(at), list = element("dl");
    const title = element("h2", "", rows[at.row].name);
    title.id = "panel-title";
    panel.replaceChildren(panelBar(at), title);
    if (letter !== "u") {
      const api = columns[at.column].api;
      panel.append(element("p", "service", columns[at.column].service + (api ? " (" + api + ")" : "")));
    }
    panel.append(element("p", "meaning", meanings[letter] ? meanings[letter].text : "Neither declared nor registered."));
    tellDetails(list, at);
    panel.append(list);
    if (opened)
      opened.classList.remove("open");
    opened = cellAt(at);
    opened.classList.add("open");
    if (!panel.open)
      panel.show();
    opened.focus();
  }

  function close() {
    panel.close();
    if (!opened)
      return;
    opened.classList.remove("open");
    opened.focus();
    opened = null;
  }

  /* ---- the keyboard ---- */

  /* One cell is in the order of tabs: the one where the keyboard is. */
  function rove(at, focus) {
    cellAt({ row, column }).tabIndex = -1;
    row = at.row;
    column = at.column;
    const cell = cellAt(at);
    cell.tabIndex = 0;
    cell.setAttribute("aria-label", describe(at));
    if (focus)
      cell.focus();
    if (focus && panel.open)
      open(at);
  }

  function move(rowSteps, columnSteps) {
    const place = Math.max(0, shown.indexOf(row));
    const to = Math.min(shown.length - 1, Math.max(0, place + rowSteps));
    const across = filter.service >= 0 ? filter.service : Math.min(columns.length - 1, Math.max(0, column + columnSteps));
    rove({ row: shown[to], column: across }, true);
  }

  /* To the next difference that fits the filters, or the previous one. */
  function step(by) {
    const width = Math.max(1, columns.length), total = shown.length * width;
    let at = Math.max(0, shown.indexOf(row)) * width + column;
    for (let tried = 0; tried < total; tried++) {
      at = (at + by + total) % total;
      const found = rows[shown[Math.floor(at / width)]], index = at % width;
      const letter = found.letters[index];
      if (letter !== undefined && DIFFERENCES.includes(letter) && fits(found, index)) {
        rove({ row: shown[Math.floor(at / width)], column: index }, true);
        return;
      }
    }
  }

  const PAGE = 15, ALL = 1e9;
  const keys = {
    ArrowUp: () => move(-1, 0),
    ArrowDown: () => move(1, 0),
    ArrowLeft: () => move(0, -1),
    ArrowRight: () => move(0, 1),
    PageUp: () => move(-PAGE, 0),
    PageDown: () => move(PAGE, 0),
    Home: (event) => move(event.ctrlKey ? -ALL : 0, -ALL),
    End: (event) => move(event.ctrlKey ? ALL : 0, ALL),
    Enter: () => open({ row, column }),
    " ": () => open({ row, column }),
    n: () => step(1),
    p: () => step(-1),
  };

  function press(event) {
    const key = keys[event.key];
    if (!key || event.altKey || event.metaKey || (event.ctrlKey && !/^(Home|End)$/.test(event.key)))
      return;
    event.preventDefault();
    key(event);
  }

  function placeOf(event) {
    const cell = event.target.closest("td");
    const index = cell ? rows.findIndex((found) => found.line === cell.parentElement) : -1;
    return index < 0 ? null : { row: index, column: rows[index].unread ? 0 : cell.cellIndex - 1, cell };
  }

  /* ---- beginning ---- */

  function setRoles() {
    table.setAttribute("role", "grid");
    table.setAttribute("aria-label", "Accounts and services");
    for (const part of [table.tHead].concat(Array.from(table.tBodies)))
      part.setAttribute("role", "rowgroup");
    for (const line of table.rows) {
      line.setAttribute("role", "row");
      line.cells[0].setAttribute("role", "rowheader");
    }
    for (const head of table.tHead.rows[0].cells)
      head.setAttribute("role", "columnheader");
    rows.forEach((found, index) => found.cells.forEach((cell, at) => {
      cell.setAttribute("role", "gridcell");
      if (DIFFERENCES.includes(found.letters[at]))
        cell.setAttribute("aria-label", describe({ row: index, column: at }));
    }));
  }

  function setSizes() {
    const longest = rows.reduce((most, found) => Math.max(most, found.name.length), 8);
    table.style.setProperty("--name", "calc(" + Math.min(longest, 28) + "ch + 2rem)");
    table.style.setProperty("--least", rows.some((found) => found.unread) ? "46rem" : "0");
    document.documentElement.classList.add("js");
    scroll.removeAttribute("tabindex");
  }

  function setPadding() {
    scroll.style.scrollPadding = table.tHead.offsetHeight + 8 + "px 1rem 1rem " +
      (table.tHead.rows[0].cells[0].offsetWidth + 8) + "px";
  }

  function listen() {
    find("find").addEventListener("input", (event) => {
      filter.text = event.target.value.trim().toLowerCase();
      apply();
    });
    find("service").addEventListener("change", (event) => {
      filter.service = event.target.value === "" ? -1 : Number(event.target.value);
      apply();
    });
    find("differing").addEventListener("change", (event) => {
      filter.differing = event.target.checked;
      apply();
    });
    find("reset").addEventListener("click", reset);
    for (const tile of document.querySelectorAll(".tile:not(.none)")) {
      tile.disabled = false;
      tile.addEventListener("click", () => toggleState(tile.dataset.state));
    }
    for (const link of document.querySelectorAll(".groups a")) {
      const act = (event) => {
        event.preventDefault();
        toggleGroup(Number(link.dataset.group));
      };
      link.setAttribute("role", "button");
      link.addEventListener("click", act);
      link.addEventListener("keydown", (event) => event.key === " " && act(event));
    }
    table.addEventListener("click", (event) => {
      const at = placeOf(event);
      if (!at || letterAt(at) === " ")
        return;
      rove(at, false);
      open(at);
    });
    table.addEventListener("mouseover", (event) => {
      const cell = event.target.closest("td");
      if (cell && !cell.title && cell.textContent)
        cell.title = describe(placeOf(event));
    });
    table.addEventListener("keydown", press);
    document.addEventListener("keydown", (event) => event.key === "Escape" && panel.open && close());
  }

  readMeanings();
  readColumns();
  readRows();
  setRoles();
  setSizes();
  listen();
  if (rows.length > 0) {
    apply();
    rove({ row: 0, column: 0 }, false);
  } else {
    find("shown").textContent = "no accounts";
  }
  setPadding();
}());
