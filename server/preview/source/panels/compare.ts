import { describe } from "../api";
import { announce, byId, fill, h, icon } from "../dom";
import { load } from "../contact/actions";
import { personaSubject } from "../contact/personas";
import { searchBox } from "../contact/search";
import { state, type Subject, title } from "../state";
import { plural } from "../text";
import { bubble } from "./message";

/** The most contacts beside the chosen one: each costs a request with each change. */
const most = 6;

/** Shows the same template for others, side by side. */
export function mountCompare(): void {
  byId("compare-search").replaceWith(searchBox("compare-search", "Add a contact to compare", async (choice) => {
    if (state.compared.value.length >= most) {
      announce(`At most ${most} contacts side by side: remove one first.`);
      return;
    }
    if (state.compared.value.some((s) => s.id === choice.id)) return;
    try {
      const subject = choice.kind === "persona" ? personaSubject(choice.id) : await load(choice.id);
      if (subject !== null) state.compared.set([...state.compared.value, subject]);
    } catch (error) {
      announce(describe(error));
    }
  }));
  const draw = () => fill(byId("compared"), state.compared.value.map(card));
  state.compared.changed(draw);
  state.comparedAnswers.changed(draw);
  draw();
}

function card(subject: Subject): HTMLElement {
  const answer = state.comparedAnswers.value.get(subject.id);
  const about = (text: string, className = "note") => h("p", { class: className }, text);
  const content =
    answer === undefined ? [about("Asking the service…")]
    : typeof answer === "string" ? [about(answer, "failure")]
    : [
        bubble(answer, state.answer.value?.template ?? "", true, null),
        about([answer.sms.encoding, plural(answer.sms.segments, "segment"), answer.preview?.destination.urn ?? "goes nowhere"].join(" · ")),
        answer.warnings.length > 0 && about(answer.warnings.map((w) => w.message).join("; "), "card-warnings"),
      ];
  return h("li.card", {},
    h("div.card-head", {}, h("strong", { dir: "auto" }, title(subject)),
      h("button.icon-button", { type: "button", "aria-label": `Remove ${title(subject)} from the comparison`, title: "Remove", onclick: () => state.compared.set(state.compared.value.filter((s) => s.id !== subject.id)) }, icon("close"))),
    ...content.filter((c): c is HTMLElement => c !== false));
}
