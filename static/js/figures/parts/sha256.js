/**
 * SHA-256 (FIPS 180-4) in plain JavaScript.
 *
 * Not `crypto.subtle`: that answers later, and is missing where a class reads over plain http.
 * The figures hash a few bytes at every key press, or a hundred thousand numbers in a row.
 */

const START = Uint32Array.of(
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c,
  0x1f83d9ab, 0x5be0cd19
);

const ROUND = Uint32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
  0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
  0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
  0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
  0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
  0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
);

const encoder = new TextEncoder();

/** The 32 bytes of the digest of a text (as UTF-8) or of bytes. */
export function sha256(data) {
  const bytes = typeof data === "string" ? encoder.encode(data) : data;
  const state = Uint32Array.from(START);
  const words = new Uint32Array(64);
  const padded = pad(bytes);
  for (let offset = 0; offset < padded.byteLength; offset += 64) {
    compress(state, words, padded, offset);
  }
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, index) => digest.setUint32(index * 4, word));
  return new Uint8Array(digest.buffer);
}

/** The digest as 64 lower-case hexadecimal digits. */
export function sha256Hex(data) {
  return hex(sha256(data));
}

export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** One byte array after the other. */
export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** The message, a 1 bit, zeros, and its length in bits as 64 bits: whole blocks of 64 bytes. */
function pad(bytes) {
  const padded = new DataView(new ArrayBuffer(((bytes.length + 8) >> 6) * 64 + 64));
  new Uint8Array(padded.buffer).set(bytes);
  padded.setUint8(bytes.length, 0x80);
  padded.setUint32(padded.byteLength - 8, Math.floor(bytes.length / 0x20000000));
  padded.setUint32(padded.byteLength - 4, bytes.length << 3);
  return padded;
}

function compress(state, words, padded, offset) {
  for (let index = 0; index < 64; index += 1) {
    words[index] =
      index < 16
        ? padded.getUint32(offset + index * 4)
        : words[index - 16] + small0(words[index - 15]) + words[index - 7] + small1(words[index - 2]);
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let index = 0; index < 64; index += 1) {
    const first = (h + big1(e) + ((e & f) ^ (~e & g)) + ROUND[index] + words[index]) | 0;
    const second = (big0(a) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, index) => {
    state[index] += word;
  });
}

const turn = (word, bits) => (word >>> bits) | (word << (32 - bits));
const big0 = (word) => turn(word, 2) ^ turn(word, 13) ^ turn(word, 22);
const big1 = (word) => turn(word, 6) ^ turn(word, 11) ^ turn(word, 25);
const small0 = (word) => turn(word, 7) ^ turn(word, 18) ^ (word >>> 3);
const small1 = (word) => turn(word, 17) ^ turn(word, 19) ^ (word >>> 10);
