// What can be done to the chosen contact. The rules of connections are the service's: it is asked what would be.

import { call, describe, get, post, Problem } from "../api";
import { announce } from "../dom";
import type { Changed, Contact } from "../model";
import { changed, state, type Subject } from "../state";
import { personaSubject } from "./personas";

export async function load(uuid: string): Promise<Subject> {
  const { body, etag } = await get<Contact>(`/v1/contacts/${uuid}`);
  return { kind: "stored", id: uuid, stored: body, contact: structuredClone(body), etag };
}

/** Chooses a stored contact, or a persona by its name. */
export async function choose(kind: Subject["kind"], id: string): Promise<void> {
  if (kind === "persona") {
    state.subject.set(personaSubject(id));
    return;
  }
  try {
    state.subject.set(await load(id));
  } catch (error) {
    announce(describe(error));
  }
}

export type Change =
  | { add: { type: string; value: string } }
  | { edit: { urn: string; to: string } }
  | { remove: { urn: string } }
  | { promote: { urn: string; to?: number } }
  | { interact: { urn: string } };

/** Changes the contact in this page; gives what was done, or throws why not. */
export async function change(what: Change): Promise<string> {
  const subject = state.subject.value;
  if (subject === null) return "";
  const { body } = await post<Changed>("/v1/whatif", { contact: subject.contact, change: what });
  if (state.subject.value === subject && body.changed) state.subject.set({ ...subject, contact: body.contact });
  return body.reason;
}

/** Takes over a contact that was written as JSON, as the service would store it. */
export async function replaceContact(contact: unknown): Promise<void> {
  const subject = state.subject.value;
  if (subject === null) return;
  const given = typeof contact === "object" && contact !== null ? { ...contact, uuid: subject.stored.uuid } : contact;
  const { body } = await post<Changed>("/v1/whatif", { contact: given });
  state.subject.set({ ...subject, contact: body.contact });
}

/** Forgets what was changed in this page. */
export function reset(): void {
  const subject = state.subject.value;
  if (subject !== null) state.subject.set({ ...subject, contact: structuredClone(subject.stored) });
}

/** Stores the contact as the page has it, unless somebody else changed it meanwhile. */
export async function save(): Promise<void> {
  const subject = state.subject.value;
  if (subject === null || subject.kind !== "stored") return;
  try {
    const { body, etag } = await call<Contact>("PUT", `/v1/contacts/${subject.id}`, subject.contact, { headers: { "If-Match": subject.etag } });
    state.subject.set({ ...subject, stored: body, contact: structuredClone(body), etag });
    announce("Saved.");
  } catch (error) {
    if (error instanceof Problem && error.status === 412) {
      const latest = await load(subject.id);
      state.subject.set({ ...latest, contact: subject.contact });
      announce("Somebody changed this contact meanwhile. Look at your changes again, then save.");
      return;
    }
    announce(describe(error));
  }
}

/** How often the page looks whether a contact was changed elsewhere, in ms. */
const lookAgain = 3000;

/** Follows the stored contact while the page is seen. Changes of this page stay on top of what is stored. */
export function followStored(): void {
  window.setInterval(() => {
    const subject = state.subject.value;
    if (document.hidden || subject === null || subject.kind !== "stored" || state.access.value === null || state.reachable.value === false) return;
    void look(subject);
  }, lookAgain);
}

async function look(subject: Subject): Promise<void> {
  try {
    const { body, etag, status } = await get<Contact>(`/v1/contacts/${subject.id}`, { headers: { "If-None-Match": subject.etag } });
    if (status === 304 || state.subject.value !== subject) return;
    const contact = changed(subject) ? subject.contact : structuredClone(body);
    state.subject.set({ ...subject, stored: body, contact, etag });
  } catch {
    // The banner says that the service is away; a contact that is gone shows at the next evaluation.
  }
}
