"use strict";
// Draws crowds of cases over the empty cells of a table, one bar for each office and scenario.
globalThis.casePicture = (() => {
  const SIDE = 3, ABOVE = 2, WIDEST = 9, NARROWEST = 2, OUTSIDE_MOST = 84, STRIP = 46, EDGE = 8;
  const KINDS = ["waiting", "in_work", "outside"], FLYING = [...KINDS, "closed"];
  const ratio = () => window.devicePixelRatio || 1;

  // Pixels between dots, dots one above the other, and cases a dot: the largest dots that fit, in bars at least half as
  // high as their row, the longer the better.
  function scale(crowds, width, height) {
    const office = Math.max(1, ...crowds.flatMap((one) => [...one.peaks.subarray(0, -1)]));
    const outside = Math.max(1, ...crowds.map((one) => one.peaks[one.peaks.length - 1]));
    for (let pitch = WIDEST, each = 1; ; pitch > NARROWEST ? pitch-- : each++) {
      const columns = Math.max(Math.floor(width / pitch), 4), most = Math.max(Math.floor(height / pitch), 1);
      for (let rows = Math.ceil(most / 2); rows <= most; rows++) {
        const outsideRows = Math.max(rows, Math.ceil(outside / each / (columns - 1)));
        const fits = Math.ceil(office / each / rows) + 2 <= columns && outsideRows * pitch <= OUTSIDE_MOST;
        if (fits || each > office + outside) return { pitch, each, rows, outsideRows };
      }
    }
  }

  function sized(canvas, width, height) {
    canvas.width = Math.round(width * ratio());
    canvas.height = Math.round(height * ratio());
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio(), 0, 0, ratio(), 0, 0);
    return pen;
  }

  const whole = (pixels) => Math.round(pixels * ratio()) / ratio(); // so that it begins with a pixel of the screen

  // A round dot of a colour, or a square one where it is small, on a tile of some width.
  function stamp(colour, size, width) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = Math.round(width * ratio());
    const pen = tile.getContext("2d"), across = size * ratio();
    pen.fillStyle = colour;
    if (size < 4) pen.fillRect(0, 0, across, across);
    else pen.arc(across / 2, across / 2, across / 2, 0, 7);
    pen.fill();
    return tile;
  }

  // Dots one beside the other, as a filling: a bar of thousands costs no more than one of ten.
  function filling(pen, colour, size, width) {
    const pattern = pen.createPattern(stamp(colour, size, width), "repeat");
    pattern.setTransform(new DOMMatrix().scale(1 / ratio()));
    return pattern;
  }

  class Picture {
    constructor(stage, data, counts, crowds) {
      Object.assign(this, { stage, data, counts, crowds, base: document.createElement("canvas"), lanes: [] });
      this.dots = stage.querySelector(".anim-dots");
      this.longest = this.most;
      this.measure();
    }

    // The cells of a side by place: those of the offices in the order of their numbers, outside, closed.
    cells(side) {
      const found = [];
      for (const cell of this.stage.querySelectorAll(`.anim-bar[data-side="${side}"]`)) {
        const { office, outside } = cell.dataset;
        found[office !== undefined ? Number(office) : this.data.offices + (outside ? 0 : 1)] = cell;
      }
      return found;
    }

    // Takes over the sizes that the table has now; how many cases a dot stands for follows from them.
    measure() {
      const sides = this.data.sides.map((_, side) => this.cells(side));
      const { offices } = this.data;
      const wide = Math.min(...sides.flat().map((cell) => cell.clientWidth)) - 2 * SIDE;
      const height = sides[0][offices + 1].clientHeight;
      this.scale = scale(this.crowds, wide, height - 2 * ABOVE);
      this.scale.pitch = whole(this.scale.pitch);
      const { pitch, rows, outsideRows } = this.scale;
      sides[0][offices].parentElement.style.height = `${Math.max(height, outsideRows * pitch + 2 * ABOVE)}px`;
      const corner = this.stage.getBoundingClientRect();
      this.lanes = sides.map((cells) => {
        const edges = cells.map((cell) => cell.getBoundingClientRect());
        const place = Array.from({ length: 2 * offices + 2 }, (_, at) => (at < 2 * offices ? at >> 1 : at - offices));
        const middles = place.map((row) => edges[row].top - corner.top + edges[row].height / 2);
        const high = (at) => (at < 2 * offices ? rows : outsideRows) * pitch;
        const tops = middles.map((middle, at) => whole(middle - high(at) / 2));
        const left = whole(edges[0].left - corner.left + this.stage.scrollLeft + SIDE);
        return { ...this.scale, left, wide, tops, middles, flight: 1, closedEnd: left };
      });
      const table = this.stage.querySelector("table");
      this.pen = sized(this.dots, table.offsetWidth, table.offsetHeight);
      this.basePen = sized(this.base, table.offsetWidth, table.offsetHeight);
      this.size = whole(Math.max(pitch - 1, 2));
      const { colours } = this.data, air = this.size + 2;
      this.fillings = KINDS.map((key) => filling(this.basePen, colours[key], this.size, pitch));
      this.stamps = FLYING.map((key) => stamp(colours[key], air, air));
    }

    // What stays as it is until the next midnight.
    settle(day) {
      const pen = this.basePen, { offices, days, chosen, colours } = this.data;
      pen.clearRect(0, 0, this.base.width, this.base.height);
      this.lanes.forEach((lanes, side) => {
        const part = (this.counts[side][(2 * offices + 1) * days + day] / Math.max(chosen, 1)) * lanes.wide;
        lanes.closedEnd = lanes.left + part;
        pen.fillStyle = colours.closed;
        pen.fillRect(lanes.left, lanes.middles[2 * offices + 1] - 7, part, 14);
        const crowd = this.crowds[side];
        if (!crowd) this.bars(side, day);
        else { crowd.settle(lanes); this.crowd(crowd, lanes); }
      });
    }

    crowd(crowd, lanes) {
      const pen = this.basePen, { pitch, each } = lanes;
      for (let place = 0; place <= crowd.outside; place++) {
        const rows = place < crowd.outside ? lanes.rows : lanes.outsideRows;
        const dots = Math.ceil(crowd.landed[place] / each), columns = Math.floor(dots / rows);
        pen.save();
        pen.translate(lanes.left + crowd.behind(place, lanes) * pitch, lanes.tops[place]);
        pen.fillStyle = this.fillings[place < crowd.outside ? place & 1 : 2];
        pen.fillRect(0, 0, columns * pitch, rows * pitch);
        pen.fillRect(columns * pitch, 0, pitch, (dots % rows) * pitch);
        pen.restore();
      }
    }

    // The most cases that ever are at one office, or outside, at once.
    get most() {
      const { offices, days } = this.data;
      let most = 1;
      for (const counts of this.counts) {
        for (let at = 0; at < 2 * offices * days; at += (at + 1) % days ? 1 : days + 1) {
          most = Math.max(most, counts[at] + counts[at + days]);
        }
        most = counts.subarray(2 * offices * days, (2 * offices + 1) * days).reduce((a, b) => Math.max(a, b), most);
      }
      return most;
    }

    // Bars instead of dots, for browsers that cannot unpack the moves.
    bars(side, day) {
      const { offices, days, colours } = this.data, lanes = this.lanes[side], counts = this.counts[side];
      const unit = lanes.wide / this.longest;
      for (let row = 0; row <= offices; row++) {
        let left = lanes.left;
        for (const place of row < offices ? [2 * row + 1, 2 * row] : [2 * row]) {
          const width = counts[place * days + day] * unit;
          this.basePen.fillStyle = colours[row < offices ? KINDS[place & 1] : "outside"];
          this.basePen.fillRect(left, lanes.middles[place] - 7, width, 14);
          left += width;
        }
      }
    }

    // One frame: what stays, and the dots in the air over it.
    draw(now) {
      const pen = this.pen, width = this.dots.width / ratio(), height = this.dots.height / ratio();
      if (!width || !height) return; // the page is printed, or this part of it is folded away
      pen.clearRect(0, 0, width, height);
      pen.drawImage(this.base, 0, 0, width, height);
      this.crowds.forEach((crowd, side) => FLYING.forEach((_, kind) => this.flights(crowd, side, kind, now)));
    }

    flights(crowd, side, kind, now) {
      const pen = this.pen, lanes = this.lanes[side], spot = [0, 0], size = this.size + 2, picture = this.stamps[kind];
      pen.fillStyle = this.data.colours[FLYING[kind]];
      for (let i = 0; i < crowd.flying; i++) {
        const who = crowd.air[i];
        if (crowd.colour(who) !== kind) continue;
        crowd.position(who, now, lanes, spot);
        if (size < 6) pen.fillRect(spot[0] - 1, spot[1] - 1, size, size);
        else pen.drawImage(picture, spot[0] - 1, spot[1] - 1, size, size);
      }
    }

    // Cases in line at all offices together over the whole time; gives the x of a day back.
    strip(canvas, totals, width) {
      const pen = sized(canvas, width, STRIP), { days, sides, colours } = this.data;
      const most = Math.max(1, ...totals.map((one) => one.reduce((a, b) => Math.max(a, b), 0)));
      const x = (day) => EDGE + (day / Math.max(days - 1, 1)) * (width - 2 * EDGE);
      totals.forEach((total, i) => {
        const isBase = sides[i].is === "without";
        pen.beginPath();
        total.forEach((value, day) => pen.lineTo(x(day), STRIP - 2 - (value / most) * (STRIP - 6)));
        pen.strokeStyle = isBase ? "#555555" : colours.waiting;
        pen.setLineDash(isBase ? [5, 3] : []);
        pen.lineWidth = 1.5;
        pen.stroke();
      });
      return x;
    }
  }

  return { Picture };
})();
