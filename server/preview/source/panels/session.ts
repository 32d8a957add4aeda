import { byId, h } from "../dom";
import { jsonEditor, type Members, setText } from "../editor/json";
import { state } from "../state";

/** The members of what a session has, by the path of the object they stand in; * is any name. */
const known: Record<string, Record<string, [doc: string, value: string]>> = {
  "results.*": { value: ["What the result is.", '""'], category: ["The category it fell into.", '""'], input: ["What the contact wrote.", '""'], name: ["How the result is called.", '""'], node_uuid: ["Where it was made.", '""'], created_on: ["When it was made.", '"2026-11-24T12:00:00Z"'] },
  input: { text: ["What the contact wrote.", '""'], urn: ["The connection it came from.", '""'], attachments: ["Addresses of files.", "[]"], channel: ["The channel it came through.", "{}"], created_on: ["When it came.", '"2026-11-24T12:00:00Z"'], type: ["The type of input, such as msg.", '"msg"'], uuid: ["The message's UUID.", '""'], external_id: ["The id of the channel.", '""'] },
  "input.channel": { name: ["Its name.", '""'], address: ["Its address.", '""'], uuid: ["Its UUID.", '""'] },
  run: { uuid: ["The run's UUID.", '""'], status: ["active, waiting, completed, …", '"active"'], flow: ["The flow.", "{}"], contact: ["The contact.", "{}"], results: ["Its results.", "{}"], path: ["The nodes that were passed.", "[]"], created_on: ["When it began.", '""'], exited_on: ["When it ended.", "null"] },
  parent: { uuid: ["The run's UUID.", '""'], status: ["How it stands.", '"waiting"'], flow: ["The flow.", "{}"], contact: ["The contact.", "{}"], results: ["Its results.", "{}"], fields: ["The contact's fields.", "{}"], urns: ["The contact's connections.", "{}"] },
  child: { uuid: ["The run's UUID.", '""'], status: ["How it stands.", '"completed"'], flow: ["The flow.", "{}"], contact: ["The contact.", "{}"], results: ["Its results.", "{}"], fields: ["The contact's fields.", "{}"], urns: ["The contact's connections.", "{}"] },
  "*.flow": { name: ["Its name.", '""'], uuid: ["Its UUID.", '""'], revision: ["Its revision.", "1"] },
  trigger: { type: ["What kind of trigger.", '"manual"'], params: ["What it was given.", "{}"], keyword: ["The keyword.", '""'], user: ["Who started it.", "{}"], origin: ["Where it was started.", '"ui"'], campaign: ["The campaign.", "{}"], ticket: ["The ticket.", "{}"], optin: ["The opt-in.", "{}"] },
  resume: { type: ["How the run was resumed.", '"msg"'], dial: ["For a call: status and duration.", "{}"] },
  webhook: { status: ["The HTTP status.", "200"], headers: ["The headers of the answer.", "{}"], json: ["The answer.", "{}"] },
  ticket: { uuid: ["The ticket's UUID.", '""'], topic: ["Its topic.", "{}"], assignee: ["Who has it.", "{}"] },
  node: { uuid: ["The node's UUID.", '""'], visit_count: ["How often it was visited.", "1"], categories: ["Its categories.", "[]"] },
};

/** Names come from the catalog for the roots, and from the table above below them. */
const members: Members = (path) => {
  if (path.length === 0) {
    return state.catalog.value.variables
      .filter((v) => !v.name.includes(".") && !["contact", "fields", "urns"].includes(v.name))
      .map((v) => ({ name: v.name, doc: v.doc, value: "{}" }));
  }
  if (path.length === 1 && path[0] === "results") return [{ name: "name", doc: "A result; name it as the flow does.", value: '{"value": "", "category": ""}' }];
  if (path[0] === "globals") return (state.settings.value?.globals ?? []).map((g) => ({ name: g.key, doc: g.name, value: JSON.stringify(g.value) }));
  const found = known[path.join(".")] ?? known[[path[0], "*"].join(".")] ?? known[["*", path.at(-1)].join(".")] ?? {};
  return Object.entries(found).map(([name, [doc, value]]) => ({ name, doc, value }));
};

const example = { results: { color: { value: "blue", category: "Blue" } }, input: { text: "Blue, please", urn: "tel:+12025550101" } };

/** The session context as JSON. */
export function mountSession(): void {
  const note = h("p.note", { role: "status" });
  const place = h("div", {});
  const changed = (text: string) => {
    state.contextText.set(text);
    try {
      const value: unknown = text.trim() === "" ? {} : JSON.parse(text);
      const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
      note.textContent = isObject ? "" : "Want an object with a member for each root, such as results.";
      state.context.set(isObject ? (value as Record<string, unknown>) : null);
    } catch (error) {
      note.textContent = `This is not JSON yet: ${(error as Error).message}.`;
    }
  };
  byId("session").append(
    h("p.note", {}, "What the flow would know besides the contact: ", h("code", {}, "results"), ", ", h("code", {}, "input"), ", ", h("code", {}, "run"), " and others, or names of your own. It stays in this page."),
    place, note,
    h("button.quiet", { type: "button", onclick: () => setText(view, JSON.stringify(example, null, 2)) }, "Fill in an example"),
  );
  const view = jsonEditor(place, "Session context as JSON", state.contextText.value, members, changed);
}
