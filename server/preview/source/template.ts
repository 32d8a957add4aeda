// Reads templates well enough to colour and complete them. What a template means is the service's to say.

export type Kind = "variable" | "marker" | "name" | "function" | "string" | "number" | "operator" | "bracket" | "keyword" | "escape";

export interface Token {
  from: number;
  to: number;
  kind: Kind;
}

/** A block is a variable or an expression in text; inner is where its expression stands. */
export interface Block {
  from: number;
  to: number;
  expression: boolean;
  closed: boolean;
}

export interface Scanned {
  tokens: Token[];
  blocks: Block[];
}

const pathPattern = /[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*/y;
const innerPattern =
  /(?<string>"(?:[^"\\]|\\.|"")*"?)|(?<number>\d+(?:\.\d+)?)|(?<name>[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)|(?<bracket>[()[\]])|(?<operator><=|>=|!=|=>|[-+*/^&=<>,.])|\s+|./suy;
const keywords = new Set(["true", "false", "null"]);

/** Scans a template; isRoot tells which names are variables. */
export function scan(text: string, isRoot: (name: string) => boolean): Scanned {
  const tokens: Token[] = [];
  const blocks: Block[] = [];
  for (let at = text.indexOf("@"); at >= 0; ) {
    let next = at + 1;
    if (text[next] === "@") {
      tokens.push({ from: at, to: ++next, kind: "escape" });
    } else if (text[next] === "(") {
      const block = expression(text, at, tokens);
      blocks.push(block);
      next = block.to;
    } else {
      pathPattern.lastIndex = next;
      const path = pathPattern.exec(text)?.[0];
      if (path !== undefined && isRoot(path.split(".")[0]!.toLowerCase())) {
        next += path.length;
        tokens.push({ from: at, to: next, kind: "variable" });
        blocks.push({ from: at, to: next, expression: false, closed: true });
      }
    }
    at = text.indexOf("@", next);
  }
  return { tokens, blocks };
}

/** Scans an expression from its @ on; one that is never closed ends with the text. */
function expression(text: string, from: number, tokens: Token[]): Block {
  tokens.push({ from, to: from + 2, kind: "marker" });
  let depth = 1;
  let at = from + 2;
  while (at < text.length) {
    innerPattern.lastIndex = at;
    const match = innerPattern.exec(text);
    if (match === null) break;
    const to = at + match[0].length;
    const kind = kindOf(match, text, to);
    if (match[0] === "(") depth++;
    if (match[0] === ")" && --depth === 0) {
      tokens.push({ from: at, to, kind: "marker" });
      return { from, to, expression: true, closed: true };
    }
    if (kind !== null) tokens.push({ from: at, to, kind });
    at = to;
  }
  return { from, to: text.length, expression: true, closed: false };
}

function kindOf(match: RegExpExecArray, text: string, to: number): Kind | null {
  const groups = match.groups ?? {};
  if (groups.string !== undefined) return "string";
  if (groups.number !== undefined) return "number";
  if (groups.bracket !== undefined) return "bracket";
  if (groups.operator !== undefined) return "operator";
  if (groups.name === undefined) return null;
  if (/^\s*\(/.test(text.slice(to, to + 8))) return "function";
  return keywords.has(groups.name.toLowerCase()) ? "keyword" : "name";
}

/** The block that a position stands in, if any; at the end of a block counts as in it while it is open. */
export function blockAt(scanned: Scanned, position: number): Block | undefined {
  return scanned.blocks.find((b) => b.from < position && (position < b.to || (position === b.to && !b.closed)));
}
