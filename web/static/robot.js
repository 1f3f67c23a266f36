// Joins ALTCHA's widget to its worker, which is a file of this site: the page may
// load nothing else. French is added, the widget speaks English by itself.
const widget = document.querySelector("altcha-widget");
if (widget) {
  globalThis.$altcha.algorithms.set("SHA-256", () => new Worker(widget.dataset.worker));
}
const faults = document.getElementById("faults");
if (faults) faults.focus();
