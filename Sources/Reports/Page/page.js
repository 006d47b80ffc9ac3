"use strict";
(() => {
  const element = (id) => document.getElementById(id);
  const table = element("list");
  const separator = "\n";
  document.documentElement.classList.add("scripts");

  // MARK: Studies

  const studies = Array.from(table.tBodies, (body) => ({
    body,
    row: body.rows[0],
    toggle: body.querySelector(".open"),
    more: body.rows[1],
    details: body.querySelector("details"),
    text: null,
    flags: (body.dataset.flags || "").split(separator).filter(Boolean),
  }));
  const ofBody = new Map(studies.map((study) => [study.body, study]));
  const studyAt = (node) => ofBody.get(node instanceof Element ? node.closest("tbody.study") : null);
  const isShown = (study) => !study.body.hidden;

  for (const study of studies) {
    study.toggle.setAttribute("role", "button");
    study.toggle.setAttribute("aria-expanded", "false");
    study.toggle.setAttribute("aria-controls", study.more.id);
    study.toggle.setAttribute("aria-label", `Study ${study.toggle.textContent}`);
    study.toggle.tabIndex = -1;
  }

  // What stands in a noscript element is text until it is needed.
  function fill(study) {
    const holder = study.details.querySelector("noscript");
    if (!holder) return;
    const template = document.createElement("template");
    template.innerHTML = holder.textContent;
    holder.replaceWith(template.content);
    for (const choice of study.details.querySelectorAll(".heat-choice")) {
      choice.addEventListener("change", () => showHeat(choice));
    }
  }

  function open(study, isOpen) {
    if (isOpen) fill(study);
    study.details.open = isOpen;
    study.body.classList.toggle("opened", isOpen);
    study.toggle.setAttribute("aria-expanded", String(isOpen));
  }

  const toggle = (study) => open(study, !study.details.open);

  // One row at a time takes part in the order of the Tab key.
  let current = null;
  function makeCurrent(study) {
    if (current) current.toggle.tabIndex = -1;
    current = study;
    if (study) study.toggle.tabIndex = 0;
  }

  function go(study) {
    if (!study) return;
    makeCurrent(study);
    study.toggle.focus({ preventScroll: true });
    study.row.scrollIntoView({ block: "nearest" });
  }

  function step(direction) {
    const shown = inOrder().filter(isShown);
    const here = studyAt(document.activeElement);
    if (!here) return go(current && isShown(current) ? current : shown[0]);
    go(shown[shown.indexOf(here) + direction]);
  }

  const inOrder = () => Array.from(table.tBodies, (body) => ofBody.get(body));

  table.addEventListener("click", (event) => {
    const study = studyAt(event.target);
    if (!study || !study.row.contains(event.target)) return;
    event.preventDefault();
    // To mark text is not to press a button.
    if (String(getSelection()) && !study.toggle.contains(event.target)) return;
    makeCurrent(study);
    toggle(study);
  });
  table.addEventListener("focusin", (event) => {
    const study = studyAt(event.target);
    if (study) makeCurrent(study);
  });

  // MARK: Heatmaps

  function showHeat(choice) {
    for (const canvas of choice.closest("figure").querySelectorAll("canvas.heat")) {
      canvas.hidden = canvas.dataset.label !== choice.value;
      if (!canvas.hidden) paint(canvas);
    }
  }

  // From clear through violet and red to yellow: hue and brightness both rise, so that either tells the order.
  const stops = [[70, 20, 120, 0], [150, 30, 110, 90], [230, 80, 40, 150], [255, 230, 90, 190]];
  function paint(canvas) {
    const width = Number(canvas.dataset.width), height = Number(canvas.dataset.height);
    const values = atob(canvas.dataset.values);
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext("2d");
    const picture = context.createImageData(width, height);
    for (let cell = 0; cell < width * height; cell++) {
      const position = (values.charCodeAt(cell) / 255) * (stops.length - 1);
      const below = Math.min(Math.floor(position), stops.length - 2);
      for (let part = 0; part < 4; part++) {
        const low = stops[below][part], high = stops[below + 1][part];
        picture.data[4 * cell + part] = low + (high - low) * (position - below);
      }
    }
    context.putImageData(picture, 0, 0);
  }

  // MARK: Filter

  const controls = { text: element("text"), status: element("status"), priority: element("priority"), finding: element("finding") };
  function offer(select, values) {
    for (const value of values) select.add(new Option(value, value));
  }
  const present = (name, order) => order.filter((value) => studies.some((study) => study.body.dataset[name] === value));
  offer(controls.status, present("status", ["complete", "partial", "no assist", "failed"]));
  offer(controls.priority, present("priority", ["high", "medium", "low", "none"]));
  offer(controls.finding, Array.from(new Set(studies.flatMap((study) => study.flags))).sort());

  function filter() {
    const words = controls.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const { status, priority, finding } = controls;
    let count = 0;
    for (const study of studies) {
      study.text ??= study.row.textContent.toLowerCase();
      const fits = (!status.value || study.body.dataset.status === status.value)
        && (!priority.value || study.body.dataset.priority === priority.value)
        && (!finding.value || study.flags.includes(finding.value))
        && words.every((word) => study.text.includes(word));
      if (study.body.hidden === fits) study.body.hidden = !fits;
      if (fits) count += 1;
    }
    element("nothing").hidden = count > 0 || studies.length === 0;
    element("shown").textContent = count === studies.length ? "" : `${count} of ${studies.length} shown`;
    if (!current || !isShown(current)) makeCurrent(inOrder().find(isShown) || null);
  }
  for (const control of Object.values(controls)) control.addEventListener("input", filter);
  element("controls").hidden = false;

  // MARK: Sorting

  const headings = Array.from(table.tHead.rows[1].cells);
  const collator = new Intl.Collator("en", { numeric: true });
  function sort(column) {
    const heading = headings[column];
    const descending = heading.getAttribute("aria-sort") === "ascending";
    for (const other of headings) other.setAttribute("aria-sort", "none");
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const isNumber = heading.dataset.sort === "number";
    const keyed = studies.map((study, rank) => {
      const cell = study.row.cells[column];
      return { study, rank, key: isNumber ? Number(cell.dataset.key) : cell.textContent.trim() };
    });
    const sign = descending ? -1 : 1;
    // Equal ones stay in reading order.
    keyed.sort((a, b) => sign * (isNumber ? a.key - b.key : collator.compare(a.key, b.key)) || a.rank - b.rank);
    const focused = document.activeElement;
    table.append(...keyed.map((entry) => entry.study.body));
    focused?.focus({ preventScroll: true });
    filter();
  }
  headings.forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sort(column));
    heading.append(button);
    heading.setAttribute("aria-sort", column === 0 ? "ascending" : "none");
  });

  // MARK: Keys

  const help = element("help");
  const showHelp = () => { if (!help.open) help.showModal(); };
  element("keys").addEventListener("click", showHelp);
  element("close").addEventListener("click", () => help.close());

  function escape(target) {
    if (target === controls.text && controls.text.value) {
      controls.text.value = "";
      return filter();
    }
    const study = studyAt(target);
    if (study && study.details.open) {
      open(study, false);
      return go(study);
    }
    if (target === controls.text && current) go(current);
  }

  const ends = () => inOrder().filter(isShown);
  const actions = {
    j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
    Home: () => go(ends().at(0)), End: () => go(ends().at(-1)),
    "/": () => controls.text.focus(), "?": showHelp,
  };
  document.addEventListener("keydown", (event) => {
    if (help.open || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target;
    if (event.key === "Escape") return escape(target);
    if (target instanceof Element && target.closest("input, select, textarea")) return;
    const isOnRow = target instanceof Element && target.classList.contains("open");
    const isLetter = event.key.length === 1;
    if (isLetter && event.key !== " " && !element("letters").checked) return;
    // Inside an open study the arrows scroll, as everywhere.
    if (!isLetter && !isOnRow && !(target === document.body && event.key.startsWith("Arrow"))) return;
    if (isOnRow && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      return toggle(studyAt(target));
    }
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });

  // MARK: Printing

  let closedForPrint = [];
  addEventListener("beforeprint", () => {
    closedForPrint = studies.filter((study) => isShown(study) && !study.details.open);
    for (const study of studies) if (isShown(study)) open(study, true);
  });
  addEventListener("afterprint", () => {
    for (const study of closedForPrint) open(study, false);
    closedForPrint = [];
  });

  makeCurrent(studies[0] || null);
})();
