// A Merkle tree: choose a record, walk its proof up to the root, and try to cheat.

import { Figure, button, drawn, element, labelled } from "./parts/figure.js";
import { hex, joined, sha256 } from "./parts/sha256.js";

const LETTERS = "ABCDEFGH";
const LEAF = Uint8Array.of(0);
const INNER = Uint8Array.of(1);
const STEP = 80; // from one leaf to the next
const RISE = 56; // from one level to the next
const NODE = { width: 74, height: 28 };

const leafHash = (record) => sha256(joined(LEAF, new TextEncoder().encode(record)));
const innerHash = (left, right) => sha256(joined(INNER, left, right));
const short = (digest) => hex(digest).slice(0, 8);

class MerkleProof extends Figure {
  static words = {
    en: {
      choose: "Record to be proved",
      claim: "What is claimed to be this record",
      flip: (name) => `Flip a bit of ${name}`,
      unflip: (name) => `Restore ${name}`,
      step: "step",
      made: "computed from",
      digest: "digest begins",
      leaf: "leaf",
      left: (name) => `${name} stands left`,
      right: (name) => `${name} stands right`,
      root: "root",
      good: (root) => `${root} is the root in the header: the record is in the block.`,
      bad: (got, root) => `${got} is not the root in the header (${root}): the proof is refused.`,
    },
    zh: {
      choose: "要证明的记录",
      claim: "声称的这条记录",
      flip: (name) => `翻转 ${name} 的一个比特`,
      unflip: (name) => `恢复 ${name}`,
      step: "步骤",
      made: "由什么算出",
      digest: "摘要开头",
      leaf: "叶子",
      left: (name) => `${name} 在左`,
      right: (name) => `${name} 在右`,
      root: "根",
      good: (root) => `${root} 就是区块头里的根：记录在区块里。`,
      bad: (got, root) => `${got} 不是区块头里的根（${root}）：证明被拒绝。`,
    },
  };

  build(stage) {
    const records = [...LETTERS.slice(0, this.number("leaves", 8, 2, LETTERS.length))];
    this.levels = tree(records);
    this.chosen = Math.min(2, records.length - 1);
    this.flipped = new Set();
    this.drawing = drawn("svg", { class: "tree", "aria-hidden": "true" });
    this.claim = element("input", { spellcheck: "false", oninput: () => this.show() });
    this.flips = element("div", { class: "figure-controls" });
    this.rows = element("tbody");
    this.verdict = element("p", { class: "figure-verdict", "aria-live": "polite" });
    const head = ["step", "made", "digest"].map((key) =>
      element("th", { scope: "col" }, this.words[key]),
    );
    stage.append(
      this.choices(records),
      element("div", { class: "figure-scroll", tabindex: 0 }, this.drawing),
      labelled(this.words.claim, this.claim),
      this.flips,
      element("table", {}, element("thead", {}, element("tr", {}, ...head)), this.rows),
      this.verdict,
    );
    this.choose(this.chosen);
  }

  choices(records) {
    const group = `record-${Math.random().toString(36).slice(2)}`;
    const radios = records.map((record, index) => {
      const radio = element("input", { type: "radio", name: group, onchange: () => this.choose(index) });
      radio.checked = index === this.chosen;
      return element("label", { class: "figure-check" }, radio, element("span", {}, record));
    });
    return element(
      "fieldset",
      { class: "figure-choices" },
      element("legend", {}, this.words.choose),
      ...radios,
    );
  }

  choose(index) {
    this.chosen = index;
    this.flipped.clear();
    this.claim.value = this.levels[0][index].name;
    this.show();
  }

  show() {
    const proof = partners(this.levels, this.chosen);
    this.flips.replaceChildren(...proof.map((partner) => this.flipButton(partner)));
    const steps = this.walk(proof);
    const got = short(steps.at(-1).digest);
    const root = short(this.levels.at(-1)[0].digest);
    this.rows.replaceChildren(
      ...steps.map(({ step, made, digest }) =>
        element(
          "tr",
          {},
          element("td", {}, step),
          element("td", {}, element("code", {}, made)),
          element("td", {}, element("code", {}, short(digest))),
        ),
      ),
    );
    this.verdict.textContent = got === root ? this.words.good(root) : this.words.bad(got, root);
    this.verdict.classList.toggle("is-good", got === root);
    this.verdict.classList.toggle("is-bad", got !== root);
    this.draw(proof, steps);
  }

  flipButton(partner) {
    const flipped = this.flipped.has(partner.node);
    const words = flipped ? this.words.unflip(partner.node.name) : this.words.flip(partner.node.name);
    return button(words, () => {
      if (flipped) this.flipped.delete(partner.node);
      else this.flipped.add(partner.node);
      this.show();
      this.flips.children[partner.place].focus();
    });
  }

  /** What a verifier computes from the claimed record and the partners. */
  walk(proof) {
    let name = this.claim.value;
    let digest = leafHash(name);
    const steps = [{ step: this.words.leaf, made: `00 ‖ "${name}"`, digest }];
    for (const { node, left } of proof) {
      const shown = this.shown(node);
      const names = left ? [node.name, name] : [name, node.name];
      digest = left ? innerHash(shown, digest) : innerHash(digest, shown);
      name = names.join("");
      const step = left ? this.words.left(node.name) : this.words.right(node.name);
      steps.push({ step, made: `01 ‖ ${names[0]} ‖ ${names[1]}`, digest });
    }
    return steps;
  }

  /** The digest of a partner as the verifier gets it. */
  shown(node) {
    const digest = Uint8Array.from(node.digest);
    if (this.flipped.has(node)) digest[0] ^= 1;
    return digest;
  }

  /** What the verifier has: his own digests on the way up, the partners as they were sent. */
  draw(proof, steps) {
    const width = this.levels[0].length * STEP;
    const height = (this.levels.length - 1) * RISE + NODE.height + 20;
    const shown = new Set(proof.map(({ node }) => node));
    const way = new Map();
    for (let node = this.levels[0][this.chosen]; node; node = node.parent) way.set(node, steps[way.size].digest);
    const nodes = [...new Set(this.levels.flat())];
    this.drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.drawing.replaceChildren(
      ...nodes.filter((node) => node.parent).map((node) => edge(node, way, this.levels.length)),
      ...nodes.map((node) => this.box(node, { way, shown })),
    );
  }

  box(node, { way, shown }) {
    const [x, y] = place(node, this.levels.length);
    const kind = way.has(node) ? "accent" : shown.has(node) ? "fg" : "muted";
    const digest = short(way.get(node) ?? this.shown(node));
    const bad = digest !== short(node.digest);
    const root = node === this.levels.at(-1)[0];
    const title = root ? this.words.root : node.name;
    return drawn(
      "g",
      { class: bad ? "bad" : kind },
      drawn("rect", {
        x: x - NODE.width / 2,
        y,
        ...NODE,
        rx: 4,
        class: shown.has(node) ? "tree-partner" : way.has(node) ? "tree-way" : "tree-other",
      }),
      drawn("text", { x, y: y + 12, "text-anchor": "middle", class: "tree-name" }, title),
      drawn("text", { x, y: y + 24, "text-anchor": "middle", class: "tree-digest" }, bad ? `≠ ${digest}` : digest),
    );
  }
}

/** The levels from the leaves to the root; a node without a partner moves up as it is. */
function tree(records) {
  const leaves = records.map((name, index) => ({
    name,
    digest: leafHash(name),
    level: 0,
    at: index + 0.5,
  }));
  const levels = [leaves];
  while (levels.at(-1).length > 1) {
    const below = levels.at(-1);
    const above = [];
    for (let index = 0; index < below.length; index += 2) {
      above.push(index + 1 < below.length ? join(below[index], below[index + 1], levels.length) : below[index]);
    }
    levels.push(above);
  }
  return levels;
}

function join(left, right, level) {
  const node = {
    name: left.name + right.name,
    digest: innerHash(left.digest, right.digest),
    level,
    at: (left.at + right.at) / 2,
  };
  left.parent = right.parent = node;
  return node;
}

/** The proof of a leaf: its partners on the way up, each with its side. */
function partners(levels, leaf) {
  const proof = [];
  let index = leaf;
  for (const level of levels.slice(0, -1)) {
    const left = index % 2 === 1;
    const node = level[left ? index - 1 : index + 1];
    if (node) proof.push({ node, left, place: proof.length });
    index = Math.floor(index / 2);
  }
  return proof;
}

function place(node, levels) {
  return [node.at * STEP, (levels - 1 - node.level) * RISE + 6];
}

function edge(node, way, levels) {
  const [x, y] = place(node, levels);
  const [parentX, parentY] = place(node.parent, levels);
  const middle = y - (RISE - NODE.height) / 2;
  return drawn("path", {
    class: way.has(node) ? "accent tree-edge" : "muted tree-edge",
    d: `M${x} ${y}V${middle}H${parentX}V${parentY + NODE.height}`,
  });
}

customElements.define("cw-merkle-proof", MerkleProof);
