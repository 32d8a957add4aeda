import { autocompletion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { RangeSetBuilder } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { common } from "./editor";

/** Members that may stand at a path of the JSON, with what they are. */
export type Members = (path: string[]) => { name: string; doc: string; value?: string }[];

const pattern = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b|([{}[\],:])/g;

const colours = ViewPlugin.fromClass(class {
  decorations: DecorationSet;
  constructor(view: EditorView) {
    this.decorations = colour(view);
  }
  update(update: ViewUpdate) {
    if (update.docChanged) this.decorations = colour(update.view);
  }
}, { decorations: (plugin) => plugin.decorations });

function colour(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const match of view.state.doc.toString().matchAll(pattern)) {
    const [, text, colon, number, keyword] = match;
    const kind = text !== undefined ? (colon !== undefined ? "property" : "string") : number !== undefined ? "number" : keyword !== undefined ? "keyword" : "punctuation";
    builder.add(match.index, match.index + (text ?? match[0]).length, Decoration.mark({ class: `tok-${kind}` }));
  }
  return builder.finish();
}

/** The names of the objects around a position. */
function pathAt(text: string): { path: string[]; key: boolean } {
  const stack: { name: string | null; array: boolean }[] = [];
  let last: string | null = null;
  let pending: string | null = null;
  let key = false;
  for (const match of text.matchAll(pattern)) {
    const [all, quoted, colon] = match;
    if (quoted !== undefined) {
      last = quoted.slice(1, -1);
      if (colon !== undefined) { pending = last; key = false; }
    } else if (all === "{" || all === "[") {
      stack.push({ name: pending, array: all === "[" });
      pending = null;
      key = all === "{";
    } else if (all === "}" || all === "]") {
      stack.pop();
    } else if (all === ",") {
      pending = null;
      key = stack.at(-1)?.array === false;
    }
  }
  return { path: stack.slice(1).map((s) => s.name ?? "*"), key: key && stack.length > 0 };
}

function completer(members: Members) {
  return (context: CompletionContext): CompletionResult | null => {
    const word = context.matchBefore(/"?[\w]*/);
    if (word === null || (word.from === word.to && !context.explicit)) return null;
    const { path, key } = pathAt(context.state.sliceDoc(0, word.from));
    if (!key) return null;
    const closing = context.state.sliceDoc(context.pos, context.pos + 1) === '"' ? 1 : 0;
    return {
      from: word.from,
      options: members(path).map((m) => ({
        label: `"${m.name}"`, displayLabel: m.name, type: "property", info: m.doc,
        apply: (view, _, from, to) => {
          const insert = `"${m.name}": ${m.value ?? '""'}`;
          view.dispatch({ changes: { from, to: to + closing, insert }, selection: { anchor: from + insert.length - 1 }, userEvent: "input.complete" });
        },
      })),
      validFor: /^"?\w*$/,
    };
  };
}

/** Makes an editor of JSON; changed is called with each new text. */
export function jsonEditor(parent: HTMLElement, label: string, text: string, members: Members, changed: (text: string) => void): EditorView {
  return new EditorView({
    parent,
    doc: text,
    extensions: [
      common, colours, autocompletion({ override: [completer(members)], icons: false }),
      EditorView.contentAttributes.of({ "aria-label": label }),
      EditorView.editorAttributes.of({ class: "json" }),
      EditorView.updateListener.of((update) => { if (update.docChanged) changed(update.state.doc.toString()); }),
    ],
  });
}

/** Replaces the whole text. */
export function setText(view: EditorView, text: string): void {
  if (text !== view.state.doc.toString()) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
}
