// The charts of a dry run. Each bar is text first, so that it is read as well as seen, and opens to its examples.

import { choose, load } from "../contact/actions";
import { h } from "../dom";
import { sentence } from "../editor/complete";
import type { Example, Findings } from "../model";
import { title } from "../state";
import { plural } from "../text";

/** Segments beyond these share one column. */
const columns = 8;

type Tone = "ok" | "warning" | "error" | "plain";

export function findings(f: Findings): HTMLElement {
  if (f.contacts === 0) return h("p.empty", {}, "There is nobody among these contacts.");
  const of = (n: number) => n / f.contacts;
  return h("div.findings", {},
    part("Outcome",
      stack(f),
      line(dot("ok", "Clean"), f.clean, of(f.clean), f.examples),
      line(dot("warning", "With warnings"), f.warnings, of(f.warnings), problemExamples(f, "warning")),
      line(dot("error", "With errors"), f.errors, of(f.errors), problemExamples(f, "error"))),
    f.variables.length > 0 && part("Empty, by variable", ...f.variables.map((v) => bar(`@${v.variable}`, v.empty, of(v.empty), v.empty > 0 ? "warning" : "plain", v.examples))),
    f.problems.length > 0 && part("What is wrong", ...f.problems.map((p) =>
      bar(p.expression ?? p.code, p.contacts, of(p.contacts), p.severity === "error" ? "error" : "warning", p.examples, sentence(p.examples[0]?.message ?? p.code.replaceAll("_", " "))))),
    part("SMS segments",
      f.sms.contacts === 0 ? h("p.note", {}, "No message goes to a phone number.") : histogram(f),
      ...f.sms.encodings.filter((e) => e.contacts > 0).map((e) => bar(e.encoding, e.contacts, e.contacts / f.sms.contacts, "plain", e.examples))),
    part("Where it goes",
      ...f.destinations.map((d) => bar(d.scheme, d.contacts, of(d.contacts), "plain", [])),
      f.unroutable.contacts > 0 && bar("nowhere", f.unroutable.contacts, of(f.unroutable.contacts), "warning", f.unroutable.examples)),
    lengths(f),
  );
}

let parts = 0;

function part(name: string, ...children: (HTMLElement | false)[]): HTMLElement {
  const id = `finding-${++parts}`;
  return h("section", { "aria-labelledby": id }, h("h3", { id }, name), ...children);
}

/** The examples of all problems of a severity, each contact once. */
function problemExamples(f: Findings, severity: "warning" | "error"): Example[] {
  const found = new Map<string, Example>();
  for (const p of f.problems) if (p.severity === severity) for (const e of p.examples) found.set(e.contact, found.get(e.contact) ?? e);
  return [...found.values()].slice(0, 5);
}

/** Sizes of parts are set here and not in a style attribute, which the page's policy would refuse. */
function sized(element: HTMLElement, share: number): HTMLElement {
  element.style.setProperty("--share", String(share));
  return element;
}

/** Clean, warnings and errors in one line. */
function stack(f: Findings): HTMLElement {
  const tones: [Tone, number][] = [["ok", f.clean], ["warning", f.warnings], ["error", f.errors]];
  return h("div.stack", { "aria-hidden": "true" }, tones.filter(([, n]) => n > 0).map(([tone, n]) => sized(h("span", { class: tone }), n)));
}

const percent = (share: number) => (share > 0 && share < 0.01 ? "<1 %" : share > 0.99 && share < 1 ? ">99 %" : `${Math.round(share * 100)} %`);

/** A line with a bar, and perhaps with words about it. */
function bar(name: string, count: number, share: number, tone: Tone, examples: Example[], about = ""): HTMLElement {
  return line([name], count, share, examples,
    h("span.track", { "aria-hidden": "true" }, sized(h("span", { class: tone }), share)),
    about !== "" && h("span.note", {}, about));
}

const dot = (tone: Tone, name: string) => [h("span.key", { class: `key ${tone}`, "aria-hidden": "true" }), name];

/** One line of a chart; what has examples opens to them. */
function line(name: (string | HTMLElement)[], count: number, share: number, examples: Example[], ...more: (HTMLElement | false)[]): HTMLElement {
  const content = [h("span.bar-name", {}, name), h("span.bar-count", {}, count.toLocaleString("en"), h("span.of", {}, ` ${percent(share)}`)), ...more];
  if (examples.length === 0 || count === 0) return h("div.bar", {}, content);
  const list = h("ul.examples-of", { "aria-label": `Examples: ${name.at(-1) as string}` });
  const details: HTMLDetailsElement = h("details.bar-more", {
    ontoggle: () => { if (details.open && list.childElementCount === 0) list.append(...examples.map(example)); },
  }, h("summary.bar", {}, content), list);
  return details;
}

/** A contact and what it would get; chosen by a click. Its name is asked for when it is shown. */
function example(e: Example): HTMLElement {
  const name = h("strong", { dir: "auto" }, "…");
  void load(e.contact).then((subject) => { name.textContent = title(subject); }, () => { name.textContent = "A contact that is not there any more"; });
  return h("li", {}, h("button.example", { type: "button", onclick: () => void choose("stored", e.contact) },
    name, h("span.example-text", { dir: "auto" }, e.text === "" ? "an empty message" : e.text)));
}

/** How many messages take one segment, two, and so on. */
function histogram(f: Findings): HTMLElement {
  const counts = new Array<number>(Math.min(columns, Math.max(3, ...f.sms.segments.map((s) => s.segments)))).fill(0);
  for (const s of f.sms.segments) counts[Math.min(Math.max(s.segments, 1), columns) - 1]! += s.contacts;
  const highest = Math.max(...counts);
  const label = (i: number) => `${i + 1}${i + 1 === columns ? "+" : ""}`;
  return h("div", {},
    h("ol.histogram", {}, counts.map((n, i) => h("li", {},
      h("span.visually-hidden", {}, `${label(i)} ${i === 0 ? "segment" : "segments"}: ${plural(n, "message")}`),
      h("span.column-count", { "aria-hidden": "true" }, n === 0 ? "" : n.toLocaleString("en")),
      sized(h("span.column", { "aria-hidden": "true" }), n / highest),
      h("span.column-name", { "aria-hidden": "true" }, label(i))))),
    h("p.note", {}, `${plural(f.sms.total, "segment")} for ${plural(f.sms.contacts, "message")} to phone numbers.`));
}

function lengths(f: Findings): HTMLElement {
  const { min, median, max, shortest, longest } = f.lengths;
  const number = (name: string, n: number) => h("div", {}, h("dt", {}, name), h("dd", {}, n.toLocaleString("en")));
  return part("Characters",
    h("dl.numbers", {}, number("Fewest", min), number("Median", median), number("Most", max)),
    h("ul.examples-of", {}, shortest && example(shortest), longest && max > min && example(longest)));
}
