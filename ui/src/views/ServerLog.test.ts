import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fault, type FakeHost } from "../host/fake";
import { logging } from "../state/logging.svelte";
import { view } from "../state/view.svelte";
import { boot } from "../test/app";
import { expectAccessible } from "../test/axe";
import type { LogQuery } from "../wire/types";
import AuditPlace from "./AuditPlace.svelte";
import ServerLog from "./ServerLog.svelte";

let host: FakeHost;
const queries = () =>
  host.calls.filter((call) => call.name === "log_page").map((call) => (call.args as { query: LogQuery }).query);
const opened = () =>
  host.calls.filter((call) => call.name === "open_log").map((call) => (call.args as { source: unknown }).source);
const path = () => screen.getByRole("combobox", { name: "Path of a log file or metrics page" });

async function open(name = "/var/log/keycloak/keycloak.log"): Promise<void> {
  await userEvent.type(path(), `${name}{Enter}`);
}

beforeEach(async () => {
  host = await boot();
  view.step = null;
  logging.forget();
  Object.assign(logging, { state: null, shown: false, path: "", text: "", choices: [], over: false });
  // happy-dom lays nothing out; the window of the list needs a height.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(400);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(900);
});
afterEach(cleanup);

describe("a server log", () => {
  it("is opened by its path, with completion by keyboard, and passes axe empty and full", async () => {
    render(ServerLog);
    await expectAccessible();
    await userEvent.type(path(), "/var/log/keycloak/k");
    expect(await screen.findByRole("option", { name: /keycloak\.log/ })).toBeTruthy();
    await expectAccessible();
    await userEvent.keyboard("{Tab}");
    expect(path()).toHaveProperty("value", "/var/log/keycloak/keycloak.log");
    await userEvent.keyboard("{Enter}");
    expect((await screen.findAllByRole("row", { name: /TOKEN_EXCHANGE_ERROR/ })).length).toBeGreaterThan(0);
    expect(opened()).toEqual([{ what: "files", paths: ["/var/log/keycloak/keycloak.log"] }]);
    expect(screen.getByRole("grid").getAttribute("aria-rowcount")).toBe("401");
    await expectAccessible();
  });

  it("keeps what was typed when it cannot be opened, and says why", async () => {
    render(ServerLog);
    await open("/tmp/missing.log");
    expect((await screen.findByRole("alert")).textContent).toContain("There is no file /tmp/missing.log. Check the path");
    expect(path()).toHaveProperty("value", "/tmp/missing.log");
    await fireEvent.input(screen.getByLabelText("Or lines of a log"), { target: { value: "some lines" } });
    host.fail(
      "open_log",
      fault({ id: "empty", message: "There is nothing in the pasted text.", advice: "Copy lines.", field: "log" }),
    );
    await userEvent.click(screen.getByRole("button", { name: /Read lines/ }));
    expect((await screen.findByRole("alert")).textContent).toContain("There is nothing");
    expect(screen.getByLabelText("Or lines of a log")).toHaveProperty("value", "some lines");
  });

  it("is followed and no more, by one button that says which", async () => {
    render(ServerLog);
    await open();
    const follows = () =>
      host.calls.filter((call) => call.name === "follow_log").map((call) => (call.args as { on: boolean }).on);
    await userEvent.click(await screen.findByRole("button", { name: "Follow", pressed: false }));
    const following = await screen.findByRole("button", { name: "Following", pressed: true });
    const asked = host.calls.filter((call) => call.name === "log_state").length;
    await waitFor(() => expect(host.calls.filter((call) => call.name === "log_state").length).toBeGreaterThan(asked + 1), {
      timeout: 3000,
    });
    await userEvent.click(following);
    await screen.findByRole("button", { name: "Follow", pressed: false });
    expect(follows()).toEqual([true, false]);
    await expectAccessible();
  });

  it("offers to follow files only", async () => {
    render(ServerLog);
    await fireEvent.input(screen.getByLabelText("Or lines of a log"), { target: { value: "some lines" } });
    await userEvent.click(screen.getByRole("button", { name: /Read lines/ }));
    await screen.findByRole("searchbox", { name: "Search the log" });
    expect(screen.queryByRole("button", { name: "Follow" })).toBeNull();
  });

  it("filters while somebody types, by chips and by values, and says when nothing is left", async () => {
    render(ServerLog);
    await open();
    const search = await screen.findByRole("searchbox", { name: "Search the log" });
    await userEvent.type(search, "user:alice not_allowed");
    await waitFor(() => expect(queries().at(-1)).toMatchObject({ search: "user:alice not_allowed", offset: 0 }));
    expect((await screen.findByText(/of 400 records/)).textContent).toMatch(/of 400 records in keycloak\.log$/);
    await userEvent.clear(search);
    await userEvent.click(screen.getByRole("button", { name: /^Errors/ }));
    await waitFor(() => expect(queries().at(-1)?.chips).toEqual(["errors"]));
    await userEvent.click(screen.getByRole("combobox", { name: "Client: All clients" }));
    await userEvent.click(screen.getByRole("option", { name: /gateway/ }));
    await waitFor(() => expect(queries().at(-1)?.client).toBe("gateway"));
    await userEvent.type(search, "no such thing");
    expect(await screen.findByText("No record matches")).toBeTruthy();
    await expectAccessible();
    await userEvent.click(screen.getByRole("button", { name: "Show all records" }));
    await waitFor(() => expect(queries().at(-1)).toMatchObject({ search: "", chips: [], client: null }));
  });

  it("shows one record in full by keyboard, its session, and the step it belongs to", async () => {
    logging.shown = true;
    render(AuditPlace);
    await open();
    await screen.findAllByRole("row", { name: /TOKEN_EXCHANGE/ });
    screen.getByRole("grid").focus();
    await userEvent.keyboard("{ArrowDown}{ArrowDown}{Enter}");
    const drawer = within(await screen.findByRole("region", { name: "Details of the record" }));
    expect(await drawer.findByText("step 12 by token id")).toBeTruthy();
    expect(drawer.getByText("sessionId")).toBeTruthy();
    await expectAccessible();
    await userEvent.click(drawer.getByRole("button", { name: "Open step 12" }));
    expect(view.step).toBe(12);
    expect(await screen.findByRole("searchbox", { name: "Search the timeline" })).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Server log" }));
    expect(await screen.findByRole("searchbox", { name: "Search the log" })).toBeTruthy();
  });

  it("says a fault of reading where the rows were", async () => {
    render(ServerLog);
    await open();
    await screen.findByRole("grid");
    host.fail(
      "log_page",
      fault({
        kind: "storage",
        id: "changed",
        message: "keycloak.log is shorter than when it was read.",
        advice: "Open it again.",
      }),
    );
    await userEvent.click(screen.getByRole("button", { name: /^Errors/ }));
    expect((await screen.findByRole("alert")).textContent).toContain("is shorter than when it was read. Open it again.");
  });

  it("reads times without a zone in the one that is chosen", async () => {
    render(ServerLog);
    await open();
    await userEvent.click(await screen.findByRole("combobox", { name: "Zone of the log's times: UTC+01:00" }));
    await userEvent.click(screen.getByRole("option", { name: "UTC−05:00" }));
    await waitFor(() => expect(host.calls.filter((call) => call.name === "join_log").at(-1)?.args).toMatchObject({ zone: -300 }));
    expect(await screen.findByRole("combobox", { name: "Zone of the log's times: UTC−05:00" })).toBeTruthy();
  });

  it("is opened by dropping files wherever Audit shows", async () => {
    render(AuditPlace);
    await screen.findByRole("searchbox", { name: "Search the timeline" });
    host.files({ over: true, paths: [] });
    await waitFor(() => expect(logging.over).toBe(true));
    host.files({ over: false, paths: ["/logs/keycloak.log.1", "/logs/keycloak.log"] });
    expect(await screen.findByRole("grid", { name: "Server log, newest first" })).toBeTruthy();
    expect(opened()).toEqual([{ what: "files", paths: ["/logs/keycloak.log.1", "/logs/keycloak.log"] }]);
  });

  it("shows a metrics page as bars and a table", async () => {
    render(ServerLog);
    await open("/var/log/keycloak/metrics.txt");
    const clients = within(await screen.findByRole("region", { name: "By client" }));
    expect(clients.getByText("billing").closest("li")?.textContent).toContain("96all failed");
    expect(screen.getByRole("row", { name: "token_exchange not_allowed billing 96" })).toBeTruthy();
    await expectAccessible();
    await userEvent.click(screen.getByRole("button", { name: "Close log" }));
    expect(await screen.findByText("Open a server log")).toBeTruthy();
  });
});
