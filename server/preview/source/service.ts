// The service: whether it answers, who we are to it, and what it says of the workspace.

import { describe, get, hasToken, Problem, setToken, watch } from "./api";
import { announce, byId, fill, h } from "./dom";
import type { Access, Catalog, Row, Settings } from "./model";
import { choose } from "./contact/actions";
import { refresh } from "./pipeline";
import { state } from "./state";

/** Pauses between attempts to reach the service, in ms; the last one repeats. */
const pauses = [500, 1000, 2000, 3000];

let attempt = 0;
let retry = 0;

export function mountService(): void {
  watch({
    reached(ok) {
      state.reachable.set(ok);
      if (!ok) again();
    },
    refused(problem) {
      state.access.set(null);
      state.refused.set(problem.code === "token_missing" ? "This service asks for a token." : "The service does not know this token.");
    },
  });
  mountSignIn();
  state.reachable.watch((ok) => {
    byId("away").hidden = ok !== false;
    byId("link").dataset.state = ok === null ? "asking" : ok ? "ok" : "away";
    byId("link-text").textContent = ok === null ? "Connecting" : ok ? "Connected" : "No answer";
  });
  state.access.watch((access) => fill(byId("workspace"), access !== null && [
    h("span", {}, access.workspace), h("span.badge.plain", {}, access.role === "write" ? "read and write" : "read only"),
    access.tokens && h("button.quiet", { type: "button", onclick: signOut }, "Sign out")]));
}

/** Asks for all that the page needs; tries again where the service does not answer. */
export async function connect(): Promise<void> {
  window.clearTimeout(retry);
  retry = 0;
  try {
    const access = await get<Access>("/v1/access");
    const [catalog, settings] = await Promise.all([get<Catalog>("/v1/catalog"), get<Settings>("/v1/settings")]);
    attempt = 0;
    state.refused.set("");
    state.catalog.set(catalog.body);
    state.settings.set(settings.body);
    if (state.subject.value === null) await chooseFirst();
    state.access.set(access.body); // from here on the pipeline asks for answers
    refresh();
  } catch (error) {
    if (!(error instanceof Problem && error.status === 401)) again();
  }
}

function again(): void {
  if (retry !== 0 || state.refused.value !== "") return;
  retry = window.setTimeout(() => void connect(), pauses[Math.min(attempt++, pauses.length - 1)]);
}

/** Begins with the first contact that has a name, else with a persona. */
async function chooseFirst(): Promise<void> {
  const { body } = await get<{ contacts: Row[] }>("/v1/contacts?limit=20");
  const first = body.contacts.find((c) => c.name !== "" && c.connection?.startsWith("tel:")) ?? body.contacts[0];
  if (first === undefined) await choose("persona", "amina");
  else await choose("stored", first.uuid);
}

function signOut(): void {
  setToken("");
  state.access.set(null);
  state.subject.set(null);
  state.answer.set(null);
  state.compared.set([]);
  state.comparedAnswers.set(new Map());
  state.entries.set({ template: "", list: [] });
  state.settings.set(null);
  announce("Signed out.");
  state.refused.set("You signed out; the token is forgotten.");
}

/** The dialog that asks for a token. It stays open until one works. */
function mountSignIn(): void {
  const dialog = byId<HTMLDialogElement>("sign-in");
  const input = byId<HTMLInputElement>("token");
  const failure = byId("sign-in-failure");
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  byId<HTMLFormElement>("sign-in-form").addEventListener("submit", (event) => {
    event.preventDefault();
    setToken(input.value.trim());
    state.refused.set("");
    void connect().catch((error: unknown) => { failure.textContent = describe(error); });
  });
  state.refused.watch((why) => {
    failure.textContent = why;
    if (why !== "" && !dialog.open) {
      dialog.showModal();
      input.value = "";
    }
    if (why === "" && dialog.open && hasToken()) dialog.close();
    if (why !== "") input.select();
  });
}
