import { describe, post } from "../api";
import { byId, copyButton, fill, h, icon } from "../dom";
import type { Evaluation } from "../model";
import { changed, circumstances, redacts, reference, state, type Subject, title } from "../state";
import { shareLink } from "../share";

/** What is here can be used elsewhere: as a request, as code, as a command, as a test case, as a link. */
export function mountTakeAway(): void {
  const draw = () => {
    const shown = !byId("takeaway").hidden && state.access.value !== null;
    fill(byId("takeaway"), shown && sections());
    if (shown) void drawCase();
    else fill(casePlace);
  };
  for (const signal of [state.template, state.subject, state.overlay, state.context, state.answer, state.access, state.settings]) {
    (signal as typeof state.template).changed(draw);
  }
  new MutationObserver(draw).observe(byId("takeaway"), { attributeFilter: ["hidden"] });
}

function sections(): HTMLElement[] {
  const subject = state.subject.value;
  return [
    section("curl", "Request with curl", curl(subject)),
    section("eval", "Command", command(subject)),
    section("go", "Go", goCode(subject)),
    casePlace,
    linkSection(subject),
  ];
}

function section(id: string, name: string, text: string): HTMLElement {
  return h("section.take", { "aria-labelledby": `take-${id}` }, sectionContent(id, name, text));
}

function sectionContent(id: string, name: string, text: string, ...more: HTMLElement[]): HTMLElement[] {
  return [
    h("div.take-head", {}, h("h3", { id: `take-${id}` }, name), ...more, copyButton(() => text)),
    h("pre", { tabindex: "0", id: `take-${id}-text`, "aria-label": name }, text),
  ];
}

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** The contact as a request names it. Where URNs are hidden a stored contact goes by its UUID, whatever was changed here. */
function contactOf(subject: Subject | null): { contact?: unknown } {
  if (subject === null) return {};
  return { contact: redacts() && subject.kind === "stored" ? { uuid: subject.id } : reference(subject) };
}

function request(subject: Subject | null): object {
  return { template: state.template.value, ...contactOf(subject), ...circumstances() };
}

function curl(subject: Subject | null): string {
  const token = state.access.value?.tokens ? ` -H "Authorization: Bearer $FLOWEXPR_TOKEN"` : "";
  return `curl -s${token} --json ${quote(JSON.stringify(request(subject)))} ${location.origin}/v1/evaluate`;
}

function command(subject: Subject | null): string {
  const { settings, context } = circumstances();
  const inline = subject !== null && "urns" in (contactOf(subject).contact as object);
  const lines = [`flowexpr eval ${quote(state.template.value)}`];
  if (subject !== null) lines.push(`--contact ${inline ? "-" : subject.id}`);
  lines.push(`--url ${location.origin}`);
  for (const [key, value] of Object.entries(settings ?? {})) lines.push(`--set ${quote(`${key}=${String(value)}`)}`);
  if (context !== undefined) lines.push(`--context <(echo ${quote(JSON.stringify(context))})`);
  const text = lines.join(" \\\n  ");
  return inline ? `${text} <<'CONTACT'\n${JSON.stringify(subject.contact)}\nCONTACT` : text;
}

function goCode(subject: Subject | null): string {
  const { settings, context } = circumstances();
  const { now, ...stored } = settings ?? {};
  const given = context === undefined ? "" : `
	given, err := engine.ParseContext([]byte(${goText(JSON.stringify(context))}))
	check(err)`;
  const template = `eng.Template(${goText(state.template.value)}, ${context === undefined ? "vars.Roots{}" : "vars.NewRoots(given.Names())"})`;
  const contact = subject === null ? "" : `
	contact, err := contactstore.ParseContact(${redacts() && subject.kind === "stored" ? "data /* the contact's JSON */" : `[]byte(${goText(JSON.stringify(subject.contact))})`})
	check(err)
	record, err := contactstore.Encode(contact)
	check(err)`;
  return `package main

import (
	"fmt"
	"log"
${now === undefined ? "" : '	"time"\n'}
	"github.com/flowexpr/flowexpr/contactstore"
	"github.com/flowexpr/flowexpr/engine"
	"github.com/flowexpr/flowexpr/vars"
)

func main() {
	eng, err := engine.New(engine.Options{})
	check(err)${given}
	tmpl, err := ${template}
	check(err)${contact}
	settings, err := contactstore.ParseSettings([]byte(${goText(JSON.stringify(workspaceSettings(stored)))}))
	check(err)
	workspace, err := vars.NewWorkspace(settings)
	check(err)
	scope := vars.Scope{Workspace: workspace${subject === null ? "" : ", Contact: record"}${context === undefined ? "" : ", Context: given"}}
${now === undefined ? "" : `	scope.Now, err = time.Parse(time.RFC3339, ${goText(now)})\n	check(err)\n`}	result := tmpl.Evaluate(&scope)
	fmt.Println(result.Text)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}`;
}

const goText = (text: string) => (text.includes("`") || text.includes("\r") ? JSON.stringify(text) : "`" + text + "`");

/** The settings that evaluation reads, the page's over the workspace's. */
function workspaceSettings(overlay: object): object {
  const { locations: _, ...settings } = (state.settings.value ?? {}) as unknown as Record<string, unknown>;
  return { ...settings, ...overlay };
}

/** Where the test case stands: it is asked for, and the last one stays until the next one is there. */
const casePlace = h("section.take", { "aria-labelledby": "take-case" });
let asked = 0;

/** Draws the test case. A stored contact's is none where URNs are hidden. */
async function drawCase(): Promise<void> {
  const subject = state.subject.value;
  const mine = ++asked;
  if (redacts() && subject?.kind === "stored") {
    fill(casePlace, h("h3", { id: "take-case" }, "Test case"), h("p.note", {}, "A test case holds the whole contact, and this workspace hides URNs. Choose a sample persona to make one."));
    return;
  }
  try {
    const text = await testCase(subject);
    if (mine === asked) fill(casePlace, caseContent(text, subject));
  } catch (error) {
    if (mine === asked) fill(casePlace, h("h3", { id: "take-case" }, "Test case"), h("p.note", {}, describe(error)));
  }
}

/** A case for flowexpr test, as it stands in a file of JSON lines: evaluated at a time that the case names, and with its seed. */
async function testCase(subject: Subject | null): Promise<string> {
  const template = state.template.value;
  const { context } = circumstances();
  const fixed = { now: new Date().toISOString().replace(/\.\d+Z$/, "Z"), random_seed: 1 };
  const settings = { ...fixed, ...workspaceSettings(state.overlay.value) };
  const { body } = await post<Evaluation>("/v1/evaluate", {
    template, ...(subject !== null && { contact: subject.contact }), ...circumstances(), settings: { ...fixed, ...state.overlay.value },
  });
  const errors = body.warnings.filter((w) => w.severity === "error").map((e) => `error evaluating ${e.expression}: ${e.message}`);
  const warnings = body.warnings.filter((w) => w.severity === "warning").map((w) => w.code);
  return JSON.stringify({
    id: `preview: ${template.slice(0, 40)}`,
    template,
    ...(subject !== null && { contact: subject.contact }),
    ...(context !== undefined && { context }),
    settings,
    expect: body.text,
    ...(errors.length > 0 && { expect_error: errors.join(", ") }),
    ...(warnings.length > 0 && { expect_warnings: warnings }),
  });
}

function caseContent(text: string, subject: Subject | null): HTMLElement[] {
  const save = h("button.quiet", { type: "button", id: "save-case", onclick: () => {
    const url = URL.createObjectURL(new Blob([text + "\n"], { type: "application/jsonl" }));
    h("a", { href: url, download: "preview.jsonl" }).click();
    URL.revokeObjectURL(url);
  } }, icon("download"), "Save");
  return [
    ...sectionContent("case", "Test case", text, save),
    h("p.note", {}, "Run it with ", h("code", {}, "flowexpr test preview.jsonl"), ".",
      subject?.kind === "stored" && ` It holds what is known of ${title(subject)}; a sample persona makes a case that anybody may see.`),
  ];
}

function linkSection(subject: Subject | null): HTMLElement {
  if (subject?.kind !== "persona") {
    return h("section.take", {}, h("h3", {}, "Link"), h("p.note", { id: "take-link-none" }, "A link holds a template and a sample persona, never a contact's data. Choose a sample persona to share this template."));
  }
  const link = shareLink(state.template.value, subject.id, state.overlay.value);
  const element = section("link", "Link", link);
  element.append(h("p.note", {}, "Its part behind the # stays in the browser: no server sees the template.", changed(subject) && " What you changed about the persona is left out."));
  return element;
}
