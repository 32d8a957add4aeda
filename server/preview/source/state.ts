// All that the page knows, in one place. Panels watch signals and call the actions of the files beside this one.

import type { Access, Catalog, Contact, Entry, Evaluation, Findings, Overlay, Settings } from "./model";
import { Signal } from "./signal";
import { same } from "./text";

/** Who a template is evaluated for: a stored contact or a persona, perhaps changed in this page. */
export interface Subject {
  kind: "stored" | "persona";
  /** UUID of a contact, name of a persona. */
  id: string;
  /** As it is in the service, or as the persona comes. */
  stored: Contact;
  /** As the page has it. */
  contact: Contact;
  etag: string;
}

export const changed = (subject: Subject) => !same(subject.stored, subject.contact);

/** A result with all that it is a result of. */
export interface Answer {
  template: string;
  subject: Subject | null;
  evaluation: Evaluation;
}

/** A dry run: on its way, or what became of it. */
export interface Survey {
  phase: "running" | "done" | "cancelled" | "failed";
  /** The name of the group; empty for all contacts. */
  group: string;
  /** What it was a run of. */
  about: string;
  contacts: number;
  elapsed: number;
  /** Why it failed. */
  why: string;
  findings?: Findings;
}

export const state = {
  template: new Signal(""),
  subject: new Signal<Subject | null>(null),
  /** Others whose message is shown beside. */
  compared: new Signal<Subject[]>([]),
  overlay: new Signal<Overlay>({}),
  /** The session context: as it is written, and read; null while it cannot be read. */
  contextText: new Signal("{}"),
  context: new Signal<Record<string, unknown> | null>({}),

  access: new Signal<Access | null>(null),
  settings: new Signal<Settings | null>(null),
  catalog: new Signal<Catalog>({ variables: [], functions: [] }),

  answer: new Signal<Answer | null>(null),
  comparedAnswers: new Signal<Map<string, Evaluation | string>>(new Map()),
  survey: new Signal<Survey | null>(null),
  /** What check and the evaluation say of the template. */
  entries: new Signal<{ template: string; list: Entry[] }>({ template: "", list: [] }),
  /** Why there is no answer to the template as it is, or empty. */
  failure: new Signal(""),
  /** Whether the service answers; null before it was asked. */
  reachable: new Signal<boolean | null>(null),
  /** Why the service wants a token, or empty. */
  refused: new Signal(""),
  /** Where the cursor of the editor is: the selected place, as string positions. */
  cursor: new Signal<{ from: number; to: number }>({ from: 0, to: 0 }),
};

/** Whether URNs are to be hidden, here as in messages. */
export function redacts(): boolean {
  return state.settings.value?.redact_urns === true || state.overlay.value.redact_urns === true;
}

/** What is sent as the contact of an evaluation. */
export function reference(subject: Subject): unknown {
  return subject.kind === "stored" && !changed(subject) ? { uuid: subject.id } : subject.contact;
}

/** The parts of a request that settings and context make. */
export function circumstances(): { settings?: Overlay; context?: Record<string, unknown> } {
  const settings = state.overlay.value;
  const context = state.context.value;
  return {
    ...(Object.keys(settings).length > 0 && { settings }),
    ...(context !== null && Object.keys(context).length > 0 && { context }),
  };
}

/** How a subject is called. */
export function title(subject: Subject): string {
  const { name, urns } = subject.contact;
  if (name) return name;
  const first = urns[0];
  if (first === undefined) return "Without name";
  return redacts() ? "Without name" : first.slice(first.indexOf(":") + 1);
}

/** Names that begin a variable: those of the catalog and of the context. */
export function roots(): Set<string> {
  const names = new Set(state.catalog.value.variables.map((v) => v.name.split(".")[0]!.toLowerCase()));
  for (const name of Object.keys(state.context.value ?? {})) names.add(name.toLowerCase());
  return names;
}
