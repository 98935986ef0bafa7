"use strict";
// Saves charts as PNG, SVG, PDF or workbook, and tables as CSV or workbook, without a network or a library.
const Saving = (() => {
  const text = new TextEncoder();

  async function save(button, isChinese) {
    const section = button.closest("section");
    const kind = button.dataset.save;
    const place = document.getElementById("place");
    const name = place && section.querySelector("[data-place]") ? `${section.id}-${place.value}` : section.id;
    if (kind === "csv") return offer(`${name}.csv`, "text/csv", [csv(tableOf(button, isChinese))]);
    if (kind === "table") return offer(`${name}.xlsx`, SHEET, [workbook({ [name]: tableOf(button, isChinese) })]);
    const chart = button.closest("figure").querySelector(".chart");
    if (kind === "xlsx") return offer(`${name}-chart.xlsx`, SHEET, [workbook({ [name]: chartRows(chart) })]);
    const { width, height } = chart.getBoundingClientRect();
    const size = { width: Math.round(width), height: Math.round(height) };
    if (kind === "svg") {
      const url = await Plotly.toImage(chart, { format: "svg", ...size });
      return offer(`${name}.svg`, "image/svg+xml", [decodeURIComponent(url.slice(url.indexOf(",") + 1))]);
    }
    if (kind === "png") return offer(`${name}.png`, "image/png", [bytes(await Plotly.toImage(chart, { format: "png", scale: 2, ...size }))]);
    const picture = bytes(await Plotly.toImage(chart, { format: "jpeg", scale: SHARP, ...size }));
    return offer(`${name}.pdf`, "application/pdf", [pdf(picture, size)]);
  }

  const SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  const SHARP = 3;

  function offer(file, type, parts) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(parts, { type }));
    link.download = file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  function bytes(dataUrl) {
    return Uint8Array.from(atob(dataUrl.slice(dataUrl.indexOf(",") + 1)), (letter) => letter.charCodeAt(0));
  }

  // ---- what is shown, as rows of texts and numbers

  function visibleText(cell, isChinese) {
    const copy = cell.cloneNode(true);
    for (const other of copy.querySelectorAll(`[lang="${isChinese ? "en" : "zh-CN"}"]`)) other.remove();
    return copy.textContent.trim().replaceAll("\u00a0", " "); // a file breaks no lines
  }

  /** The rows of a table that are shown; an interval takes two columns. */
  function tableOf(button, isChinese) {
    const table = button.closest(".data").querySelector("table");
    const rows = [...table.rows].filter((row) => !row.hidden);
    const wide = [...rows[0].cells].map((_, i) => rows.some((row) => ((row.cells[i] || {}).dataset?.v || "").includes(" ")));
    return rows.map((row) => [...row.cells].flatMap((cell, i) => {
      const shown = visibleText(cell, isChinese);
      if (row.parentNode.tagName === "THEAD") return wide[i] ? [`${shown} ↓`, `${shown} ↑`] : [shown];
      const numbers = cell.dataset.v ? cell.dataset.v.split(" ").map(Number) : [shown];
      return wide[i] && numbers.length === 1 ? [numbers[0], ""] : numbers;
    }));
  }

  /** What a chart draws: a row for each point. */
  function chartRows(chart) {
    const rows = [["series", "x", "y", "z", "low", "high"]];
    for (const trace of chart.data) {
      const name = trace.meta ? `${trace.legendgroup} (${trace.meta})` : trace.name || "";
      if (trace.type === "heatmap") {
        trace.z.forEach((line, i) => line.forEach((z, j) => rows.push([name, trace.x[j], trace.y[i], z ?? "", "", ""])));
      } else if (trace.type === "sankey") {
        const { source, target, value } = trace.link;
        value.forEach((z, i) => rows.push([name, trace.node.label[source[i]], trace.node.label[target[i]], z, "", ""]));
      } else if (trace.type === "parcoords") {
        trace.dimensions.forEach((one) => one.values.forEach((value, i) => rows.push([one.label, i, value, "", "", ""])));
      } else {
        const count = Math.max((trace.x || []).length, (trace.y || []).length);
        for (let i = 0; i < count; i += 1) rows.push([name, xOf(trace, i), named(chart, (trace.y || [])[i]), "", ...ends(trace, i)]);
      }
    }
    return rows;
  }

  /** The name of a row, where rows have names. */
  function named(chart, y) {
    const { ticktext } = chart.layout.yaxis || {};
    return (ticktext ? ticktext[y] : y) ?? "";
  }

  const xOf = (trace, i) => (trace.x ? trace.x[i] ?? "" : new Date(Date.parse(trace.x0) + i * trace.dx).toISOString().slice(0, 10));

  function ends(trace, i) {
    const error = trace.error_y || trace.error_x;
    const value = (trace.error_y ? trace.y : trace.x || [])[i];
    if (!error || !error.array || error.array[i] === null || typeof value !== "number") return ["", ""];
    return [value - (error.arrayminus || error.array)[i], value + error.array[i]];
  }

  function csv(rows) {
    const quoted = (cell) => (typeof cell === "number" ? String(cell) : `"${String(cell).replaceAll('"', '""')}"`);
    // The mark at the start lets spreadsheets see that the file is UTF-8.
    return "\ufeff" + rows.map((row) => row.map(quoted).join(",")).join("\r\n");
  }

  // ---- a workbook: a few files of XML in a zip archive that is not compressed

  function workbook(sheets) {
    const names = Object.keys(sheets);
    const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
    const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACK = "http://schemas.openxmlformats.org/package/2006";
    const KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    const files = {
      "[Content_Types].xml": `${XML}<Types xmlns="${PACK}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${KIND}.sheet.main+xml"/>${names.map((_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${KIND}.worksheet+xml"/>`).join("")}</Types>`,
      "_rels/.rels": `${XML}<Relationships xmlns="${PACK}/relationships"><Relationship Id="r1" Type="${REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
      "xl/workbook.xml": `${XML}<workbook xmlns="${MAIN}" xmlns:r="${REL}"><sheets>${names.map((name, i) => `<sheet name="${escaped(name.replace(/[\[\]:*?/\\]/g, " ").slice(0, 31))}" sheetId="${i + 1}" r:id="r${i + 1}"/>`).join("")}</sheets></workbook>`,
      "xl/_rels/workbook.xml.rels": `${XML}<Relationships xmlns="${PACK}/relationships">${names.map((_, i) => `<Relationship Id="r${i + 1}" Type="${REL}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join("")}</Relationships>`,
    };
    names.forEach((name, i) => {
      const lines = sheets[name].map((row) => `<row>${row.map(cellXml).join("")}</row>`).join("");
      files[`xl/worksheets/sheet${i + 1}.xml`] = `${XML}<worksheet xmlns="${MAIN}"><sheetData>${lines}</sheetData></worksheet>`;
    });
    return zip(files);
  }

  const escaped = (value) => String(value).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

  function cellXml(value) {
    if (typeof value === "number" && Number.isFinite(value)) return `<c><v>${value}</v></c>`;
    return value === "" || value === null ? "<c/>" : `<c t="inlineStr"><is><t>${escaped(value)}</t></is></c>`;
  }

  function zip(files) {
    const parts = [];
    const directory = [];
    let at = 0;
    for (const [name, content] of Object.entries(files)) {
      const [path, data] = [text.encode(name), text.encode(content)];
      const facts = numbers([[2, 20], [2, 0x800], [2, 0], [2, 0], [2, 33], [4, crc(data)], [4, data.length], [4, data.length], [2, path.length], [2, 0]]);
      const local = [numbers([[4, 0x04034b50]]), facts, path, data];
      directory.push(numbers([[4, 0x02014b50], [2, 20]]), facts, numbers([[2, 0], [2, 0], [2, 0], [4, 0], [4, at]]), path);
      parts.push(...local);
      at += size(local);
    }
    const count = Object.keys(files).length;
    const end = numbers([[4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, size(directory)], [4, at], [2, 0]]);
    return joined([...parts, ...directory, end]);
  }

  const size = (parts) => parts.reduce((sum, part) => sum + part.length, 0);

  function joined(parts) {
    const whole = new Uint8Array(size(parts));
    let at = 0;
    for (const part of parts) { whole.set(part, at); at += part.length; }
    return whole;
  }

  /** Whole numbers, each with its count of bytes, the lowest byte first. */
  function numbers(pairs) {
    return Uint8Array.from(pairs.flatMap(([count, value]) => [...Array(count).keys()].map((i) => (value >>> (8 * i)) & 255)));
  }

  function crc(data) {
    let sum = -1;
    for (const byte of data) {
      sum ^= byte;
      for (let i = 0; i < 8; i += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
    }
    return (sum ^ -1) >>> 0;
  }

  // ---- a document of one page that holds a picture: text as such would need a Chinese font of ten megabytes inside

  function pdf(picture, { width, height }) {
    const points = (pixels) => (pixels * 0.75).toFixed(1);
    const objects = [
      [`<</Type/Catalog/Pages 2 0 R>>`],
      [`<</Type/Pages/Kids[3 0 R]/Count 1>>`],
      [`<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${points(width)} ${points(height)}]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>`],
      stream("", text.encode(`${points(width)} 0 0 ${points(height)} 0 0 cm /I Do`)),
      stream(`/Type/XObject/Subtype/Image/Width ${SHARP * width}/Height ${SHARP * height}/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode`, picture),
    ];
    const parts = [text.encode("%PDF-1.4\n")];
    const places = [];
    objects.forEach((object, i) => {
      places.push(size(parts));
      parts.push(text.encode(`${i + 1} 0 obj\n`), ...object.map((one) => (typeof one === "string" ? text.encode(one) : one)), text.encode("\nendobj\n"));
    });
    const table = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
    parts.push(text.encode(`xref\n0 6\n0000000000 65535 f \n${table}trailer<</Size 6/Root 1 0 R>>\nstartxref\n${size(parts)}\n%%EOF\n`));
    return joined(parts);
  }

  const stream = (facts, data) => [`<<${facts}/Length ${data.length}>>stream\n`, data, "\nendstream"];

  return { save, visibleText };
})();
