"use strict";
// Plays cases between offices over a table whose cells hold the numbers; all data is in the page itself.
(() => {
  const { Crowd } = globalThis.caseCrowd;
  const { Picture } = globalThis.casePicture;
  const root = document.documentElement;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const FLIGHT = 0.3, LEAD = 61, CALM_STEP = 1200; // seconds, days before the change, milliseconds
  const DAY = 86400000;
  // A date as the language of the page writes it.
  const spoken = (date) => new Date(`${date}T00:00:00Z`).toLocaleDateString(
    document.documentElement.dataset.lang === "zh" ? "zh-CN" : "en-GB",
    { day: "numeric", month: document.documentElement.dataset.lang === "zh" ? "long" : "short", year: "numeric", timeZone: "UTC" });
  const number = (value) => value.toLocaleString("en-US");

  class Player {
    constructor(box) {
      this.box = box;
      this.data = JSON.parse(box.querySelector(".anim-data").textContent);
      const { offices, days, sides, reform } = this.data;
      this.counts = sides.map((side) => globalThis.caseMoves.counts(side.counts, 2 * offices + 3, days));
      this.totals = [0, 1].map((which) => this.counts.map((of) => this.total(of, which)));
      this.cells = [...box.querySelectorAll("[data-count]")].map((cell) => {
        const [side, place] = cell.dataset.count.split("-").map(Number);
        return { cell, counts: this.counts[side], at: place * days, shown: -1 };
      });
      this.first = reform === null ? 0 : Math.max(reform - LEAD, 0);
      this.isPlaying = this.isTold = false;
      this.frame = this.frame.bind(this);
    }

    get(name) {
      return this.box.querySelector(".anim-" + name);
    }

    get words() {
      return this.data.words[root.dataset.lang === "zh" ? "zh" : "en"];
    }

    get speed() {
      return Number(this.get("speed").value);
    }

    // All offices together by midnight: in line (0) or in work (1).
    total(counts, which) {
      const { days, offices } = this.data;
      const found = new Int32Array(days);
      for (let row = which; row < 2 * offices; row += 2) {
        for (let day = 0; day < days; day++) found[day] += counts[row * days + day];
      }
      return found;
    }

    async start() {
      const { sides, days, offices } = this.data;
      const moves = await Promise.all(sides.map((side) => globalThis.caseMoves.moves(side.moves, side.cases, days)));
      const crowds = moves[0] ? moves.map((one, i) => new Crowd(one, sides[i].cases, offices)) : [];
      this.get("player").hidden = false;
      this.picture = new Picture(this.get("stage"), this.data, this.counts, crowds);
      this.now = this.first;
      this.fit();
      this.jump(this.first);
      this.listen();
      this.box.dataset.ready = "yes";
    }

    listen() {
      this.get("play").addEventListener("click", () => (this.isPlaying ? this.pause() : this.play()));
      this.get("back").addEventListener("click", () => this.step(-1));
      this.get("on").addEventListener("click", () => this.step(1));
      this.get("day").addEventListener("input", (event) => {
        this.show(false);
        this.jump(Number(event.target.value));
      });
      let width = this.get("player").clientWidth;
      new ResizeObserver(([{ contentRect }]) => {
        if (contentRect.width !== width) this.fit();
        width = contentRect.width;
      }).observe(this.get("player"));
      new MutationObserver(() => { this.fit(); this.tell(); if (this.isTold) this.say(); })
        .observe(root, { attributes: true, attributeFilter: ["data-lang"] });
    }

    play() {
      if (this.now >= this.data.days - 1) this.jump(this.first);
      this.show(true);
      this.before = performance.now();
      requestAnimationFrame(this.frame);
    }

    pause() {
      this.show(false);
      this.jump(Math.floor(this.now));
      this.say();
    }

    step(months) {
      this.show(false);
      this.jump(this.monthsOn(months));
      this.say();
    }

    show(isPlaying) {
      this.isPlaying = isPlaying;
      this.get("is-playing").hidden = !isPlaying;
      this.get("is-paused").hidden = isPlaying;
    }

    date(day) {
      return new Date(Date.parse(this.data.first) + day * DAY).toISOString().slice(0, 10);
    }

    // The same day of another month, or its last one, within the span.
    monthsOn(months) {
      const date = new Date(this.date(Math.floor(this.now)));
      const wanted = date.getUTCDate();
      date.setUTCMonth(date.getUTCMonth() + months);
      if (date.getUTCDate() !== wanted) date.setUTCDate(0);
      const day = Math.round((date - Date.parse(this.data.first)) / DAY);
      return Math.min(Math.max(day, 0), this.data.days - 1);
    }

    frame(time) {
      if (!this.isPlaying) return;
      const passed = Math.max(time - this.before, 0), end = this.data.days - 1;
      if (!calm.matches) {
        this.before = time;
        this.go(Math.min(this.now + (Math.min(passed, 100) / 1000) * this.speed, end));
      } else if (passed >= CALM_STEP) {
        this.before = time;
        this.jump(this.monthsOn(1));
      }
      if (this.now >= end) this.pause();
      else requestAnimationFrame(this.frame);
    }

    // On to a moment, midnight by midnight, with dots in the air.
    go(now) {
      const { crowds, lanes } = this.picture;
      const from = Math.floor(this.now), to = Math.floor(now);
      const flight = Math.max(1, Math.round(FLIGHT * this.speed));
      for (const lane of lanes) lane.flight = flight;
      for (let day = from + 1; day <= to; day++) {
        crowds.forEach((crowd, side) => { crowd.land(day, flight); crowd.takeOff(day, lanes[side]); });
      }
      this.now = now;
      if (to > from) { this.picture.settle(to); this.tell(); }
      this.picture.draw(now);
    }

    // To a midnight at once, with nothing in the air.
    jump(day) {
      this.now = day;
      for (const crowd of this.picture.crowds) { crowd.land(Infinity, 0); crowd.goTo(day); }
      this.picture.settle(day);
      this.picture.draw(day);
      this.tell();
    }

    // Takes over the size and the language of the page.
    fit() {
      const { picture, words } = this, { every, reform } = this.data;
      picture.measure();
      const cases = picture.scale.each * every;
      const told = picture.crowds.length ? (cases > 1 ? words.dots : words.dot) : words.bars;
      this.get("scale").textContent = told.replace("{n}", number(cases));
      this.get("dots").setAttribute("aria-label", words.picture);
      this.x = picture.strip(this.get("strip"), this.totals[0], this.get("day").clientWidth);
      for (const mark of this.box.querySelectorAll(".anim-mark, .anim-mark-text")) {
        mark.style.left = `${this.x(reform)}px`;
      }
      picture.settle(Math.floor(this.now));
      picture.draw(this.now);
      this.get("now").style.left = `${this.x(this.now)}px`;
    }

    // The date and all numbers of it; those that have not changed are left alone.
    tell() {
      const day = Math.floor(this.now), date = this.date(day), { reform } = this.data;
      const slider = this.get("day");
      slider.value = day;
      slider.setAttribute("aria-valuetext", spoken(date));
      this.get("now").style.left = `${this.x(day)}px`;
      this.box.dataset.date = date;
      this.get("date").textContent = spoken(date);
      const since = day - (reform ?? day);
      const key = since < 0 ? "days_before" : since > 0 ? "days_after" : "reform_day";
      if (reform !== null) this.get("since").textContent = this.words[key].replace("{days}", number(Math.abs(since)));
      for (const one of this.cells) {
        const value = one.counts[one.at + day];
        if (value === one.shown) continue;
        one.cell.textContent = number(value);
        one.cell.classList.toggle("anim-none", value === 0);
        one.shown = value;
      }
      this.totals[0].forEach((total, i) => {
        this.box.querySelector(`[data-total="${i}"]`).textContent = number(total[day]);
      });
    }

    // The same in a sentence for those who hear the page, on a pause or a step.
    say() {
      const day = Math.floor(this.now), [line, work] = this.totals, last = line.length - 1;
      const told = {
        date: spoken(this.date(day)), waiting: line[last][day], in_work: work[last][day],
        waiting_base: line[0][day], in_work_base: work[0][day],
      };
      const said = last ? this.words.said_two : this.words.said;
      this.get("said").textContent = said.replace(/\{(\w+)\}/g, (_, key) => told[key].toLocaleString("en-US"));
      this.isTold = true;
    }
  }

  for (const box of document.querySelectorAll(".anim:not([data-ready])")) new Player(box).start();
})();
