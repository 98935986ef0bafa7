// What the page does by itself, without asking the server.
window.dash_clientside = Object.assign({}, window.dash_clientside, {
  enforcement: {
    percent: function (value) {
      const space = document.documentElement.lang.startsWith("zh") ? "" : " ";
      return value === null || value === undefined || value === "" ? "" : Number(value) + space + "%";
    },
    // The next look at a run is taken when the one before is answered: an answer that comes later than the next
    // question would be thrown away. One that never comes is given up after a while.
    ask: function (ticks, asked, answered) {
      const now = Date.now();
      if (asked !== answered && now - (window.enforcementAsked || 0) < 15000) return dash_clientside.no_update;
      window.enforcementAsked = now;
      return asked + 1;
    },
    tab: function () {
      const names = ["try", "compare", "sweeps", "files"];
      const last = dash_clientside.callback_context.triggered[0].prop_id.split(".")[0].replace("tab-", "");
      window.setTimeout(function () { window.dispatchEvent(new Event("resize")); }, 50);
      return [last]
        .concat(names.map((name) => (name === last ? "true" : "false")))
        .concat(names.map((name) => name !== last));
    },
  },
});

// Arrow keys go through the tabs, as readers of screens expect.
document.addEventListener("keydown", function (event) {
  const tab = event.target.closest && event.target.closest("[role=tab]");
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!tab || !step) return;
  const all = Array.from(tab.parentElement.querySelectorAll("[role=tab]"));
  const next = all[(all.indexOf(tab) + step + all.length) % all.length];
  next.focus();
  next.click();
  event.preventDefault();
});

// What the components leave undone for readers of screens: lists to choose from take the focus themselves and say their
// label, and the field of a file to send has a name.
function mend() {
  document.querySelectorAll("input.dash-dropdown-focus-target[tabindex='0']").forEach((field) => {
    field.setAttribute("tabindex", "-1");
  });
  document.querySelectorAll("button.dash-dropdown").forEach((list) => {
    if (list.getAttribute("tabindex") !== "0") list.setAttribute("tabindex", "0");
    const label = document.querySelector("label[for='" + list.id + "']");
    if (!label) return;
    if (!label.id) label.id = list.id + "-label";
    const said = label.id + " " + list.id + "-value";
    if (list.getAttribute("aria-labelledby") !== said) list.setAttribute("aria-labelledby", said);
  });
  document.querySelectorAll("#upload input[type='file']").forEach((field) => {
    const said = document.getElementById("upload-button").textContent;
    if (field.getAttribute("aria-label") !== said) field.setAttribute("aria-label", said);
  });
}
new MutationObserver(mend).observe(document.documentElement, {
  attributes: true, attributeFilter: ["tabindex", "aria-labelledby", "class"], childList: true, subtree: true,
});

// The field of a number puts the cursor where it was, which a slider does not have: browsers would call that an error.
const putCursor = HTMLInputElement.prototype.setSelectionRange;
HTMLInputElement.prototype.setSelectionRange = function (...range) {
  if (this.type !== "range") putCursor.apply(this, range);
};
