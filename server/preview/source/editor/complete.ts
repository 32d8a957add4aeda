import { autocompletion, type Completion, type CompletionContext, type CompletionResult, snippetCompletion } from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import { h } from "../dom";
import type { CatalogFunction, CatalogVariable, Explanation } from "../model";
import { state } from "../state";
import { blockAt } from "../template";
import { scanned } from "./highlight";
import { contextNames, values } from "./values";

/** Completes variables behind an @, and variables and functions inside of an expression. */
async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const inside = blockAt(scanned(context.state), context.pos)?.expression === true;
  const word = context.matchBefore(inside ? /[A-Za-z][\w.]*/ : /@[\w.]*/);
  if (word === null && !(inside && context.explicit)) return null;
  if (inside && inText(context)) return null;
  const from = word === null ? context.pos : inside ? word.from : word.from + 1;
  const known = await values();
  if (context.aborted || context.view?.hasFocus === false) return null;
  const options = inside
    ? [...variables(known, 1), ...state.catalog.value.functions.map((f) => functionInside(f))]
    : [...variables(known, 1), expressionOption, ...state.catalog.value.functions.map((f) => functionInText(f))];
  return { from, options, validFor: /^[\w.]*$/ };
}

/** Whether the cursor stands in a quoted text of an expression. */
function inText(context: CompletionContext): boolean {
  return scanned(context.state).tokens.some((t) => t.kind === "string" && t.from < context.pos && context.pos < t.to);
}

function variables(known: Map<string, Explanation>, boost: number): Completion[] {
  const documented = state.catalog.value.variables.filter((v) => !/[A-Z]/.test(v.name));
  const names = new Set(documented.map((v) => v.name));
  const given = contextNames().filter((name) => !names.has(name));
  return [
    ...documented.map((v) => variable(v, known.get(v.name), boost)),
    ...given.map((name) => variable({ name, type: known.get(name.toLowerCase())?.type ?? "", doc: "Given by the session context." }, known.get(name.toLowerCase()), boost + 1)),
  ];
}

function variable(v: CatalogVariable, explanation: Explanation | undefined, boost: number): Completion {
  const depth = v.name.split(".").length;
  return {
    label: v.name,
    type: "variable",
    detail: explanation === undefined ? v.type : summary(explanation),
    boost: (v.deprecated ? -50 : 0) + boost * 10 - depth + (explanation === undefined || explanation.value === "" || isPlainObject(explanation) ? 0 : 5),
    info: () => variableInfo(v, explanation),
  };
}

/** Whether a value is an object that has no text of its own: seldom what an author wants in a message. */
const isPlainObject = (e: Explanation) => e.type === "object" && e.value.startsWith("{");

/** The type of a value, as people call it. */
export const typeName = (e: Explanation) => (e.type === "nil" ? "null" : e.type);

/** A value in a few characters. */
function summary(e: Explanation): string {
  if (e.type === "error" || isPlainObject(e)) return e.type;
  const text = e.value.replace(/\s+/g, " ");
  if (text === "") return "empty";
  return text.length > 28 ? text.slice(0, 27) + "…" : text;
}

export function variableInfo(v: CatalogVariable, explanation?: Explanation): HTMLElement {
  return h("div.info", {},
    h("p.info-name", {}, h("code", {}, v.name), h("span.type", {}, explanation === undefined ? v.type : typeName(explanation))),
    explanation !== undefined && h("p.info-value", { dir: "auto" }, explanation.value === "" ? "empty" : explanation.value),
    explanation?.reason && h("p.info-reason", {}, sentence(explanation.reason)),
    h("p", {}, v.doc),
    v.channel_types !== undefined && v.channel_types.length > 0 && h("p", {}, `Channel types: ${v.channel_types.join(", ")}.`),
    v.deprecated !== undefined && h("p.info-warning", {}, v.deprecated),
  );
}

export function functionInfo(f: CatalogFunction): HTMLElement {
  return h("div.info", {},
    h("p.info-name", {}, h("code", {}, f.signature), h("span.type", {}, f.result)),
    h("p", {}, f.doc),
    f.examples.length > 0 && h("ul.examples", {}, f.examples.slice(0, 3).map((e) =>
      h("li", {}, h("code", {}, e.expression), " → ", e.error === undefined ? h("code", {}, e.result === "" ? "empty" : e.result) : h("em", {}, e.error)))),
  );
}

export const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");

function functionInside(f: CatalogFunction): Completion {
  return snippetCompletion(f.params.length === 0 ? `${f.name}()` : `${f.name}(\${})`, {
    label: f.name, type: "function", detail: f.signature.slice(f.name.length), info: () => functionInfo(f),
  });
}

function functionInText(f: CatalogFunction): Completion {
  return snippetCompletion(f.params.length === 0 ? `(${f.name}())` : `(${f.name}(\${}))`, {
    label: f.name, displayLabel: `(${f.name})`, type: "function", detail: f.signature.slice(f.name.length), boost: -20, info: () => functionInfo(f),
  });
}

const expressionOption: Completion = snippetCompletion("(${})", {
  label: "(", displayLabel: "( )", type: "keyword", detail: "an expression", boost: -10, info: "Functions, operators and variables, as in @(upper(contact.name)).",
});

export const completion: Extension = autocompletion({ override: [complete], icons: false, activateOnTyping: true, maxRenderedOptions: 60 });
