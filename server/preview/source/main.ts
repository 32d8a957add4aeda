// The preview page. It keeps state in state.ts, asks the service in pipeline.ts, and shows it in panels.

import { choose, followStored } from "./contact/actions";
import { mountContact } from "./contact/panel";
import { byId } from "./dom";
import { select, templateEditor } from "./editor/editor";
import { applyFix } from "./editor/problems";
import { mountCompare } from "./panels/compare";
import { mountDryRun } from "./panels/dryrun";
import { type Links, mountMessage } from "./panels/message";
import { mountSession } from "./panels/session";
import { mountSettings } from "./panels/settings";
import { mountTabs } from "./panels/tabs";
import { mountTakeAway } from "./panels/takeaway";
import { mountWhy } from "./panels/why";
import { start } from "./pipeline";
import { connect, mountService } from "./service";
import { readShared } from "./share";
import { state } from "./state";
import { Offsets } from "./text";
import { mountTheme } from "./theme";

const welcome = "Hi @contact.first_name, we will use @contact.urn";

async function main(): Promise<void> {
  const shared = readShared(location.hash);
  state.template.set(shared?.template ?? welcome);
  if (shared !== null) state.overlay.set(shared.settings);
  mountTheme();
  const view = templateEditor(byId("editor"));
  const links: Links = {
    go(start, end) {
      const offsets = new Offsets(view.state.doc.toString());
      select(view, offsets.position(start), offsets.position(end));
    },
    fix: (entry) => applyFix(view, entry),
  };
  mountMessage(links);
  mountWhy(links);
  mountContact();
  mountCompare();
  mountDryRun();
  mountSettings();
  mountSession();
  mountTakeAway();
  mountTabs(byId("tabs"));
  mountService();
  start();
  if (shared !== null) await choose("persona", shared.persona);
  await connect();
  followStored();
}

void main();
