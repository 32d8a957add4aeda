import { type Extension, RangeSetBuilder, StateEffect, StateField, type EditorState } from "@codemirror/state";
import { Decoration, type DecorationSet, Direction, EditorView } from "@codemirror/view";
import { scan, type Scanned } from "../template";
import { roots, state } from "../state";

/** Tells the editor that the names it knows have changed. */
const renamed = StateEffect.define<null>();

const scanField = StateField.define<{ scanned: Scanned; marks: DecorationSet; isolates: DecorationSet }>({
  create: (editor) => read(editor),
  update: (value, transaction) =>
    transaction.docChanged || transaction.effects.some((e) => e.is(renamed)) ? read(transaction.state) : value,
  provide: (field) => [
    EditorView.decorations.from(field, (value) => value.marks),
    EditorView.bidiIsolatedRanges.of((view) => view.state.field(field).isolates),
  ],
});

/** What the template scans to. */
export const scanned = (editor: EditorState): Scanned => editor.field(scanField).scanned;

function read(editor: EditorState) {
  const known = roots();
  const result = scan(editor.doc.toString(), (name) => known.has(name));
  return { scanned: result, marks: marksOf(result), isolates: isolatesOf(result) };
}

const direction = Decoration.line({ attributes: { dir: "auto" } });

function marksOf({ tokens, blocks }: Scanned): DecorationSet {
  const marks = [
    ...blocks.filter((b) => b.expression).map((b) => Decoration.mark({ class: "tok-expression", inclusive: false }).range(b.from, b.to)),
    ...tokens.map((t) => Decoration.mark({ class: `tok-${t.kind}` }).range(t.from, t.to)),
  ];
  return Decoration.set(marks, true);
}

/** Blocks read from left to right, also in a line that runs the other way. */
function isolatesOf({ blocks }: Scanned): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const b of blocks) if (b.to > b.from) builder.add(b.from, b.to, isolate);
  return builder.finish();
}
const isolate = Decoration.mark({ bidiIsolate: Direction.LTR, attributes: { dir: "ltr", class: "isolate" } });

/** Each line takes its direction from what it says. */
const lineDirections = EditorView.decorations.compute(["doc"], (editor) => {
  const builder = new RangeSetBuilder<Decoration>();
  for (let n = 1; n <= editor.doc.lines; n++) {
    const { from } = editor.doc.line(n);
    builder.add(from, from, direction);
  }
  return builder.finish();
});

const isolation = EditorView.decorations.compute([scanField], (editor) => editor.field(scanField).isolates);

export const highlight: Extension = [scanField, lineDirections, isolation, EditorView.perLineTextDirection.of(true)];

/** Colours the template again whenever the names change that begin a variable. */
export function followNames(view: EditorView): void {
  const again = () => view.dispatch({ effects: renamed.of(null) });
  state.catalog.changed(again);
  state.context.changed(again);
}
