// Two environments in the window: tokens are told apart, none of the other is taken, and Compare sets apart what two must differ in.
import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FakeHost } from "../host/fake";
import { lineage } from "../parts/frame/TokenTree.svelte";
import { comparing } from "../state/comparing.svelte";
import { session } from "../state/session.svelte";
import { view } from "../state/view.svelte";
import { boot } from "../test/app";
import { expectAccessible } from "../test/axe";
import type { TokenView } from "../wire/types";
import Compare from "./Compare.svelte";
import Run from "./Run.svelte";
import Shelf from "./frame/Shelf.svelte";

let host: FakeHost;
beforeEach(async () => {
  host = await boot("envs");
  view.shelfOwn = false;
  Object.assign(comparing, {
    words: "",
    changesOnly: false,
    verdict: null,
    checked: null,
    header: false,
    raw: false,
    resource: null,
    whole: null,
    fault: null,
    readings: {},
  });
});
afterEach(cleanup);

const sent = () => host.calls.filter((call) => call.name === "run").length;

describe("the shelf of two environments", () => {
  it("groups a person by profile, says the profile of the other rows, and shows this profile alone", async () => {
    const user = userEvent.setup();
    render(Shelf);
    expect(screen.getByRole("tree", { name: "Tokens: dora, profile Shop prod" })).toBeTruthy();
    expect(screen.getByRole("tree", { name: "Tokens: dora, profile Shop dev" })).toBeTruthy();
    const apps = within(screen.getByRole("tree", { name: "Tokens: Applications" })).getAllByRole("treeitem");
    expect(
      apps
        .map((row) => row.textContent)
        .filter((words) => words.includes("orders-batch"))
        .map((words) => /profile Shop (dev|prod)/.exec(words)?.[1]),
    ).toEqual(["dev", "prod"]);
    const all = screen.getAllByRole("treeitem").length;
    await user.click(screen.getByRole("button", { name: /^This profile/ }));
    const own = screen.getAllByRole("treeitem");
    expect(own.length).toBeLessThan(all);
    expect(own.every((row) => !row.textContent.includes("Shop dev"))).toBe(true);
    await expectAccessible();
  });

  it("takes a person for one whatever name they have", () => {
    const [one] = session.tokens.filter((token) => token.shelf.kind === "person");
    const named = (name: string): TokenView => ({ ...one!, id: name, group: name, who: name, shelf: { kind: "person", name } });
    const names = ["Applications", "Pasted", "Predicted", "Kept by the gateway"];
    const grown = lineage([...session.tokens, ...names.map(named)], session.profiles, session.profile?.id ?? null);
    for (const name of names) {
      const own = grown.find((group) => group.roots.some((root) => root.token.id === name));
      expect(own?.place, name).not.toBeNull();
      expect(
        own?.roots.map((root) => root.token.id),
        name,
      ).toEqual([name]);
    }
  });

  it("says nothing of profiles where there is only one", async () => {
    await boot("lab");
    render(Shelf);
    expect(document.querySelector(".envtag")).toBeNull();
    expect(screen.queryByRole("group", { name: "Which profile" })).toBeNull();
  });

  it("keeps another run of the same profile apart from it", () => {
    const one = session.tokens.find((token) => token.id === "prod-access");
    const from = one?.provenance;
    if (!one || !from) throw new Error("it is on the shelf");
    const earlier = { ...one, id: "earlier", provenance: { ...from, issuer: "https://id.old.example/realms/shop" } };
    const groups = lineage([earlier, one], session.profiles, "shop-prod");
    expect(groups.map((group) => group.place?.name)).toEqual(["Shop prod", "Shop prod, earlier"]);
  });
});

describe("a form of one environment", () => {
  it("offers its own tokens first, names another one, and sends nothing before that is confirmed", async () => {
    const user = userEvent.setup();
    view.operation = "token_exchange";
    view.select("dev-access");
    render(Run);
    const field = await screen.findByRole("combobox", { name: /^subject_token:/ });
    await waitFor(() => expect(field.textContent).toContain("Shop prod"));
    await user.click(field);
    const options = screen.getAllByRole("option");
    const first = options.findIndex((one) => one.textContent.includes("profile Shop dev"));
    expect(first).toBeGreaterThan(0);
    expect(options.slice(first).some((one) => one.textContent.includes("profile Shop prod"))).toBe(false);
    const dev = options[first];
    if (!dev) throw new Error("there is one");
    await user.click(dev);
    const named = await screen.findByText(/This token came from Shop dev \(https:\/\/id\.dev\..*It will be sent to Shop prod/);
    expect(named).toBeTruthy();
    expect(screen.getByRole("heading", { name: "Confirm before sending" })).toBeTruthy();
    expect(screen.queryByRole("heading", { name: "Ready to send" })).toBeNull();
    await user.click(screen.getByRole("button", { name: /^Exchange/ }));
    await waitFor(() => expect(document.activeElement?.id).toBe("confirm-subject_token"));
    expect(sent()).toBe(0);
    // It does not look dead: a sentence says what is missing, and no tick vouches for the foreign token meanwhile.
    expect(screen.getByRole("alert").textContent).toMatch(/^Nothing was sent\. Tick this if the token is meant for that server/);
    expect(document.activeElement?.getAttribute("aria-describedby")).toBe("asked-subject_token");
    expect(document.querySelectorAll(".ready .passed")).toHaveLength(0);
    await user.click(screen.getByRole("checkbox", { name: "Send it there all the same" }));
    await screen.findByRole("heading", { name: "Goes to another environment" });
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: /^Exchange/ }));
    await waitFor(() => expect(sent()).toBe(1));
  });
});

describe("a full shelf", () => {
  it("folds what is over away at its foot, and says rows that read alike by their time", async () => {
    const user = userEvent.setup();
    render(Shelf);
    const fold = await screen.findByRole("button", { name: /^Dead 1/ });
    expect(fold.textContent).toContain("1 expired");
    const rows = () => screen.getAllByRole("treeitem").map((row) => row.dataset["token"]);
    expect(rows()).not.toContain("prod-evidence");
    await user.click(fold);
    expect(rows()).toContain("prod-evidence");
  });

  it("says why a profile has no tokens after its issuer was changed", async () => {
    session.profiles = session.profiles.map((one) =>
      one.id === "shop-prod" ? { ...one, issuers: ["https://id.new.example/realms/shop"] } : one,
    );
    render(Shelf);
    expect(
      await screen.findByText(
        /tokens of id\.prod\.eu-central-1\S+, .*the issuer this profile had before, count as another environment's/,
      ),
    ).toBeTruthy();
  });
});

describe("Compare of two environments", () => {
  it("counts substance alone, folds the environment, and keeps its words", async () => {
    const user = userEvent.setup();
    view.compare(["dev-access", "prod-access"]);
    render(Compare);
    await screen.findByRole("grid", { name: "Claims" });
    expect(screen.getByText("2 tokens, 2 environments")).toBeTruthy();
    expect(screen.getByText("4 differences come from settings")).toBeTruthy();
    const strip = screen.getByRole("group", { name: "Verdict" });
    expect(
      within(strip)
        .getAllByRole("button")
        .map((one) => one.textContent.replace(/\s+/g, " ").trim()),
    ).toEqual(
      expect.arrayContaining(["Identity same user name", "Audience B adds 1", "Scope A has 1 more", "Lifetime 30 → 5 min"]),
    );
    expect(strip.querySelector(".iss")?.getAttribute("title")).toMatch(
      /^A https:\/\/id\.dev\.eu-central-1\S+\nB https:\/\/id\.prod\S+$/,
    );
    await user.click(screen.getByRole("button", { name: "Where they are set" }));
    const set = await screen.findByRole("dialog", { name: "Where the differences are set" });
    expect(set.textContent).toContain("Audience and scope: aud, scope");
    expect(set.textContent).toContain("Access Token Lifespan");
    await user.keyboard("{Escape}");
    const group = screen.getByRole("button", { name: /^Environment 5 differ/ });
    expect(group.getAttribute("aria-expanded")).toBe("false");
    await user.click(screen.getByRole("button", { name: /^Substance/ }));
    const rows = within(screen.getByRole("grid", { name: "Claims" }))
      .getAllByRole("rowheader")
      .map((cell) => cell.textContent.trim());
    expect(rows).toEqual(["aud", "scope", "orders-api", "exp - iat"]);
    await expectAccessible();
  });

  it.each<[Partial<TokenView>, string]>([
    [{ client: "portal" }, "A and B are of two clients, so settings are one cause of several"],
    [{ parent: "dev-refresh" }, "A came of another token, so settings are one cause of several"],
    [{}, "the rest from being two environments"],
  ])("says what else than settings tells two tokens apart: %o", async (unlike, words) => {
    host.answer("compare", (compared) => ({
      ...compared,
      comparison: {
        ...compared.comparison,
        columns: compared.comparison.columns.map((token, at) => (at === 0 ? { ...token, ...unlike } : token)),
      },
    }));
    view.compare(["dev-access", "prod-access"]);
    render(Compare);
    expect(await screen.findByText(words)).toBeTruthy();
    expect(screen.queryByText(/differences? comes? from settings/) === null).toBe(words.includes("several"));
  });
});
