import { describe } from "../api";
import { announce, fill, h, icon } from "../dom";
import { changed, redacts, state, type Subject } from "../state";
import { mask } from "../text";
import { change, type Change } from "./actions";

/** The connection that is being edited, by its URN. */
let editing = "";

interface ConnectionType {
  scheme: string;
  title: string;
  channels: string[];
}

/** The types of connection, which the catalog tells with the variables urns.SCHEME. */
function types(): ConnectionType[] {
  return state.catalog.value.variables
    .filter((v) => v.name.startsWith("urns.") && v.connection_type !== undefined)
    .map((v) => ({ scheme: v.name.slice(5), title: v.connection_type!, channels: v.channel_types ?? [] }));
}

/** Shows the connections of the chosen contact, in order, with what can be done to each. */
export function showConnections(parent: HTMLElement, subject: Subject): void {
  const { urns } = subject.contact;
  fill(parent,
    urns.length === 0
      ? h("p.empty", {}, "This contact has no connections. Messages cannot reach it.")
      : h("ol.connections", { "aria-label": "Connections, highest priority first" }, urns.map((urn, i) => connection(subject, urn, i))),
    addForm(),
  );
}

function connection(subject: Subject, urn: string, index: number): HTMLElement {
  const scheme = urn.slice(0, urn.indexOf(":"));
  const type = types().find((t) => t.scheme === scheme);
  const shown = redacts() ? mask(urn) : display(urn);
  const used = subject.contact.connections?.find((c) => c.urn === urn);
  if (editing === urn) return editForm(urn, shown);
  return h("li", { "data-urn": redacts() ? scheme : urn },
    h("span.place", { "aria-hidden": "true" }, index + 1),
    h("div.connection-head", {}, h("span.connection-urn", {}, shown), index === 0 && h("span.badge", {}, "Prioritized")),
    h("span.connection-type", {}, type?.title ?? scheme),
    h("dl.connection-facts", {},
      h("dt", {}, "Channel"), h("dd", {}, route(urn, index)),
      h("dt", {}, "Types"), h("dd", {}, type === undefined || type.channels.length === 0 ? "any" : type.channels.join(", ")),
      h("dt", {}, "Last used"), h("dd", {}, lastUse(used)),
    ),
    h("div.actions", {},
      action("up", `Move ${shown} up`, `up ${place(urn)}`, index === 0, { promote: { urn } }),
      action("reply", `The contact replies from ${shown}`, `reply ${place(urn)}`, false, { interact: { urn } }),
      h("button.icon-button", { type: "button", "data-key": `edit ${place(urn)}`, "aria-label": `Edit ${shown}`, title: "Edit", disabled: redacts(), onclick: () => { editing = urn; state.subject.set({ ...subject }); } }, icon("edit")),
      action("remove", `Remove ${shown}`, `remove ${place(urn)}`, false, { remove: { urn } }),
    ),
  );
}

/** Names a connection in keys: by its URN, or by its place where URNs are hidden. */
const place = (urn: string) => (redacts() ? String(state.subject.value?.contact.urns.indexOf(urn)) : urn);

const hints: Record<string, string> = { up: "Move up", reply: "What if the contact replies from this connection", remove: "Remove" };

function action(name: "up" | "reply" | "remove", label: string, key: string, disabled: boolean, what: Change): HTMLElement {
  return h("button.icon-button", {
    type: "button", "data-key": key, "aria-label": label, title: hints[name], disabled, onclick: () => void apply(what),
  }, icon(name));
}

async function apply(what: Change): Promise<boolean> {
  try {
    const reason = await change(what);
    const subject = state.subject.value;
    announce(`${reason.charAt(0).toUpperCase()}${reason.slice(1)}${subject !== null && changed(subject) ? " (in this page only)" : ""}.`);
    return true;
  } catch (error) {
    announce(describe(error));
    return false;
  }
}

/** Which channel a message to the connection goes through, as the last answer has it. */
function route(urn: string, index: number): string {
  if (state.settings.value?.channels === null) return "any: the workspace declares none";
  const facts = state.answer.value?.evaluation.preview?.connections[index];
  if (facts === undefined || !facts.urn.startsWith(urn.slice(0, urn.indexOf(":") + 1))) return "…";
  return facts.channel?.name ?? "none can send to it";
}

function lastUse(used: { last_used_on: string | null; channel: string | null } | undefined): string {
  if (!used?.last_used_on) return "never";
  const channel = state.settings.value?.channels?.find((c) => c.uuid === used.channel);
  return ago(new Date(used.last_used_on)) + (channel === undefined ? "" : ` on ${channel.name}`);
}

function ago(time: Date): string {
  const seconds = (time.getTime() - Date.now()) / 1000;
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [["year", 31_536_000], ["month", 2_592_000], ["day", 86_400], ["hour", 3600], ["minute", 60]];
  const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const [unit, size] of steps) if (Math.abs(seconds) >= size) return format.format(Math.round(seconds / size), unit);
  return "just now";
}

function display(urn: string): string {
  const [path, name] = urn.slice(urn.indexOf(":") + 1).split("#");
  return name === undefined ? path! : `${name} (${path})`;
}

function editForm(urn: string, shown: string): HTMLElement {
  const input = h("input", { id: "edit-urn", value: urn, "aria-label": `New URN in place of ${shown}`, spellcheck: "false" });
  const close = () => {
    editing = "";
    const subject = state.subject.value;
    if (subject !== null) state.subject.set({ ...subject });
  };
  queueMicrotask(() => input.focus());
  return h("li.editing", {}, h("form", {
    onsubmit: async (event: SubmitEvent) => {
      event.preventDefault();
      if (await apply({ edit: { urn, to: input.value.trim() } })) close();
    },
    onkeydown: (event: KeyboardEvent) => { if (event.key === "Escape") close(); },
  }, input, h("div.form-row", {}, h("button.primary", {}, "Change"), h("button.quiet", { type: "button", onclick: close }, "Cancel"))));
}

function addForm(): HTMLElement {
  const list = types();
  const order = ["tel", "mailto", "twitter", "telegram", "ext", "whatsapp"];
  const rank = (t: ConnectionType) => (order.includes(t.scheme) ? order.indexOf(t.scheme) : order.length);
  list.sort((a, b) => rank(a) - rank(b) || a.title.localeCompare(b.title));
  const select = h("select", { id: "add-type", "aria-label": "Type of connection" }, list.map((t) => h("option", { value: t.title }, t.title)));
  const value = h("input", { id: "add-value", "data-key": "add-value", "aria-label": "Number, address or handle", placeholder: "Number, address or handle", spellcheck: "false", autocomplete: "off", required: true });
  return h("details.add", {}, h("summary", { "data-key": "add" }, icon("add"), "Add a connection"), h("form", {
    onsubmit: async (event: SubmitEvent) => {
      event.preventDefault();
      if (await apply({ add: { type: select.value, value: value.value.trim() } })) value.value = "";
    },
  }, select, value, h("button.primary", { "data-key": "add-button" }, "Add")));
}
