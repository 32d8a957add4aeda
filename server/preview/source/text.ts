/** Translates the byte offsets of the API, which count UTF-8, into positions of JavaScript strings. */
export class Offsets {
  private readonly positions: Uint32Array | null;

  constructor(private readonly text: string) {
    this.positions = plain(text) ? null : positionsOf(text);
  }

  /** Gives the position of a byte; the end for one that is beyond it. */
  position(byte: number): number {
    if (this.positions === null) return Math.min(byte, this.text.length);
    return this.positions[Math.min(byte, this.positions.length - 1)] ?? this.text.length;
  }

  slice(start: number, end: number): string {
    return this.text.slice(this.position(start), this.position(end));
  }
}

function plain(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

function positionsOf(text: string): Uint32Array {
  const positions: number[] = [];
  let at = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (let i = 0; i < bytes; i++) positions.push(at);
    at += character.length;
  }
  positions.push(at);
  return Uint32Array.from(positions);
}

/** A URN with its path hidden. */
export function mask(urn: string): string {
  return urn.slice(0, urn.indexOf(":") + 1) + "********";
}

export const plural = (n: number, noun: string) => `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;

/** Whether two values are the same JSON, members in any order. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a);
  return left.length === Object.keys(b).length && left.every(([key, value]) => key in b && same(value, (b as Record<string, unknown>)[key]));
}
