import { type Diagnostic, forEachDiagnostic, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { type Command, EditorView, keymap } from "@codemirror/view";
import { type Extension } from "@codemirror/state";
import type { Entry } from "../model";
import { Offsets } from "../text";
import { announce } from "../dom";

/** Shows entries as squiggles with message, hint and fix. */
export function show(view: EditorView, template: string, entries: Entry[]): void {
  if (view.state.doc.toString() !== template) return; // of an older text; newer ones follow
  const offsets = new Offsets(template);
  view.dispatch(setDiagnostics(view.state, entries.map((e) => diagnostic(e, offsets))));
}

function diagnostic(e: Entry, offsets: Offsets): Diagnostic {
  return {
    from: offsets.position(e.start),
    to: offsets.position(e.end),
    severity: e.severity,
    message: e.hint === undefined ? e.message : `${e.message}\n${e.hint}`,
    source: e.code,
    actions: e.fix === undefined ? [] : [{ name: fixName(e), apply: (view) => applyFix(view, e) }],
  };
}

/** What a fix is called. */
export function fixName(e: Entry): string {
  const replacement = e.fix?.replacement ?? "";
  return replacement === "" ? "Remove it" : `Write ${replacement.length > 40 ? replacement.slice(0, 39) + "…" : replacement}`;
}

/** Makes an edit of the template as the service offers it. */
export function applyFix(view: EditorView, e: Entry): void {
  if (e.fix === undefined) return;
  const offsets = new Offsets(view.state.doc.toString());
  const from = offsets.position(e.fix.start);
  view.dispatch({
    changes: { from, to: offsets.position(e.fix.end), insert: e.fix.replacement },
    selection: { anchor: from + e.fix.replacement.length },
    userEvent: "input.fix",
    scrollIntoView: true,
  });
  view.focus();
  announce("Fixed.");
}

/** Applies the fix at the cursor, else the first one behind it. */
const fixHere: Command = (view) => {
  const at = view.state.selection.main.head;
  const fixable: Diagnostic[] = [];
  forEachDiagnostic(view.state, (d, from, to) => {
    if ((d.actions?.length ?? 0) > 0) fixable.push({ ...d, from, to });
  });
  const chosen = fixable.find((d) => d.from <= at && at <= d.to) ?? fixable.find((d) => d.from >= at) ?? fixable[0];
  chosen?.actions?.[0]?.apply(view, chosen.from, chosen.to);
  return true;
};

export const problems: Extension = keymap.of([{ key: "Mod-.", run: fixHere }, ...lintKeymap]);
