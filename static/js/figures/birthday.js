// How likely a collision is among k digests of n bits.

import { Figure, drawn, element, labelled } from "./parts/figure.js";

const WIDTH = 576;
const HEIGHT = 220;
const LEFT = 44;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 30;
const LENGTHS = [8, 16, 24, 32, 48, 64, 96, 128, 160, 192, 224, 256];

class Birthday extends Figure {
  static words = {
    en: {
      bits: (bits) => `Length of the digest: ${bits} bits (${bits / 4} hexadecimal digits)`,
      inputs: (count) => `Different inputs: ${count}`,
      result: (percent) => `Probability of a collision: ${percent}`,
      half: (count) => `One half is reached at about ${count} inputs.`,
      none: "practically none",
      certain: "practically certain",
      axis: "number of inputs, as a power of two",
    },
    zh: {
      bits: (bits) => `摘要长度：${bits} 比特（${bits / 4} 位十六进制）`,
      inputs: (count) => `不同的输入：${count} 个`,
      result: (percent) => `出现碰撞的概率：${percent}`,
      half: (count) => `约 ${count} 个输入时达到一半。`,
      none: "几乎为零",
      certain: "几乎必然",
      axis: "输入的个数（2 的幂）",
    },
  };

  build(stage) {
    const given = this.number("bits", 32, LENGTHS[0], LENGTHS.at(-1));
    const start = Math.max(0, LENGTHS.findIndex((length) => length >= given));
    const update = () => this.update();
    this.length = slider({ max: LENGTHS.length - 1, step: 1, value: start, oninput: update });
    this.power = slider({ max: 100, step: 0.5, value: 52, oninput: update });
    this.lengthWords = element("span");
    this.powerWords = element("span");
    this.curve = drawn("path", { class: "accent plot-curve" });
    this.point = drawn("circle", { class: "accent plot-point", r: 5 });
    this.drop = drawn("path", { class: "muted plot-drop" });
    this.marks = drawn("g", { class: "muted plot-words" });
    this.verdict = element("p", { class: "figure-verdict", "aria-live": "polite" });
    this.half = element("p", { class: "figure-note" });
    stage.append(
      labelled(this.lengthWords, this.length),
      labelled(this.powerWords, this.power),
      drawn(
        "svg",
        { class: "plot", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" },
        this.marks,
        this.drop,
        this.curve,
        this.point,
      ),
      this.verdict,
      this.half,
    );
    this.update();
  }

  update() {
    const bits = LENGTHS[Number(this.length.value)];
    const power = (Number(this.power.value) / 100) * bits;
    const chance = probability(power, bits);
    this.lengthWords.textContent = this.words.bits(bits);
    this.powerWords.textContent = this.words.inputs(this.count(power));
    this.verdict.textContent = this.words.result(this.percent(chance));
    this.half.textContent = this.words.half(this.count(bits / 2 + Math.log2(1.1774)));
    this.draw(bits, power, chance);
  }

  draw(bits, power, chance) {
    const points = Array.from({ length: 241 }, (_, step) => (step / 240) * bits);
    const line = points.map((at) => `${x(at, bits)} ${y(probability(at, bits))}`).join("L");
    this.curve.setAttribute("d", `M${line}`);
    this.point.setAttribute("cx", x(power, bits));
    this.point.setAttribute("cy", y(chance));
    this.drop.setAttribute("d", `M${LEFT} ${y(chance)}L${x(power, bits)} ${y(chance)}V${y(0)}`);
    const label = (words, at, anchor) =>
      drawn("text", { x: at[0], y: at[1], "text-anchor": anchor }, words);
    const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(share * bits));
    this.marks.replaceChildren(
      drawn("path", { d: `M${LEFT} ${y(1)}V${y(0)}H${WIDTH - RIGHT}` }),
      drawn("path", { class: "plot-half", d: `M${LEFT} ${y(0.5)}H${WIDTH - RIGHT}` }),
      label("1", [LEFT - 8, y(1) + 4], "end"),
      label("½", [LEFT - 8, y(0.5) + 4], "end"),
      label("0", [LEFT - 8, y(0) + 4], "end"),
      ...ticks.map((tick, index) =>
        label(raised(tick), [x(tick, bits), HEIGHT - 10], index === 4 ? "end" : "middle"),
      ),
    );
  }

  /** About 2 to the power, as a person writes it. */
  count(power) {
    if (power < 20) return this.numbers.format(Math.max(1, Math.round(2 ** power)));
    const digits = Math.floor(power * Math.log10(2));
    const lead = 10 ** (power * Math.log10(2) - digits);
    return `${this.numbers.format(Math.round(lead * 10) / 10)} × 10${superscript(digits)}`;
  }

  percent(chance) {
    if (chance > 0.99995) return this.words.certain;
    if (chance < 1e-12) return this.words.none;
    if (chance >= 0.001) return `${this.numbers.format(Math.round(chance * 1000) / 10)} %`;
    const digits = Math.floor(Math.log10(chance));
    return `${this.numbers.format(Math.round(chance / 10 ** (digits - 1)) / 10)} × 10${superscript(digits)}`;
  }
}

/** 1 − e^(−k(k−1)/2^(n+1)) for k = 2^power; precise for tiny values too. */
function probability(power, bits) {
  const inputs = 2 ** power;
  return -Math.expm1(-(inputs * Math.max(0, inputs - 1)) / 2 ** (bits + 1));
}

const x = (power, bits) => LEFT + (power / bits) * (WIDTH - LEFT - RIGHT);
const y = (chance) => TOP + (1 - chance) * (HEIGHT - TOP - BOTTOM);
const raised = (power) => `2${superscript(power)}`;

function slider(attributes) {
  return element("input", { type: "range", min: 0, ...attributes });
}

function superscript(number) {
  return String(number).replace(/[-\d]/g, (sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]);
}

customElements.define("cw-birthday", Birthday);
