"use strict";
// Where the dots of one scenario stand and fly, from midnight to midnight.
globalThis.caseCrowd = (() => {
  // The drawn cases of one scenario; where each stands follows from its last move up to `day`.
  class Crowd {
    constructor(moves, cases, offices) {
      Object.assign(this, { moves, offices, outside: 2 * offices, closed: 2 * offices + 1, day: -1, flying: 0 });
      this.last = new Int32Array(cases).fill(-1);
      this.standing = new Int32Array(2 * offices + 2);
      this.landed = new Int32Array(2 * offices + 2);
      this.rank = new Int32Array(4 * offices + 4); // next in a bar, of those that have landed and of those in the air
      this.peaks = this.findPeaks();
      for (const name of ["x", "y", "fromX", "fromY", "since"]) this[name] = new Float32Array(cases);
      this.isFlying = new Uint8Array(cases);
      this.air = new Int32Array(cases);
    }

    // The most dots that ever stand at each office at once, and outside.
    findPeaks() {
      const found = new Int32Array(this.offices + 1);
      for (let day = 0; day + 2 < this.moves.begin.length; day++) {
        this.apply(day);
        for (let office = 0; office < this.offices; office++) {
          found[office] = Math.max(found[office], this.standing[2 * office] + this.standing[2 * office + 1]);
        }
        found[this.offices] = Math.max(found[this.offices], this.standing[this.outside]);
      }
      this.rewind();
      return found;
    }

    rewind() {
      this.last.fill(-1);
      this.standing.fill(0);
      this.day = -1;
    }

    apply(day) {
      const { dot, place, begin } = this.moves;
      for (let m = begin[day]; m < begin[day + 1]; m++) {
        const before = this.last[dot[m]];
        if (before >= 0) this.standing[place[before]] -= 1;
        this.standing[place[m]] += 1;
        this.last[dot[m]] = m;
      }
      this.day = day;
    }

    goTo(day) {
      if (day < this.day) this.rewind();
      while (this.day < day) this.apply(this.day + 1);
    }

    // One midnight on; what goes elsewhere takes off from where it stands. New cases, and those of which work begins
    // or stops, are in their new place at once, so that bars are as long as the numbers say.
    takeOff(day, lanes) {
      const { dot, place, begin } = this.moves;
      const spot = [0, 0];
      for (let m = begin[day]; m < begin[day + 1]; m++) {
        const who = dot[m];
        if (this.last[who] < 0) continue;
        const before = place[this.last[who]];
        if (before < this.outside && before >> 1 === place[m] >> 1) continue;
        this.position(who, day, lanes, spot);
        if (!this.isFlying[who]) this.air[this.flying++] = who;
        this.fromX[who] = spot[0];
        this.fromY[who] = spot[1];
        this.since[who] = day + (who * 0.618) % 1; // not all at once
        this.isFlying[who] = 1;
      }
      this.apply(day);
    }

    // Where a case is on the picture at a moment, written into `spot`.
    position(who, now, lanes, spot) {
      let part = 1;
      if (this.isFlying[who]) {
        const done = Math.min(Math.max((now - this.since[who]) / lanes.flight, 0), 1);
        part = done * done * (3 - 2 * done);
      }
      spot[0] = this.fromX[who] + (this.x[who] - this.fromX[who]) * part;
      spot[1] = this.fromY[who] + (this.y[who] - this.fromY[who]) * part;
    }

    colour(who) {
      const place = this.moves.place[this.last[who]];
      return place < this.outside ? place & 1 : place - this.outside + 2;
    }

    land(now, flight) {
      let kept = 0;
      for (let i = 0; i < this.flying; i++) {
        const who = this.air[i];
        if (now - this.since[who] >= flight) this.isFlying[who] = 0;
        else this.air[kept++] = who;
      }
      this.flying = kept;
    }

    // The columns of dots that stand before those of a place: the line begins behind the cases in work.
    behind(place, lanes) {
      if (place >= this.outside || place & 1) return 0;
      return Math.ceil(Math.ceil(this.landed[place + 1] / lanes.each) / lanes.rows);
    }

    // Gives every open case its place in a bar: first those in work, then the line, each in the order of coming; at the
    // end those that are still in the air.
    settle(lanes) {
      const { moves: { dot, place, begin }, last, rank, landed, isFlying } = this;
      rank.fill(0);
      landed.set(this.standing);
      for (let i = 0; i < this.flying; i++) landed[place[last[this.air[i]]]] -= 1;
      for (let at = 0; at < this.closed; at++) rank[this.closed + 1 + at] = landed[at];
      for (let m = 0; m < begin[this.day + 1]; m++) {
        const who = dot[m], at = place[m];
        if (last[who] !== m) continue;
        if (at === this.closed) {
          if (isFlying[who]) { this.x[who] = lanes.closedEnd; this.y[who] = lanes.middles[at]; }
          continue;
        }
        const nth = Math.floor(rank[isFlying[who] ? this.closed + 1 + at : at]++ / lanes.each);
        const rows = at === this.outside ? lanes.outsideRows : lanes.rows;
        this.x[who] = lanes.left + (Math.floor(nth / rows) + this.behind(at, lanes)) * lanes.pitch;
        this.y[who] = lanes.tops[at] + (nth % rows) * lanes.pitch;
      }
    }
  }

  return { Crowd };
})();
