// A digest hides its input only if there are too many inputs to try.

import { Figure, button, element, labelled } from "./parts/figure.js";
import { hex, joined, sha256 } from "./parts/sha256.js";

const SLICE = 2000; // numbers between two looks at the screen

class SmallDomain extends Figure {
  static words = {
    en: {
      secret: (digits) => `A secret number of ${digits} digits`,
      salted: "Put a secret random salt of 128 bits in front of it",
      published: "Published digest",
      search: (count) => `Try all ${count} numbers`,
      tried: (count) => `${count} tried …`,
      found: (number, count, seconds) =>
        `Found: the number is ${number}. ${count} tries, ${seconds} seconds.`,
      nothing: (count) =>
        `Nothing found: none of the ${count} numbers has this digest. ` +
        "Whoever does not know the salt would have to try each number with 2¹²⁸ salts.",
    },
    zh: {
      secret: (digits) => `一个保密的 ${digits} 位数`,
      salted: "在前面加上 128 比特、保密的随机盐",
      published: "公布的摘要",
      search: (count) => `试遍全部 ${count} 个数`,
      tried: (count) => `已试 ${count} 个……`,
      found: (number, count, seconds) =>
        `找到了：这个数是 ${number}。试了 ${count} 次，用时 ${seconds} 秒。`,
      nothing: (count) =>
        `一无所获：${count} 个数里没有一个的摘要与之相同。` +
        "不知道盐的人，得给每个数配上 2¹²⁸ 种盐去试。",
    },
  };

  build(stage) {
    this.digits = this.number("digits", 5, 2, 6);
    this.salt = crypto.getRandomValues(new Uint8Array(16));
    this.field = element("input", {
      inputmode: "numeric",
      maxlength: this.digits,
      autocomplete: "off",
      oninput: () => this.publish(),
    });
    this.field.value = "7".padStart(Math.ceil(this.digits / 2), "4").padEnd(this.digits, "1");
    this.salted = element("input", { type: "checkbox", onchange: () => this.publish() });
    this.published = element("code", { class: "figure-digest" });
    this.verdict = element("p", { class: "figure-verdict", "aria-live": "polite" });
    const count = this.numbers.format(10 ** this.digits);
    stage.append(
      labelled(this.words.secret(this.digits), this.field),
      element("label", { class: "figure-check" }, this.salted, element("span", {}, this.words.salted)),
      element(
        "p",
        { class: "figure-result" },
        element("span", { class: "figure-note" }, this.words.published),
        this.published,
      ),
      element(
        "div",
        { class: "figure-controls" },
        button(this.words.search(count), () => this.search()),
      ),
      this.verdict,
    );
    this.publish();
  }

  publish() {
    this.run = undefined;
    const secret = this.field.value.replace(/\D/g, "").padStart(this.digits, "0");
    const data = new TextEncoder().encode(secret);
    this.target = sha256(this.salted.checked ? joined(this.salt, data) : data);
    this.published.textContent = hex(this.target);
    this.say("");
  }

  /** The searcher sees the digest and not the salt. A new secret or a new search ends this one. */
  async search() {
    const run = (this.run = {});
    const start = performance.now();
    const all = 10 ** this.digits;
    for (let number = 0; number < all; number += 1) {
      const text = String(number).padStart(this.digits, "0");
      if (same(sha256(text), this.target)) {
        const seconds = (performance.now() - start) / 1000;
        this.say(this.words.found(text, this.numbers.format(number + 1), seconds.toFixed(2)), "is-bad");
        return;
      }
      if (number % SLICE === SLICE - 1) {
        this.say(this.words.tried(this.numbers.format(number + 1)));
        await new Promise((resume) => setTimeout(resume));
        if (this.run !== run) return;
      }
    }
    this.say(this.words.nothing(this.numbers.format(all)), "is-good");
  }

  say(words, judgement = "") {
    this.verdict.textContent = words;
    this.verdict.className = `figure-verdict ${judgement}`;
  }
}

const same = (first, second) => first.every((byte, index) => byte === second[index]);

customElements.define("cw-small-domain", SmallDomain);
