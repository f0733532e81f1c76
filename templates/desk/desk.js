/* What the desk does more comfortably with a script. Every page is complete without it. */
"use strict";

/* The front page moves by itself. A moment after loading, so that the page is there first. */
const live = document.querySelector("[data-live]");
if (live) {
  setTimeout(() => {
    const stream = new EventSource(live.dataset.live);
    stream.onmessage = (event) => {
      if (!live.contains(document.activeElement)) live.innerHTML = event.data;
    };
  }, 1500);
}

/* Stories are dragged to their place; the buttons beside them do the same. */
let dragged = null;
for (const row of document.querySelectorAll("[data-story]")) {
  row.draggable = true;
  row.addEventListener("dragstart", () => { dragged = row; row.classList.add("dragged"); });
  row.addEventListener("dragend", () => { row.classList.remove("dragged"); });
  row.addEventListener("dragover", (event) => {
    if (dragged && dragged !== row && dragged.dataset.group === row.dataset.group) event.preventDefault();
  });
  row.addEventListener("drop", (event) => {
    event.preventDefault();
    const before = row.compareDocumentPosition(dragged) & Node.DOCUMENT_POSITION_PRECEDING;
    const form = document.querySelector("#do");
    const what = Object.assign(document.createElement("input"), { type: "hidden", name: "do" });
    what.value = `${before ? "below" : "above"} ${dragged.dataset.story} ${row.dataset.story}`;
    form.append(what);
    form.submit();
  });
}
