import { type Extension } from "@codemirror/state";
import { type EditorView, hoverTooltip, type Tooltip } from "@codemirror/view";
import { h } from "../dom";
import type { Explanation } from "../model";
import { mask, Offsets } from "../text";
import { redacts, state } from "../state";
import { functionInfo, sentence, typeName } from "./complete";

/** Tells of the variable, the expression or the function under the pointer: value, type and reason. */
function hover(view: EditorView, position: number): Tooltip | null {
  const answer = state.answer.value;
  const text = view.state.doc.toString();
  const named = functionAt(text, position);
  if (named !== null) return tip(named.from, named.to, named.content);
  if (answer === null || answer.template !== text) return null;
  const offsets = new Offsets(text);
  const found = innermost(answer.evaluation.explain, (e) => offsets.position(e.start) <= position && position < offsets.position(e.end));
  if (found === null) return null;
  return tip(offsets.position(found.start), offsets.position(found.end), explanationInfo(found));
}

function tip(from: number, to: number, content: HTMLElement): Tooltip {
  return { pos: from, end: to, above: true, create: () => ({ dom: h("div.hover", {}, content) }) };
}

function functionAt(text: string, position: number): { from: number; to: number; content: HTMLElement } | null {
  for (const match of text.matchAll(/[A-Za-z_][A-Za-z0-9_]*(?=\s*\()/g)) {
    const from = match.index;
    const to = from + match[0].length;
    if (position < from || position >= to) continue;
    const f = state.catalog.value.functions.find((f) => f.name === match[0].toLowerCase());
    return f === undefined || text[from - 1] === "@" ? null : { from, to, content: functionInfo(f) };
  }
  return null;
}

/** The smallest explanation that stands at a place. */
export function innermost(list: Explanation[], here: (e: Explanation) => boolean): Explanation | null {
  for (const e of list) if (here(e)) return innermost(e.variables ?? [], here) ?? e;
  return null;
}

export function explanationInfo(e: Explanation): HTMLElement {
  return h("div.info", {},
    h("p.info-name", {}, h("code", {}, e.expression), h("span.type", {}, typeName(e))),
    e.type !== "error" && h("p.info-value", { dir: "auto" }, e.value === "" ? "empty" : e.value),
    e.reason && h("p.info-reason", {}, sentence(e.reason)),
    e.candidates && e.candidates.length > 1 && h("p", {}, `Candidates: ${e.candidates.map((c) => (redacts() ? mask(c.urn) : c.urn)).join(", ")}.`),
  );
}

export const explainOnHover: Extension = hoverTooltip(hover, { hoverTime: 250 });
