import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, keymap, placeholder } from "@codemirror/view";
import { state } from "../state";
import { blockAt } from "../template";
import { completion } from "./complete";
import { followNames, highlight, scanned } from "./highlight";
import { explainOnHover } from "./hover";
import { problems, show } from "./problems";
import { theme } from "./theme";
import { followValues } from "./values";

/** The nonce that the page's policy allows style sheets with. */
const nonce = document.querySelector<HTMLLinkElement>("link[rel=stylesheet]")?.nonce ?? "";

/** What every editor of the page has. Tab leaves the editor, so that nobody is caught in it. */
export const common: Extension = [
  EditorView.cspNonce.of(nonce), theme, history(), drawSelection(), EditorView.lineWrapping,
  EditorView.contentAttributes.of({ tabindex: "0" }),
  bracketMatching({ brackets: "()[]{}" }), closeBrackets(),
  keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
];

/** Brackets close by themselves in expressions only: in text they are punctuation. */
const brackets = EditorState.languageData.of((editor, position) => {
  const expression = blockAt(scanned(editor), position)?.expression || editor.sliceDoc(position - 1, position) === "@";
  return [{ closeBrackets: { brackets: expression ? ["(", "[", '"'] : [] } }];
});

/** Makes the editor of the template and ties it to the state. */
export function templateEditor(parent: HTMLElement): EditorView {
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: state.template.value,
      extensions: [
        highlight, common, brackets, completion, explainOnHover, problems,
        placeholder("Write a message. Type @ for a variable, @( for an expression."),
        EditorView.contentAttributes.of({ "aria-label": "Template", "aria-describedby": "editor-help", spellcheck: "true" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) state.template.set(update.state.doc.toString());
          if (update.docChanged || update.selectionSet) {
            const { from, to } = update.state.selection.main;
            if (from !== state.cursor.value.from || to !== state.cursor.value.to) state.cursor.set({ from, to });
          }
        }),
      ],
    }),
  });
  state.template.changed((text) => {
    if (text !== view.state.doc.toString()) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  });
  state.entries.changed(({ template, list }) => show(view, template, list));
  followNames(view);
  followValues();
  return view;
}

/** Selects a place of the template, and goes there. */
export function select(view: EditorView, from: number, to: number): void {
  const end = view.state.doc.length;
  view.dispatch({ selection: { anchor: Math.min(from, end), head: Math.min(to, end) }, scrollIntoView: true });
  view.focus();
}
