import type { Contact } from "../model";
import type { Subject } from "../state";

/** People who do not exist, with numbers and addresses that are reserved for examples. Links may name them. */
export const personas: { id: string; about: string; contact: Contact }[] = [
  {
    id: "amina", about: "Phone and e-mail, English",
    contact: {
      uuid: "00000000-0000-4000-8000-000000000001", name: "Amina Example", language: "eng", timezone: "Africa/Nairobi", created_on: "2025-03-01T08:00:00Z",
      urns: ["tel:+12025550101", "mailto:amina@example.org"], groups: [{ uuid: "00000000-0000-4000-8000-0000000000a1", name: "Samples" }],
      fields: { age: 29, city: "Nairobi", joined: "2025-03-01T08:00:00Z" },
    },
  },
  {
    id: "bruno", about: "Telegram before phone, Portuguese",
    contact: {
      uuid: "00000000-0000-4000-8000-000000000002", name: "Bruno Exemplo", language: "por", timezone: "America/Sao_Paulo", created_on: "2025-05-12T15:30:00Z",
      urns: ["telegram:1000001", "tel:+12025550102", "tel:+12025550122", "twitter:bruno_example"], groups: [],
      fields: { age: 41, city: "São Paulo", joined: "2025-05-12T15:30:00Z" },
    },
  },
  {
    id: "layla", about: "Arabic, from right to left",
    contact: {
      uuid: "00000000-0000-4000-8000-000000000003", name: "ليلى مثال", language: "ara", timezone: "Africa/Cairo", created_on: "2025-08-20T11:00:00Z",
      urns: ["tel:+12025550103", "mailto:layla@example.org"], groups: [], fields: { age: 35, city: "القاهرة" },
    },
  },
  {
    id: "mei", about: "Chinese, with an emoji",
    contact: {
      uuid: "00000000-0000-4000-8000-000000000004", name: "美美 🌸", language: "zho", timezone: "Asia/Shanghai", created_on: "2025-11-02T03:00:00Z",
      urns: ["mailto:mei@example.org", "ext:example-4"], groups: [], fields: { city: "上海" },
    },
  },
  {
    id: "nobody", about: "No name, no connection, no fields",
    contact: { uuid: "00000000-0000-4000-8000-000000000005", name: "", language: null, timezone: null, created_on: "2026-01-01T00:00:00Z", urns: [], groups: [], fields: {} },
  },
];

export function personaSubject(id: string): Subject | null {
  const persona = personas.find((p) => p.id === id);
  if (persona === undefined) return null;
  const label = persona.contact.name === "" ? { ...persona.contact } : persona.contact;
  return { kind: "persona", id, stored: label, contact: structuredClone(label), etag: "" };
}

/** What a persona is called in lists. */
export const personaName = (id: string) => personas.find((p) => p.id === id)?.contact.name || "Nobody";
