"use strict";
// Reads what the page holds of cases between offices: where each stands and how many stand where, by midnight.
globalThis.caseMoves = (() => {
  const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

  // Whole numbers, seven bits a byte, the low ones first; all but the last byte of a number are marked.
  function reader(bytes) {
    let at = 0;
    return () => {
      let number = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = bytes[at++];
        number |= (byte & 127) << shift;
        if (byte < 128) return number;
      }
    };
  }

  // Rows of counts by midnight; each number is told as the change since the one before, runs of no change as 0 and n.
  function counts(text, rows, days) {
    const next = reader(bytesOf(text));
    const found = new Int32Array(rows * days);
    for (let i = 0; i < found.length;) {
      const told = next();
      const change = told & 1 ? -(told + 1) / 2 : told / 2;
      for (let left = told ? 1 : next(); left > 0; left--, i++) found[i] = (i % days ? found[i - 1] : 0) + change;
    }
    return found;
  }

  // The moves of all drawn cases in order of time: of case `dot[m]` to `place[m]`; those of midnight d are the moves
  // from `begin[d]` to `begin[d + 1]`. Null where the browser cannot inflate them.
  async function moves(text, cases, days) {
    if (typeof DecompressionStream === "undefined") return null;
    const stream = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream("deflate"));
    const next = reader(new Uint8Array(await new Response(stream).arrayBuffer()));
    const many = Uint32Array.from({ length: cases }, next);
    const total = many.reduce((sum, one) => sum + one, 0);
    const places = Uint16Array.from({ length: total }, next);
    const on = new Int32Array(total);
    const begin = new Int32Array(days + 2);
    for (let dot = 0, m = 0; dot < cases; dot++) {
      for (let left = many[dot], day = 0; left > 0; left--, m++) {
        day += next();
        on[m] = day;
        begin[day + 2] += 1;
      }
    }
    for (let day = 2; day < begin.length; day++) begin[day] += begin[day - 1];
    const found = { dot: new Int32Array(total), place: new Uint16Array(total), begin };
    for (let dot = 0, m = 0; dot < cases; dot++) {
      for (let left = many[dot]; left > 0; left--, m++) {
        const at = begin[on[m] + 1]++; // which so becomes the beginning of the day after
        found.dot[at] = dot;
        found.place[at] = places[m];
      }
    }
    return found;
  }

  return { counts, moves };
})();
