// What script adds to alerts and batches, and nothing that the pages lack without
// it: a batch shows its results as they come; "c" goes to the decision "not the
// same", "?" to the list of keys. ("j", "k", "e" and "/" are in page.js.)
(() => {
  "use strict";

  const live = () => document.getElementById("live");
  let wait = 700;
  async function look() {
    const old = live();
    if (!old || !old.dataset.live) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) { location.reload(); return; }
      const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("live");
      if (!next) return;
      const id = old.contains(document.activeElement) ? document.activeElement.id : "";
      old.replaceWith(document.importNode(next, true));
      if (id) document.getElementById(id)?.focus({ preventScroll: true });
      if (!next.dataset.live) {
        const say = document.createElement("p");
        say.className = "hidden";
        say.setAttribute("role", "status");
        document.body.append(say);
        setTimeout(() => { say.textContent = live().querySelector("h1").textContent; }, 50);
        return;
      }
    } catch { /* the server is away for a moment */ }
    wait = Math.min(wait * 1.2, 4000);
    setTimeout(look, wait);
  }
  if (live()) setTimeout(look, wait);

  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) return;
    if (e.key === "?") {
      const help = document.getElementById("keys");
      if (!help) return;
      e.preventDefault();
      help.tabIndex = -1;
      help.focus();
      help.scrollIntoView({ block: "center" });
    } else if (e.key === "c") {
      const here = document.activeElement.closest(".alert") ?? document.querySelector(".alert");
      const radio = document.getElementById("verdict-not-same");
      if (radio) {
        e.preventDefault();
        radio.checked = true;
        document.getElementById("reason").focus();
      } else if (here) {
        e.preventDefault();
        location.href = here.querySelector("h2 a").getAttribute("href") + "#decide";
      }
    }
  });
  if (location.hash === "#decide") {
    const radio = document.getElementById("verdict-not-same");
    if (radio) {
      radio.checked = true;
      document.getElementById("reason").focus();
    }
  }
})();
