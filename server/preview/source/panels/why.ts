import { byId, fill, h } from "../dom";
import type { Candidate, Explanation, Facts, PolicyFacts } from "../model";
import { redacts, state } from "../state";
import { mask, Offsets } from "../text";
import { sentence, typeName } from "../editor/complete";
import type { Links } from "./message";

/** Explains each block of the template: what it gave, by which rule, from which candidates. */
export function mountWhy(links: Links): void {
  const draw = () => {
    const answer = state.answer.value;
    const blocks = answer?.evaluation.explain ?? [];
    if (answer === null || blocks.length === 0) {
      fill(byId("why"), h("p.empty", {}, "Once the template has a variable or an expression, this says where each value comes from."));
      return;
    }
    const source = new Offsets(answer.template);
    fill(byId("why"), h("ol.explanations", {}, blocks.map((e, i) => block(e, i, source, answer.evaluation.preview, links))));
    here();
  };
  state.answer.changed(draw);
  state.cursor.changed(here);
  draw();
}

function here(): void {
  const { from, to } = state.cursor.value;
  for (const item of byId("why").querySelectorAll<HTMLElement>(".explanation")) {
    item.classList.toggle("here", Number(item.dataset.from) <= from && to <= Number(item.dataset.to));
  }
}

function block(e: Explanation, index: number, source: Offsets, facts: Facts | null, links: Links): HTMLElement {
  return h("li.explanation", { "data-from": source.position(e.start), "data-to": source.position(e.end) },
    h("p.info-name", {},
      h("a.entry", { href: "#template", "data-key": `why ${index}`, onclick: (event: MouseEvent) => { event.preventDefault(); links.go(e.start, e.end); } }, h("code", {}, e.expression)),
      h("span.type", {}, typeName(e))),
    value(e),
    e.reason && h("p.rule", {}, sentence(e.reason)),
    candidates(e.candidates, e.value),
    isContactURN(e.expression) && facts !== null && policies(facts.contact_urn),
    e.variables && e.variables.length > 0 && h("ul.reads", { "aria-label": "Variables it reads" }, e.variables.map((v) =>
      h("li", {}, h("p.info-name", {}, h("code", {}, v.expression), h("span.type", {}, typeName(v))), value(v),
        v.reason && h("p.rule", {}, sentence(v.reason)), candidates(v.candidates, v.value),
        isContactURN(v.expression) && facts !== null && policies(facts.contact_urn)))),
  );
}

const isContactURN = (expression: string) => expression.replace(/^@\(?|\)$/g, "").trim().toLowerCase() === "contact.urn";

function value(e: Explanation): HTMLElement | null {
  if (e.type === "error") return null;
  return e.value === "" ? h("p.value.nothing", {}, "empty") : h("p.value", { dir: "auto" }, e.value);
}

function candidates(list: Candidate[] | undefined, winner: string): HTMLElement | null {
  if (list === undefined || list.length === 0) return null;
  return h("ol.candidates", { "aria-label": "Candidates in order" }, [...list].sort((a, b) => a.priority - b.priority).map((c) =>
    h("li", { class: c.urn === winner ? "won" : "" }, h("span.place", {}, c.priority), h("span.connection-urn", {}, redacts() ? mask(c.urn) : c.urn), c.urn === winner && h("span.badge", {}, "Used"))));
}

const policyDocs: Record<string, string> = {
  phone: "the first phone number", any: "the first connection of any type", routable: "the first connection that a channel can send to",
};

/** What contact.urn would be under each policy. */
function policies(list: PolicyFacts[]): HTMLElement {
  return h("table.policies", {},
    h("caption", {}, "Under each contact_urn policy"),
    h("tbody", {}, list.map((p) => h("tr", { class: p.current ? "current" : "" },
      h("th", { scope: "row", title: policyDocs[p.policy] }, h("code", {}, p.policy), p.current && h("span.badge", {}, "In force")),
      h("td", {}, h("span.connection-urn", {}, p.value === "" ? "empty" : p.value), h("span.note", {}, sentence(p.reason)))))),
  );
}
