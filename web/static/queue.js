// Keys of the moderators' queue: j and k move, a approves, r goes to the reasons.
(() => {
  "use strict";
  const items = [...document.querySelectorAll("[data-queue] > li")];
  let at = -1;
  const go = (n) => {
    if (!items.length) return;
    items[at]?.classList.remove("at");
    at = Math.max(0, Math.min(items.length - 1, n));
    items[at].classList.add("at");
    items[at].focus();
    items[at].scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName)) return;
    if (e.key === "j") go(at + 1);
    else if (e.key === "k") go(at - 1);
    else if (e.key === "a" && at >= 0) items[at].querySelector("[data-key=a]")?.click();
    else if (e.key === "r" && at >= 0) { e.preventDefault(); items[at].querySelector("select")?.focus(); }
  });
})();
