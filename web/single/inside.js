// What the single file has inside: packed as LZMA streams, each written with letters that hold seven or
// fifteen bits. Unpacked one after the other, with pauses in which the page has its turn.
"use strict";
(() => {
  // These seven are no letters of their own, since HTML, editors or terminals mean something by them; eight
  // bits more go with each of them into one letter from 0xa0 on.
  const REPLACED = [0, 10, 13, 26, 27, 60, 127];
  // As many bytes as are unpacked at a time.
  const PIECE = 1 << 17;
  // The build says it the same way: four bits of the byte before choose how a byte is read.
  const CONTEXT = 4;

  const bytesOf = (text, length) => {
    const bytes = new Uint8Array(length);
    let [at, bits, held] = [0, 0, 0];
    const take = (value, n) => {
      held = ((held << n) | value) & 0xffff;
      bits += n;
      if (bits >= 8) {
        bits -= 8;
        bytes[at++] = held >> bits;
      }
    };
    for (let next = 0; next < text.length; next++) {
      const code = text.charCodeAt(next);
      if (code < 128) take(code, 7);
      else {
        take(REPLACED[(code - 160) >> 8], 7);
        take((code - 160) & 255, 8);
      }
    }
    return bytes;
  };

  // Yes or no after yes or no, each as likely as the stream has shown so far.
  const reader = (input) => {
    let [range, code, next] = [0xffffffff, 0, 1];
    for (; next < 5; next++) code = ((code << 8) | input[next]) >>> 0;
    const more = () => {
      if (range >= 0x1000000) return;
      range = (range << 8) >>> 0;
      code = ((code << 8) | input[next++]) >>> 0;
    };
    const bit = (odds, at) => {
      const it = odds[at];
      const bound = (range >>> 11) * it;
      const is = code < bound ? 0 : 1;
      if (is === 0) {
        range = bound;
        odds[at] = it + ((2048 - it) >> 5);
      } else {
        range -= bound;
        code -= bound;
        odds[at] = it - (it >> 5);
      }
      more();
      return is;
    };
    const even = (n) => {
      let value = 0;
      for (; n > 0; n--) {
        range >>>= 1;
        const is = code < range ? 0 : 1;
        if (is === 1) code -= range;
        value = value * 2 + is;
        more();
      }
      return value;
    };
    const tree = (odds, from, n) => {
      let value = 1;
      for (let left = n; left > 0; left--) value = (value << 1) | bit(odds, from + value);
      return value - (1 << n);
    };
    const backwards = (odds, from, n) => {
      let [value, at] = [0, 1];
      for (let place = 0; place < n; place++) {
        const is = bit(odds, from + at);
        at = (at << 1) | is;
        value |= is << place;
      }
      return value;
    };
    return { bit, even, tree, backwards };
  };

  const odds = (n) => new Uint16Array(n).fill(1024);
  const lengths = () => ({ far: odds(2), low: odds(8), middle: odds(8), high: odds(256) });

  // The parts of LZMA that a stream without place bits has; `told` hears how far it is.
  const unpacked = async (input, length, told) => {
    const { bit, even, tree, backwards } = reader(input);
    const out = new Uint8Array(length);
    const [match, again, first, second, third, short] = [12, 12, 12, 12, 12, 12].map(odds);
    const literals = odds(0x300 << CONTEXT);
    const slots = [64, 64, 64, 64].map(odds);
    const [near, align] = [odds(115), odds(16)];
    const [fresh, repeated] = [lengths(), lengths()];
    let [at, state, stop] = [0, 0, PIECE];
    let [zero, one, two, three] = [0, 0, 0, 0];

    const literal = () => {
      const from = 0x300 * ((at > 0 ? out[at - 1] : 0) >> (8 - CONTEXT));
      let symbol = 1;
      if (state >= 7) {
        let other = out[at - zero - 1];
        do {
          const expected = (other >> 7) & 1;
          other <<= 1;
          const is = bit(literals, from + ((1 + expected) << 8) + symbol);
          symbol = (symbol << 1) | is;
          if (is !== expected) break;
        } while (symbol < 0x100);
      }
      while (symbol < 0x100) symbol = (symbol << 1) | bit(literals, from + symbol);
      out[at++] = symbol & 0xff;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
    };
    const lengthOf = ({ far, low, middle, high }) => {
      if (!bit(far, 0)) return 2 + tree(low, 0, 3);
      return bit(far, 1) ? 18 + tree(high, 0, 8) : 10 + tree(middle, 0, 3);
    };
    const distance = (n) => {
      const slot = tree(slots[Math.min(n - 2, 3)], 0, 6);
      if (slot < 4) return slot;
      const bits = (slot >> 1) - 1;
      const from = (2 | (slot & 1)) << bits;
      if (slot < 14) return from + backwards(near, from - slot, bits);
      return from + even(bits - 4) * 16 + backwards(align, 0, 4);
    };
    // How many bytes to copy; nothing for the one that was copied already.
    const repeat = () => {
      if (!bit(first, state)) {
        if (!bit(short, state)) {
          state = state < 7 ? 9 : 11;
          out[at] = out[at - zero - 1];
          at += 1;
          return 0;
        }
      } else if (!bit(second, state)) [zero, one] = [one, zero];
      else if (!bit(third, state)) [zero, one, two] = [two, zero, one];
      else [zero, one, two, three] = [three, zero, one, two];
      const n = lengthOf(repeated);
      state = state < 7 ? 8 : 11;
      return n;
    };

    while (at < length) {
      if (at >= stop) {
        stop = at + PIECE;
        told(out, at);
        await new Promise((done) => { setTimeout(done); });
      }
      if (!bit(match, state)) {
        literal();
        continue;
      }
      let n;
      if (bit(again, state)) n = repeat();
      else {
        n = lengthOf(fresh);
        state = state < 7 ? 7 : 10;
        [zero, one, two, three] = [distance(n), zero, one, two];
      }
      for (const end = Math.min(length, at + n); at < end; at++) out[at] = out[at - zero - 1];
    }
    told(out, at);
  };

  // Every stream holds some files, one behind the other. A file is there as soon as its last byte is.
  const files = new Map();
  const streams = Array.from(document.querySelectorAll("script[data-packed]"), (element) => {
    let from = 0;
    const parts = element.dataset.packed.split(" ").map((it) => {
      const [name, length] = it.split(":");
      const part = { from, end: from + Number(length) };
      files.set(name, new Promise((there) => { part.there = there; }));
      from = part.end;
      return part;
    });
    return [element, parts, from];
  });
  const all = async () => {
    for (const [element, parts, length] of streams) {
      const bytes = bytesOf(element.textContent, Number(element.dataset.length));
      await unpacked(bytes, length, (out, at) => {
        while (parts.length > 0 && parts[0].end <= at) {
          const { from, end, there } = parts.shift();
          there(out.slice(from, end));
        }
      });
    }
  };
  all();

  // The bytes of a file, once they are there; nothing for one that is not inside.
  self.plimsollInside = (name) => files.get(name);
})();
