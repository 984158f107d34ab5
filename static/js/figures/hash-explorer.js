// Two texts, their digests, and the bits in which the digests differ.

import { Figure, drawn, element, labelled } from "./parts/figure.js";
import { hex, sha256 } from "./parts/sha256.js";

const RECORD = "patient=P-20417;test=HbA1c;value=6.1;unit=%;date=2026-03-02";
const COLUMNS = 32;
const CELL = 18;

class HashExplorer extends Figure {
  static words = {
    en: {
      first: "First text",
      second: "Second text",
      digest: "SHA-256",
      bytes: (count) => `${count} bytes`,
      changed: (count) => `${count} of 256 bits differ (${Math.round(count / 2.56)} %)`,
      equal: "The digests are equal: no bit differs.",
    },
    zh: {
      first: "第一段文字",
      second: "第二段文字",
      digest: "SHA-256",
      bytes: (count) => `${count} 字节`,
      changed: (count) => `256 个比特中有 ${count} 个不同（${Math.round(count / 2.56)}%）`,
      equal: "两个摘要相同，没有比特不同。",
    },
  };

  build(stage) {
    this.sides = [
      this.side(this.words.first, RECORD),
      this.side(this.words.second, RECORD.replace("6.1", "6.7")),
    ];
    this.cells = Array.from({ length: 256 }, (_, bit) =>
      drawn("rect", {
        x: (bit % COLUMNS) * CELL + 2,
        y: Math.floor(bit / COLUMNS) * CELL + 2,
        width: CELL - 4,
        height: CELL - 4,
        rx: 2,
      }),
    );
    const size = `0 0 ${COLUMNS * CELL} ${(256 / COLUMNS) * CELL}`;
    this.verdict = element("p", { class: "figure-verdict", "aria-live": "polite" });
    stage.append(
      ...this.sides.map((side) => side.block),
      drawn("svg", { class: "figure-bits", viewBox: size, "aria-hidden": "true" }, ...this.cells),
      this.verdict,
    );
    this.update();
  }

  side(label, text) {
    const field = element("textarea", { rows: 2, spellcheck: "false", oninput: () => this.update() });
    field.value = text;
    const digest = element("code", { class: "figure-digest" });
    const bytes = element("span", { class: "figure-note" });
    const result = element("p", { class: "figure-result" }, bytes, digest);
    return { field, digest, bytes, block: element("div", {}, labelled(label, field), result) };
  }

  update() {
    const [first, second] = this.sides.map(({ field, digest, bytes }) => {
      const data = new TextEncoder().encode(field.value);
      const hash = sha256(data);
      digest.textContent = hex(hash);
      bytes.textContent = `${this.words.digest} · ${this.words.bytes(data.length)}`;
      return hash;
    });
    let count = 0;
    this.cells.forEach((cell, bit) => {
      const place = bit >> 3;
      const differs = (((first[place] ^ second[place]) >> (7 - (bit & 7))) & 1) === 1;
      cell.setAttribute("class", differs ? "bit-changed" : "bit-same");
      count += differs;
    });
    this.verdict.textContent = count === 0 ? this.words.equal : this.words.changed(count);
  }
}

customElements.define("cw-hash-explorer", HashExplorer);
