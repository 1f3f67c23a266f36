// Joins ALTCHA's widget to its worker, which is a file of this site: the page may
// load nothing else. The widget weighs more than the page, so it is loaded only when
// the form comes near.
const widget = document.querySelector("altcha-widget");
if (widget) {
  const near = new IntersectionObserver(async (seen) => {
    if (!seen.some((e) => e.isIntersecting)) return;
    near.disconnect();
    await import(widget.dataset.widget);
    globalThis.$altcha.algorithms.set("SHA-256", () => new Worker(widget.dataset.worker));
  }, { rootMargin: "800px" });
  near.observe(widget.closest("form"));
}
const faults = document.getElementById("faults");
if (faults) faults.focus();
