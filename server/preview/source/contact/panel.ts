import type { EditorView } from "@codemirror/view";
import { describe } from "../api";
import { announce, byId, fill, h } from "../dom";
import { jsonEditor, type Members, setText } from "../editor/json";
import { changed, redacts, state, type Subject, title } from "../state";
import { replaceContact, reset, save } from "./actions";
import { showConnections } from "./connections";
import { mountSearch } from "./search";

/** Ties the panel of the chosen contact to the state. */
export function mountContact(): void {
  mountSearch();
  const connections = h("div", {});
  const head = h("div", {});
  const foot = h("div", {});
  byId("contact-body").append(head, connections, foot);
  const json = jsonPanel();
  const draw = () => {
    const subject = state.subject.value;
    if (subject === null) {
      fill(head, emptyContact());
      fill(connections);
      fill(foot);
      json.element.hidden = true;
      json.show(null);
      return;
    }
    fill(head, header(subject));
    showConnections(connections, subject);
    fill(foot, whatIf(subject));
    json.element.hidden = false;
    json.show(subject);
  };
  byId("contact-body").append(json.element);
  for (const signal of [state.subject, state.catalog, state.settings, state.overlay, state.access]) {
    (signal as typeof state.subject).changed(soon(draw));
  }
  let routes = "";
  state.answer.changed((answer) => { // each key brings an answer, and few other routes
    const now = JSON.stringify(answer?.evaluation.preview?.connections);
    if (now === routes) return;
    routes = now;
    soon(draw)();
  });
  draw();
}

/** Draws once for all changes of one moment. */
function soon(draw: () => void): () => void {
  return () => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => {
      waiting = false;
      draw();
    });
  };
}
let waiting = false;

function emptyContact(): HTMLElement {
  return h("p.empty", {}, state.access.value === null ? "Contacts show here once the service answers." : "Choose a contact, or a sample persona.");
}

function header(subject: Subject): HTMLElement[] {
  const { contact } = subject;
  const facts = [
    subject.kind === "persona" ? "Sample persona" : null, contact.language, contact.timezone,
    ...(contact.groups ?? []).map((g) => g.name),
  ].filter((f): f is string => typeof f === "string" && f !== "");
  return [
    h("div.who", {},
      h("span.avatar", { "aria-hidden": "true" }, [...title(subject)][0]?.toUpperCase() ?? "?"),
      h("div", {}, h("p.name", { dir: "auto" }, title(subject)), h("p.facts", {}, facts.join(" · ")))),
  ];
}

function whatIf(subject: Subject): HTMLElement | null {
  if (!changed(subject)) return null;
  const mayWrite = state.access.value?.role === "write" && subject.kind === "stored";
  return h("div.whatif", { role: "group", "aria-label": "What if" },
    h("p", {}, h("strong", {}, "What if."), " The contact is changed in this page only.",
      !mayWrite && subject.kind === "stored" && " Your token may read, and not save."),
    h("div.form-row", {},
      mayWrite && h("button.primary", { type: "button", "data-key": "save", onclick: () => void save() }, "Save to the contact"),
      h("button.quiet", { type: "button", "data-key": "reset", onclick: reset }, "Undo all")),
  );
}

const members: Members = (path) => {
  if (path.length === 0) {
    return [
      ["name", "The whole name.", '""'], ["language", "ISO 639-3, such as eng.", '"eng"'], ["status", "active, blocked, stopped or archived.", '"active"'],
      ["timezone", "IANA name, such as Africa/Kigali.", '""'], ["urns", "Connections, highest priority first.", "[]"], ["groups", "Groups, each with uuid and name.", "[]"],
      ["fields", "Custom fields by key.", "{}"], ["created_on", "When the contact was created.", '""'], ["last_seen_on", "When it was last heard from.", "null"],
    ].map(([name, doc, value]) => ({ name: name!, doc: doc!, value: value! }));
  }
  if (path[0] === "fields") return (state.settings.value?.fields ?? []).map((f) => ({ name: f.key, doc: `${f.name}, of type ${f.type}.`, value: f.type === "number" ? "0" : '""' }));
  return [];
};

function written(subject: Subject): string {
  const { urns, connections, ...rest } = subject.contact;
  return JSON.stringify(redacts() ? rest : { ...rest, urns, ...(connections && { connections }) }, null, 2);
}

/** The contact as JSON, to be edited. Where URNs are hidden they are left out, and stay as they are. */
function jsonPanel(): { element: HTMLElement; show: (subject: Subject | null) => void } {
  const place = h("div", {});
  const note = h("p.note", { role: "status" });
  let view: EditorView | null = null;
  let shown = "";
  const apply = async () => {
    if (view === null) return;
    try {
      const given = JSON.parse(view.state.doc.toString()) as Record<string, unknown>;
      const subject = state.subject.value;
      const hidden = redacts() && subject !== null ? { urns: subject.contact.urns, connections: subject.contact.connections } : {};
      await replaceContact({ ...given, ...hidden });
      note.textContent = "";
      announce("The preview uses this contact now, in this page only.");
    } catch (error) {
      note.textContent = error instanceof SyntaxError ? `This is not JSON: ${error.message}.` : describe(error);
    }
  };
  const button = h("button.primary", { type: "button", disabled: true, onclick: () => void apply() }, "Use this contact");
  const element = h("details.json-panel", {
    ontoggle: () => {
      if (!element.open || view !== null) return;
      view = jsonEditor(place, "Contact as JSON", shown, members, (text) => { button.disabled = text === shown; });
    },
  }, h("summary", {}, "Contact as JSON"), place, note, button);
  return {
    element,
    show(subject) {
      const text = subject === null ? "" : written(subject);
      if (text === shown) return;
      shown = text;
      button.disabled = true;
      if (view !== null) setText(view, text);
    },
  };
}
