import { describe, get } from "../api";
import { byId, fill, h } from "../dom";
import type { Row } from "../model";
import { redacts, state } from "../state";
import { mask } from "../text";
import { choose } from "./actions";
import { personaName, personas } from "./personas";

interface Choice {
  kind: "stored" | "persona";
  id: string;
  name: string;
  about: string;
}

/** A box that finds contacts by name or connection: a combobox with a list of choices. */
export function searchBox(id: string, label: string, onChoose: (choice: Choice) => void): HTMLElement {
  const list = h("ul.choices", { role: "listbox", id: `${id}-list`, "aria-label": label, hidden: true });
  const input = h("input", {
    id, type: "text", role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list",
    autocomplete: "off", spellcheck: "false", placeholder: label,
  });
  const note = h("p.note", { role: "status" });
  let choices: Choice[] = [];
  let active = -1;
  let asked = 0;

  const close = () => {
    asked++; // an answer that is on its way shows nobody
    choices = [];
    fill(list);
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    note.textContent = "";
    active = -1;
  };
  const take = (choice: Choice) => {
    input.value = "";
    close();
    onChoose(choice);
  };
  const point = (index: number) => {
    active = (index + choices.length) % choices.length;
    [...list.querySelectorAll("[role=option]")].forEach((option, i) => {
      option.setAttribute("aria-selected", String(i === active));
      if (i === active) option.scrollIntoView({ block: "nearest" });
    });
    input.setAttribute("aria-activedescendant", `${id}-${active}`);
  };
  const show = () => {
    fill(list, choices.map((c, i) => h("li", {
      role: "option", id: `${id}-${i}`, "aria-selected": "false",
      onmousedown: (event: MouseEvent) => { event.preventDefault(); take(c); },
    }, h("span.choice-name", { dir: "auto" }, c.name), h("span.choice-about", {}, c.about))));
    list.hidden = choices.length === 0;
    input.setAttribute("aria-expanded", String(choices.length > 0));
    active = -1;
    input.removeAttribute("aria-activedescendant");
  };
  const search = async () => {
    const query = input.value.trim();
    const mine = ++asked;
    try {
      const { body } = await get<{ contacts: Row[]; next_cursor: string | null }>(`/v1/contacts?limit=8&q=${encodeURIComponent(query)}`);
      if (mine !== asked) return;
      choices = [...body.contacts.map(choiceOf), ...matching(query)];
      note.textContent = choices.length === 0 ? `Nobody is called “${query}”, or has such a connection.` : body.contacts.length === 0 && query === "" ? "There are no contacts yet: these are samples." : "";
    } catch (error) {
      if (mine !== asked) return;
      choices = matching(query);
      note.textContent = describe(error);
    }
    show();
  };

  input.addEventListener("input", () => void search());
  input.addEventListener("focus", () => void search());
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) void search();
      else point(active + (event.key === "ArrowDown" ? 1 : active < 0 ? 0 : -1));
    } else if (event.key === "Enter" && choices.length > 0 && !list.hidden) {
      event.preventDefault();
      take(choices[Math.max(active, 0)]!);
    } else if (event.key === "Escape") {
      close();
    }
  });
  return h("div.search", {}, h("label.visually-hidden", { for: id }, label), input, list, note);
}

function choiceOf(row: Row): Choice {
  const connection = row.connection ?? "no connection";
  const shown = row.connection !== null && redacts() ? mask(row.connection) : connection;
  return { kind: "stored", id: row.uuid, name: row.name || "Without name", about: shown };
}

function matching(query: string): Choice[] {
  const wanted = query.toLowerCase();
  return personas
    .filter((p) => `${p.id} ${personaName(p.id)} ${p.about} sample`.toLowerCase().includes(wanted))
    .map((p) => ({ kind: "persona", id: p.id, name: personaName(p.id), about: `Sample · ${p.about}` }));
}

/** Puts the search of the chosen contact into its panel. */
export function mountSearch(): void {
  byId("contact-search").replaceWith(searchBox("contact-search", "Find a contact by name or connection", (c) => void choose(c.kind, c.id)));
  state.subject.changed(() => byId<HTMLInputElement>("contact-search").blur());
}
