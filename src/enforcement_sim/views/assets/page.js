"use strict";
// Shows the figures of the chosen jurisdiction in the chosen language; all data is in the page itself.
(() => {
  const phrases = JSON.parse(document.getElementById("phrases").textContent);
  for (const gap of document.querySelectorAll("i[w]")) gap.outerHTML = phrases[gap.getAttribute("w")];
  const { charts, layouts } = JSON.parse(document.getElementById("figures").textContent);
  const choice = document.getElementById("place");
  const root = document.documentElement;
  const settings = () => ({
    responsive: true, displaylogo: false, locale: isChinese() ? "zh-CN" : "en",
    modeBarButtonsToRemove: ["lasso2d", "select2d", "toImage"],
  });
  const months = [...Array(12).keys()].map((month) => `${month + 1}月`);
  const days = [..."日一二三四五六"];
  if (window.Plotly) {
    Plotly.register({
      moduleType: "locale", name: "zh-CN", dictionary: {},
      format: {
        days: days.map((day) => `星期${day}`), shortDays: days.map((day) => `周${day}`), months, shortMonths: months,
        date: "%Y-%m-%d", year: "%Y年", month: "%Y年%b", dayMonth: "%b%-d日", dayMonthYear: "%Y年%b%-d日",
      },
    });
  }

  const isChinese = () => root.dataset.lang === "zh";
  const place = () => (choice ? choice.value : "");

  // What differs in the other language, over what is the same in both: keys of objects, also of those in lists.
  function laidOver(one, other) {
    const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
    if (isObject(one) && isObject(other)) {
      return Object.entries(other).reduce((all, [key, value]) => ({ ...all, [key]: laidOver(one[key], value) }), { ...one });
    }
    const isList = (value) => Array.isArray(value) && value.length > 0 && value.every(isObject);
    return isList(one) && isList(other) && one.length === other.length ? other.map((value, i) => laidOver(one[i], value)) : other;
  }

  function figureOf(box) {
    const byPlace = charts[box.dataset.chart] || {};
    return byPlace[place()] || byPlace[""];
  }

  function draw(box) {
    const figure = figureOf(box);
    if (!figure) {
      Plotly.purge(box);
      box.classList.add("nothing");
      box.textContent = root.dataset[isChinese() ? "nothingZh" : "nothingEn"];
      return;
    }
    box.classList.remove("nothing");
    if (!box.querySelector(".plot-container")) box.textContent = "";
    const layout = structuredClone(layouts[figure.layout[isChinese() ? 1 : 0]]);
    const data = figure.data.map((trace, i) => (isChinese() ? laidOver(trace, figure.zh[i]) : { ...trace }));
    const title = plain((layout.title && layout.title.text) || Saving.visibleText(box.closest("section").querySelector("h2"), isChinese()));
    box.setAttribute("aria-label", title + (isChinese() ? "（数据见旁边的表格）" : " (the numbers stand in the table beside it)"));
    box.style.minHeight = `${layout.height}px`;
    const table = box.closest(".beside") && box.closest(".beside").querySelector(".scroll");
    if (table) table.style.maxHeight = `${Math.max(layout.height, 280)}px`;
    Plotly.react(box, data, layout, settings());
  }

  const plain = (text) => text.replace(/<[^>]*>/g, " ");

  function drawAll() {
    for (const box of document.querySelectorAll(".chart")) draw(box);
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
    const button = document.getElementById("language");
    button.lang = language === "zh" ? "en" : "zh-CN";
    for (const option of document.querySelectorAll("option[data-en]")) option.textContent = option.dataset[language];
    for (const one of document.querySelectorAll("[data-aria-en]")) {
      one.setAttribute("aria-label", one.dataset[language === "zh" ? "ariaZh" : "ariaEn"]);
    }
    remember(language);
    drawAll();
  }

  // The pages of a report open in the language that was last chosen, where the browser keeps such things for files.
  function remember(language) {
    for (const link of document.querySelectorAll(".bar nav a")) {
      const [address] = link.getAttribute("href").split("#");
      if (address) link.setAttribute("href", `${address}#${language}`);
    }
  }

  document.getElementById("language").addEventListener("click", () => setLanguage(isChinese() ? "en" : "zh"));
  if (choice) choice.addEventListener("change", () => { filterRows(); drawAll(); });
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".save");
    if (button) Saving.save(button, isChinese());
  });
  // Paper has another width than the window.
  window.addEventListener("beforeprint", () => document.querySelectorAll(".chart .plot-container").forEach((one) => Plotly.Plots.resize(one.closest(".chart"))));
  const asked = location.hash.slice(1);
  filterRows();
  setLanguage(["en", "zh"].includes(asked) ? asked : root.dataset.lang);
  root.dataset.ready = "yes";
})();
