// What script adds, and nothing that the pages lack without it: a supposition
// is drawn in place, a day can be slid, "/" goes to the search box.
(() => {
  "use strict";

  // Links marked data-swap change only the part of the page that depends on the
  // supposition. The address is the link's own, so it can be shared.
  const say = document.createElement("p");
  say.className = "hidden";
  say.setAttribute("role", "status");
  document.body.append(say);

  async function swap(href, push) {
    const here = document.getElementById("swap");
    if (!here) { location.href = href; return; }
    let next;
    try {
      const answer = await fetch(href, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      next = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      location.href = href;
      return;
    }
    const fresh = next.getElementById("swap");
    if (!fresh) { location.href = href; return; }
    const focused = document.activeElement;
    const id = focused && here.contains(focused) ? focused.id : "";
    const label = focused && here.contains(focused) ? focused.getAttribute("aria-label") : "";
    const member = label ? label.replace(/^Suppose (.*) had .*$/, "$1") : "";
    here.replaceWith(document.importNode(fresh, true));
    document.title = next.title;
    for (const part of [".days", ".foot"]) {
      const old = document.querySelector(part), now = next.querySelector(part);
      if (old && now) old.replaceWith(document.importNode(now, true));
    }
    theme();
    if (push) history.pushState({ swap: true }, "", href);
    const again = (id && document.getElementById(id)) ||
      (member && document.querySelector(`#swap .offers a[aria-label^="Suppose ${CSS.escape(member)} had"]`)) ||
      document.querySelector("#swap .acts a");
    if (again && focused !== document.body) again.focus({ preventScroll: true });
    say.textContent = document.querySelector("#swap h1").textContent;
  }

  // The theme goes round: the system's, light, dark. theme.js sets it on the next page.
  const root = document.documentElement;
  function theme(next) {
    if (next) {
      if (next === "system") delete root.dataset.theme; else root.dataset.theme = next;
      try { localStorage.setItem("theme", next); } catch { /* for this page only */ }
    }
    for (const b of document.querySelectorAll("[data-theme-button]")) {
      b.hidden = false;
      b.textContent = b.dataset[root.dataset.theme || "system"];
    }
  }
  document.addEventListener("click", (e) => {
    if (e.target.closest("[data-theme-button]")) theme({ light: "dark", dark: "system" }[root.dataset.theme] || "light");
  });
  theme();

  document.addEventListener("click", (e) => {
    const link = e.target.closest("a[data-swap]");
    if (!link || e.defaultPrevented || e.button || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    e.preventDefault();
    swap(link.getAttribute("href"), true);
  });
  window.addEventListener("popstate", () => {
    if (document.getElementById("swap")) swap(location.href, false);
  });

  // The slider moves the date field's day and sends the form when let go.
  for (const box of document.querySelectorAll("[data-slider]")) {
    const day = (s) => Date.parse(s + "T00:00:00Z") / 86400000;
    const first = day(box.dataset.first), last = day(box.dataset.last);
    const range = box.querySelector("input"), out = box.querySelector("output");
    const field = document.getElementById("as_of");
    range.max = last - first;
    range.value = Math.min(Math.max(day(box.dataset.day) - first, 0), last - first);
    range.addEventListener("input", () => {
      field.value = out.textContent = new Date((first + Number(range.value)) * 86400000).toISOString().slice(0, 10);
    });
    range.addEventListener("change", () => field.form.requestSubmit());
    box.hidden = false;
  }

  // "/" to the search box; among hits "j" and "k" to the next and the one before,
  // "e" to open and close the explanation in words.
  const hits = [...document.querySelectorAll(".hit")];
  hits.forEach((h) => { h.tabIndex = -1; });
  const at = () => hits.findIndex((h) => h.contains(document.activeElement));
  const keys = {
    "/": () => document.getElementById("find-top").focus(),
    j: () => hits[Math.min(at() + 1, hits.length - 1)]?.focus(),
    k: () => hits[Math.max(at() - 1, 0)]?.focus(),
    e: () => { const d = hits[Math.max(at(), 0)]?.querySelector("details"); if (d) d.open = !d.open; },
  };
  document.addEventListener("keydown", (e) => {
    if (!keys[e.key] || e.ctrlKey || e.metaKey || e.altKey) return;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) return;
    if (e.key !== "/" && hits.length === 0) return;
    e.preventDefault();
    keys[e.key]();
  });

  // Escape puts the note of a word away, until the pointer or the focus moves on.
  document.addEventListener("keydown", (e) => { if (e.key === "Escape") root.classList.add("no-notes"); });
  for (const on of ["mouseover", "focusin"]) document.addEventListener(on, () => root.classList.remove("no-notes"));

  const problems = document.querySelector(".problems");
  if (problems) problems.focus();
})();
