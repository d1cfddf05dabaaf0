import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fault, type FakeHost } from "../host/fake";
import { auditing } from "../state/auditing.svelte";
import { eventing } from "../state/eventing.svelte";
import { session } from "../state/session.svelte";
import { view } from "../state/view.svelte";
import { boot } from "../test/app";
import { expectAccessible } from "../test/axe";
import type { AuditQuery } from "../wire/types";
import Audit from "./Audit.svelte";

let host: FakeHost;
const queries = () =>
  host.calls.filter((call) => call.name === "audit").map((call) => (call.args as { query: AuditQuery }).query);
const copies = () =>
  host.calls
    .filter((call) => call.name === "copy")
    .map((call) => (call.args as { source: { what: string; text?: string } }).source);
const line = (name: RegExp) => screen.findByRole("row", { name });

beforeEach(async () => {
  host = await boot();
  view.step = null;
  auditing.clearFilters();
  auditing.close();
  Object.assign(eventing, {
    open: false,
    read: null,
    result: null,
    fault: null,
    reader: null,
    filter: { types: [], client: "", user: "", from_ms: null, to_ms: null, admin: false },
  });
  Object.assign(auditing, { at: null, page: null, pages: new Map(), fault: null, events: null, eventsFault: null });
  // happy-dom lays nothing out; the window of the list needs a height.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(400);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(900);
});
afterEach(cleanup);

describe("Audit", () => {
  it("lists steps with their events, what joined them, and passes axe", async () => {
    render(Audit);
    expect(await line(/Token exchange alice portal .*200/)).toBeTruthy();
    expect((await line(/TOKEN_EXCHANGE alice portal/)).textContent).toContain("joined by token id");
    expect(screen.getByRole("grid").getAttribute("aria-rowcount")).toBe("10");
    expect(await screen.findByText(/Reading events, 0 s behind/)).toBeTruthy();
    await expectAccessible();
  });

  it("filters by chips and lineage, and says how many rows are left", async () => {
    const user = userEvent.setup();
    render(Audit);
    await user.click(await screen.findByRole("button", { name: /^Logins/ }));
    await waitFor(() => expect(queries().at(-1)?.chips).toEqual(["logins"]));
    expect(await screen.findByText(/ of 9 rows/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: /^Lineage of alice/ }));
    await waitFor(() => expect(queries().at(-1)?.lineage).toBe("t-access"));
  });

  it("searches a moment after the last key", async () => {
    const user = userEvent.setup();
    render(Audit);
    await line(/Userinfo/);
    await user.type(screen.getByRole("searchbox"), "userinfo");
    await waitFor(() => expect(queries().at(-1)?.search).toBe("userinfo"));
    expect(queries().filter((query) => query.search !== "").length).toBe(1);
  });

  it("offers a way back when nothing matches", async () => {
    const user = userEvent.setup();
    auditing.search = "no such words";
    render(Audit);
    await user.click(await screen.findByRole("button", { name: "Show all rows" }));
    expect(await line(/Userinfo/)).toBeTruthy();
  });

  it("goes by arrow keys and opens the drawer with Enter", async () => {
    const user = userEvent.setup();
    render(Audit);
    await line(/Userinfo/);
    const grid = screen.getByRole("grid");
    grid.focus();
    await user.keyboard("{ArrowDown}");
    expect((await line(/Token exchange alice portal/)).getAttribute("aria-selected")).toBe("true");
    expect(grid.getAttribute("aria-activedescendant")).toMatch(/-0$/);
    expect(screen.queryByRole("region", { name: /^Details/ })).toBeNull();
    await user.keyboard("{Enter}");
    const drawer = await screen.findByRole("region", { name: "Details of step 128" });
    expect(await within(drawer).findByLabelText("HTTP exchange")).toBeTruthy();
    expect(within(drawer).getByText(/joined by token id/)).toBeTruthy();
    await expectAccessible();
    await user.keyboard("{ArrowDown}{ArrowDown}");
    expect(await screen.findByRole("region", { name: "Details of step 127" })).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Close" }));
    expect(view.step).toBeNull();
  });

  it("opens the step another view points at, with its cause, and copies evidence and curl", async () => {
    const user = userEvent.setup();
    view.step = 123;
    render(Audit);
    const drawer = await screen.findByRole("region", { name: "Details of step 123" });
    expect(await within(drawer).findByText(/Keycloak exchanges a token only for a client/)).toBeTruthy();
    await user.click(within(drawer).getByRole("button", { name: "Copy as evidence" }));
    await user.click(within(drawer).getByRole("button", { name: "Copy as curl" }));
    expect(copies()).toEqual([
      { what: "evidence", step: 123 },
      { what: "exchange", step: 123, seq: 1, format: "bash" },
    ]);
  });

  it("chooses a time range by keyboard and clears it", async () => {
    const user = userEvent.setup();
    render(Audit);
    const grip = await screen.findByRole("slider", { name: "Range begins" });
    (grip as unknown as HTMLElement).focus();
    await fireEvent.keyDown(grip, { key: "ArrowRight" });
    await waitFor(() => expect(queries().at(-1)?.from_ms).not.toBeNull());
    const chip = await screen.findByRole("button", { name: /to now/ });
    expect(chip.getAttribute("aria-pressed")).toBe("true");
    await user.click(chip);
    await waitFor(() => expect(queries().at(-1)?.from_ms).toBeNull());
  });

  it("exports the rows that match as text", async () => {
    const user = userEvent.setup();
    render(Audit);
    await line(/Userinfo/);
    await user.click(screen.getByRole("button", { name: "Export" }));
    await waitFor(() => expect(copies()[0]?.text).toContain("| Time (UTC) |"));
    expect(copies()[0]?.text?.split("\n").length).toBe(11);
  });

  it("says why events can not be read", async () => {
    host.fail(
      "read_events",
      fault({
        kind: "refused",
        id: "events-forbidden",
        message: "orders-api may not read events.",
        advice: "Give it view-events.",
      }),
    );
    render(Audit);
    expect(await screen.findByText("orders-api may not read events. Give it view-events.")).toBeTruthy();
  });

  it("shows who reads events, what the realm saves, and searches as far back as it goes", async () => {
    const user = userEvent.setup();
    render(Audit);
    await user.click(await screen.findByRole("button", { name: "Events at the server" }));
    const dialog = await screen.findByRole("dialog", { name: "Server events" });
    expect(await within(dialog).findByText("User events for 30 days, 3 types; admin events.")).toBeTruthy();
    expect(within(dialog).getByText(/does not save REFRESH_TOKEN/)).toBeTruthy();
    await user.click(within(dialog).getByRole("button", { name: "Copy" }));
    expect(copies()[0]?.text).toContain("kcadm.sh update events/config");
    await expectAccessible(dialog);
    // No limit is said; an empty date field would look like a date.
    const first = within(dialog).getByRole("button", { name: /^From: the first that is kept/ });
    expect(within(dialog).queryByLabelText("From")).toBeNull();
    await user.click(first);
    expect((within(dialog).getByLabelText("From") as HTMLInputElement).value).toMatch(/^20\d\d-/);
    await expectAccessible(dialog);
    await user.click(within(dialog).getByRole("button", { name: "From: no limit" }));
    expect(within(dialog).getByRole("button", { name: /^From: the first that is kept/ })).toBe(document.activeElement);
    const types = within(dialog).getByLabelText("Types");
    await user.type(types, "login ");
    await user.click(within(dialog).getByRole("button", { name: "Read events" }));
    expect(await within(dialog).findByText(/login is no event type/)).toBeTruthy();
    eventing.change({ types: ["LOGIN_ERROR"], client: "portal" });
    await user.click(within(dialog).getByRole("button", { name: "Read events" }));
    expect((await within(dialog).findByText(/412 events read by audit-reader, 3 new, back to/)).textContent).not.toContain(
      "There are more",
    );
    expect(host.calls.filter((call) => call.name === "search_events").at(-1)?.args).toEqual({
      profile: "lab",
      filter: { types: ["LOGIN_ERROR"], client: "portal", user: "", from_ms: null, to_ms: null, admin: false },
    });
    await user.click(within(dialog).getByRole("button", { name: "Show in the timeline" }));
    await waitFor(() => expect(queries().at(-1)?.chips).toEqual(["server_events"]));
  });

  it("lets a user's token read, and says what it lacks", async () => {
    const user = userEvent.setup();
    render(Audit);
    await user.click(await screen.findByRole("button", { name: "Events at the server" }));
    const dialog = await screen.findByRole("dialog", { name: "Server events" });
    await user.click(within(dialog).getByRole("combobox", { name: /^Who reads the events/ }));
    await user.click(await screen.findByRole("option", { name: /alice, access/ }));
    expect(await within(dialog).findByText(/the token of alice may not read this/)).toBeTruthy();
    expect(within(dialog).getByText(/Service accounts roles on/)).toBeTruthy();
    await expectAccessible(dialog);
  });

  it("polls while it is shown and stops when it is left", async () => {
    vi.useFakeTimers();
    try {
      const { unmount } = render(Audit);
      const reads = () => host.calls.filter((call) => call.name === "read_events").length;
      await vi.advanceTimersByTimeAsync(1);
      expect(reads()).toBe(1);
      await vi.advanceTimersByTimeAsync(10_100);
      expect(reads()).toBe(3);
      unmount();
      await vi.advanceTimersByTimeAsync(20_000);
      expect(reads()).toBe(3);
    } finally {
      vi.useRealTimers();
    }
  });

  it("explains itself before the first step", async () => {
    host = await boot("first");
    render(Audit);
    expect(await screen.findByText("Nothing has happened yet")).toBeTruthy();
    await expectAccessible();
  });

  it("asks for pages only when their rows are needed", async () => {
    await auditing.reload();
    expect(auditing.row(0)?.key).toBe("step:128");
    const before = queries().length;
    await auditing.need(0, 150);
    expect(queries().length).toBe(before);
    await auditing.need(390, 410);
    expect(
      queries()
        .slice(before)
        .map((query) => query.offset),
    ).toEqual([200, 400]);
    expect(session.steps).toBe(128);
  });
});
