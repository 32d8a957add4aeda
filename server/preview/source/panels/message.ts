import { byId, fill, h, icon } from "../dom";
import type { Destination, Entry, Evaluation, Explanation, Sms } from "../model";
import { state } from "../state";
import { Offsets, plural } from "../text";
import { sentence } from "../editor/complete";

export interface Links {
  /** Goes to a place of the template; bytes. */
  go(start: number, end: number): void;
  /** Applies the fix of an entry. */
  fix(entry: Entry): void;
}

/** Ties message, warnings and facts to the state. */
export function mountMessage(links: Links): void {
  const marks = byId<HTMLInputElement>("show-marks");
  const draw = () => {
    const answer = state.answer.value;
    byId("message").classList.toggle("stale", answer !== null && state.failure.value !== "");
    if (answer === null) {
      fill(byId("message"), h("p.empty", {}, state.failure.value || (state.reachable.value === false ? "The service does not answer." : "Asking the service…")));
      fill(byId("message-facts"));
      fill(byId("destination"));
      return;
    }
    fill(byId("message"), bubble(answer.evaluation, answer.template, marks.checked, links));
    fill(byId("message-facts"), sms(answer.evaluation.sms));
    fill(byId("destination"), destination(answer.evaluation.preview?.destination ?? null));
    here();
  };
  state.answer.changed(draw);
  state.reachable.changed(() => { if (state.answer.value === null) draw(); });
  marks.addEventListener("change", draw);
  state.failure.watch((text) => {
    fill(byId("message-failure"), text !== "" && state.answer.value !== null && h("p.failure", {}, text, " The message below is the last one that worked."));
    byId("message").classList.toggle("stale", text !== "");
    if (state.answer.value === null) draw();
  });
  state.entries.changed(({ list }) => fill(byId("problems"), entries(list, links)));
  state.cursor.changed(here);
  for (const event of ["focusin", "focusout"]) byId("editor").addEventListener(event, () => queueMicrotask(here));
}

/** Marks the part of the message that the cursor stands in. */
function here(): void {
  const { from, to } = state.cursor.value;
  for (const part of byId("message").querySelectorAll<HTMLElement>(".part")) {
    part.classList.toggle("here", Number(part.dataset.from) <= from && to <= Number(part.dataset.to) && document.activeElement?.closest("#editor") !== null);
  }
}

/** The message as the contact sees it; parts lead to where they come from. */
export function bubble(evaluation: Evaluation, template: string, marks: boolean, links: Links | null): HTMLElement {
  const text = new Offsets(evaluation.text);
  const source = new Offsets(template);
  const children: (Node | string)[] = [];
  let at = 0;
  for (const e of evaluation.explain) {
    if (e.place === undefined || !marks) continue;
    children.push(text.slice(at, e.place.start));
    children.push(part(e, text.slice(e.place.start, e.place.end), source, links));
    at = e.place.end;
  }
  children.push(text.slice(at, Number.MAX_SAFE_INTEGER));
  if (evaluation.text === "" && evaluation.explain.length === 0) return h("p.empty", {}, "An empty template gives an empty message.");
  return h("div.bubble", { dir: "auto" }, ...children);
}

function part(e: Explanation, value: string, source: Offsets, links: Links | null): HTMLElement {
  const state = e.type === "error" ? "failed" : value === "" ? "absent" : e.expression.startsWith("@(") ? "expression" : "variable";
  const shown = value === "" ? e.expression.length > 24 ? e.expression.slice(0, 23) + "…" : e.expression : value;
  const about = `${e.expression}: ${e.type === "error" ? sentence(e.reason ?? "error") : value === "" ? "empty" : value}`;
  if (links === null) return h("span.part", { class: `part ${state}`, title: about }, value);
  return h("a.part", {
    class: `part ${state}`, href: "#template", title: e.reason ? `${e.expression}\n${sentence(e.reason)}` : e.expression,
    "aria-label": value === "" ? `${about}; go to it` : `${value}, from ${e.expression}`,
    "data-from": source.position(e.start), "data-to": source.position(e.end),
    onclick: (event: MouseEvent) => { event.preventDefault(); links.go(e.start, e.end); },
  }, h("bdi", {}, shown));
}

function sms(facts: Sms): HTMLElement[] {
  const room = facts.encoding === "GSM-7" ? [160, 153] : [70, 67];
  const capacity = facts.segments <= 1 ? room[0]! : room[1]! * facts.segments;
  return [
    h("dl.numbers", {},
      h("div", {}, h("dt", {}, "Encoding"), h("dd", {}, facts.encoding)),
      h("div", {}, h("dt", {}, "Length"), h("dd", {}, String(facts.length), h("span.of", {}, ` of ${capacity}`))),
      h("div", {}, h("dt", {}, "Segments"), h("dd", {}, String(facts.segments))),
    ),
    ...(facts.unicode === undefined ? [] : [
      h("p.forcing", {}, "These characters force UCS-2, with less room in each segment: ",
        facts.unicode.map((c) => h("kbd.character", { title: name(c) }, c))),
    ]),
  ];
}

const name = (c: string) => `U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

function destination(d: Destination | null): HTMLElement {
  if (d === null) return h("p.empty", {}, "Choose a contact to see where the message goes.");
  if (d.urn === null) return h("p.nowhere", {}, h("strong", {}, "It goes nowhere: "), `${d.reason}.`);
  return h("div.route", {},
    h("p.route-line", {}, h("span", {}, d.channel?.name ?? "Any channel"), icon("arrow"), h("span.connection-urn", {}, d.urn), h("span.badge.plain", {}, d.connection_type ?? "")),
    h("p.note", {}, sentence(d.reason)),
  );
}

function entries(list: Entry[], links: Links): HTMLElement[] {
  if (list.length === 0) return [];
  const errors = list.filter((e) => e.severity === "error").length;
  const counts = [errors > 0 && plural(errors, "error"), list.length > errors && plural(list.length - errors, "warning")].filter(Boolean).join(", ");
  return [
    h("p.counts", { role: "status" }, counts),
    h("ul.entries", {}, list.map((e, i) => h("li", { class: e.severity },
      h("span.severity", {}, e.severity),
      h("div", {},
        h("a.entry", {
          href: "#template", "data-key": `entry ${i}`, onclick: (event: MouseEvent) => { event.preventDefault(); links.go(e.start, e.end); },
        }, sentence(e.message)),
        e.hint !== undefined && h("p.hint", {}, sentence(e.hint))),
      e.fix !== undefined && h("button.fix", { type: "button", "data-key": `fix ${i}`, title: e.hint ?? "", "aria-label": `Fix: ${e.hint ?? e.message}`, onclick: () => links.fix(e) }, "Fix"),
    ))),
  ];
}
