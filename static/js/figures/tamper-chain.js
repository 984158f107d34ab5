// A chain of entries: change a record, watch the link break, mend it, and compare the head.

import { Figure, button, element, labelled } from "./parts/figure.js";
import { sha256Hex } from "./parts/sha256.js";

const START = "0".repeat(64);
const RECORDS = [
  "08:00 box V-118 4.2 C depot",
  "11:30 box V-118 5.1 C truck 7",
  "15:10 box V-118 9.8 C truck 7",
  "18:45 box V-118 4.6 C clinic",
  "20:00 box V-118 4.4 C clinic",
  "23:00 box V-118 4.3 C clinic",
];

class TamperChain extends Figure {
  static words = {
    en: {
      entry: (number) => `Record of entry ${number}`,
      previous: "previous",
      digest: "digest",
      fits: "names the entry before",
      broken: "does not name the entry before",
      start: "64 zeros: nothing before it",
      mend: "Mend the links",
      reset: "Start again",
      head: "Head of this chain",
      noted: "Head that the clinic wrote down",
      untouched: "All links hold, and the head is the one that was written down.",
      rebuilt: "All links hold, but the head is another one: the past has been rewritten.",
      breaks: (count) =>
        count === 1 ? "One link is broken." : `${count} links are broken.`,
    },
    zh: {
      entry: (number) => `条目 ${number} 的记录`,
      previous: "前一条目",
      digest: "摘要",
      fits: "与前一条目相符",
      broken: "与前一条目不符",
      start: "64 个零：之前没有条目",
      mend: "修补链接",
      reset: "重新开始",
      head: "这条链的链头",
      noted: "诊所当时抄下的链头",
      untouched: "链接全部完好，链头也与抄下的一致。",
      rebuilt: "链接全部完好，链头却变了：过去被改写了。",
      breaks: (count) => `有 ${count} 处链接断开。`,
    },
  };

  build(stage) {
    const length = this.number("blocks", 4, 2, RECORDS.length);
    this.entries = RECORDS.slice(0, length).map((record, index) => this.entry(record, index));
    this.reset();
    this.noted = this.entries.at(-1).digest;
    this.head = element("code", { class: "figure-digest" });
    this.verdict = element("p", { class: "figure-verdict", "aria-live": "polite" });
    stage.append(
      element("ol", { class: "chain" }, ...this.entries.map((entry) => entry.item)),
      element(
        "dl",
        { class: "chain-heads" },
        element("dt", {}, this.words.head),
        element("dd", {}, this.head),
        element("dt", {}, this.words.noted),
        element("dd", {}, element("code", { class: "figure-digest" }, this.noted)),
      ),
      this.verdict,
      element(
        "div",
        { class: "figure-controls" },
        button(this.words.mend, () => this.mend()),
        button(this.words.reset, () => this.reset() ?? this.show()),
      ),
    );
    this.show();
  }

  entry(record, index) {
    const entry = { original: record };
    entry.field = element("input", { spellcheck: "false", oninput: () => this.edit(entry) });
    entry.link = element("span", { class: "chain-link" });
    entry.previousText = element("code");
    entry.digestText = element("code");
    entry.item = element(
      "li",
      {},
      labelled(this.words.entry(index + 1), entry.field),
      element("p", { class: "chain-line" }, `${this.words.previous} `, entry.previousText, entry.link),
      element("p", { class: "chain-line" }, `${this.words.digest} `, entry.digestText),
    );
    return entry;
  }

  reset() {
    for (const entry of this.entries) entry.field.value = entry.original;
    this.link();
  }

  /** The author of a change mends his own digest at once; the next entry still names the old one. */
  edit(entry) {
    entry.digest = sha256Hex(entry.previous + entry.field.value);
    this.show();
  }

  mend() {
    this.link();
    this.show();
  }

  link() {
    let previous = START;
    for (const entry of this.entries) {
      entry.previous = previous;
      entry.digest = previous = sha256Hex(previous + entry.field.value);
    }
  }

  show() {
    let before = START;
    let breaks = 0;
    this.entries.forEach((entry, index) => {
      const fits = entry.previous === before;
      breaks += !fits;
      entry.item.classList.toggle("is-broken", !fits);
      entry.previousText.textContent = short(entry.previous);
      entry.digestText.textContent = short(entry.digest);
      const words = index === 0 ? this.words.start : this.words.fits;
      entry.link.textContent = fits ? `✓ ${words}` : `✕ ${this.words.broken}`;
      before = entry.digest;
    });
    this.head.textContent = before;
    const same = before === this.noted;
    this.verdict.textContent =
      breaks > 0 ? this.words.breaks(breaks) : same ? this.words.untouched : this.words.rebuilt;
    this.verdict.classList.toggle("is-good", breaks === 0 && same);
    this.verdict.classList.toggle("is-bad", breaks > 0 || !same);
  }
}

const short = (digest) => `${digest.slice(0, 12)}…`;

customElements.define("cw-tamper-chain", TamperChain);
