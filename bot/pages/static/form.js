// The form works without this; it adds the slider, the draft that keeps itself, and one press only.
const form = document.querySelector("#form");
const kept = document.querySelector("#kept");

for (const slider of document.querySelectorAll("[data-for]")) {
  const figure = document.getElementById(slider.dataset.for);
  slider.hidden = false;
  slider.addEventListener("input", () => { figure.value = slider.value; });
  figure.addEventListener("input", () => { slider.value = parseFloat(figure.value) || 0; });
}

document.querySelector("[aria-invalid]")?.focus();

let waiting;
let sent = false;
const keep = async () => {
  if (sent) return;
  const body = new FormData(form);
  body.set("action", "draft");
  try {
    const answer = await fetch(location.pathname, { method: "POST", body: new URLSearchParams(body), headers: { Accept: "application/json" } });
    kept.textContent = answer.ok ? `草稿存于 ${(await answer.json()).saved}` : "草稿没存上，请先别关页面";
  } catch {
    kept.textContent = "没有网络，草稿没存上";
  }
};

form?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(keep, 1200);
});
form?.addEventListener("submit", event => {
  clearTimeout(waiting);
  if (sent) { event.preventDefault(); return; }
  if (event.submitter?.value === "draft") { event.preventDefault(); keep(); return; }
  sent = true;
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
});
