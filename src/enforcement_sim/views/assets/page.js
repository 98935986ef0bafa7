"use strict";
// Shows the figures of the chosen jurisdiction in the chosen language; all data is in the page itself.
(() => {
  const figures = JSON.parse(document.getElementById("figures").textContent);
  const choice = document.getElementById("place");
  const root = document.documentElement;
  const settings = { responsive: true, displaylogo: false, modeBarButtonsToRemove: ["lasso2d", "select2d"] };

  const place = () => (choice ? choice.value : "");

  function drawAll() {
    for (const box of document.querySelectorAll(".chart")) {
      const byPlace = figures[box.dataset.chart] || {};
      const figure = byPlace[place()] || byPlace[""];
      if (figure) {
        box.classList.remove("nothing");
        if (!box.querySelector(".plot-container")) box.textContent = "";
        const chinese = root.dataset.lang === "zh";
        const data = figure.data.map((trace, i) => (chinese ? { ...trace, ...figure.zh[i] } : { ...trace }));
        Plotly.react(box, data, figure.layout[root.dataset.lang], settings);
      } else {
        Plotly.purge(box);
        box.classList.add("nothing");
        box.textContent = root.dataset["nothing" + (root.dataset.lang === "zh" ? "Zh" : "En")];
      }
    }
  }

  function filterRows() {
    for (const row of document.querySelectorAll("tr[data-place]")) {
      // Teams have no total: all of them are shown for "all".
      const every = place() === "all" && !row.closest("tbody").querySelector('tr[data-place="all"]');
      row.hidden = place() !== "" && !every && row.dataset.place !== place();
    }
  }

  function setLanguage(language) {
    root.dataset.lang = language;
    root.lang = language === "zh" ? "zh-CN" : "en";
    document.title = root.dataset[language === "zh" ? "titleZh" : "titleEn"];
    for (const option of document.querySelectorAll("option[data-en]")) option.textContent = option.dataset[language];
    drawAll();
  }

  function visibleText(cell) {
    const hidden = root.dataset.lang === "zh" ? "en" : "zh-CN";
    const copy = cell.cloneNode(true);
    for (const other of copy.querySelectorAll(`[lang="${hidden}"]`)) other.remove();
    return copy.textContent.trim();
  }

  function saveTable(button) {
    const table = button.closest(".data").querySelector("table");
    const lines = [...table.rows].filter((row) => !row.hidden).map((row) =>
      [...row.cells].map((cell) => `"${visibleText(cell).replaceAll('"', '""')}"`).join(","));
    const link = document.createElement("a");
    // The mark at the start lets spreadsheets see that the file is UTF-8.
    link.href = URL.createObjectURL(new Blob(["\ufeff" + lines.join("\r\n")], { type: "text/csv" }));
    link.download = `${button.closest("section").id}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  document.getElementById("language").addEventListener("click", () => setLanguage(root.dataset.lang === "zh" ? "en" : "zh"));
  if (choice) choice.addEventListener("change", () => { filterRows(); drawAll(); });
  for (const button of document.querySelectorAll(".csv")) button.addEventListener("click", () => saveTable(button));
  filterRows();
  setLanguage(root.dataset.lang);
  root.dataset.ready = "yes";
})();
