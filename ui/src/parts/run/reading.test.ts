import { render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { exchanged, lacking, refused, undecided } from "../../host/fake/steps";
import type { Step } from "../../wire/types";
import Outcome from "./Outcome.svelte";

const shown = (step: Step, onfix = vi.fn()) => {
  render(Outcome, {
    step,
    fault: null,
    tokens: [],
    now: 0,
    comparable: false,
    oninspect: vi.fn(),
    oncompare: vi.fn(),
    onverdict: vi.fn(),
    onfix,
    oncopy: vi.fn(),
    ondrift: vi.fn(),
  });
  return onfix;
};

describe("the reading of an answer", () => {
  it("names one cause when it is certain, and no other", () => {
    shown(refused(1));
    expect(screen.getByText("Cause")).toBeTruthy();
    expect(screen.queryByText("Or else")).toBeNull();
    expect(screen.queryByText("How to tell:")).toBeNull();
  });

  it("ranks the causes it cannot tell apart, each with how to tell", async () => {
    const step = undecided(1);
    shown(step);
    expect(screen.getByText("Likely cause")).toBeTruthy();
    const list = within(screen.getByRole("list", { name: "Other causes of the same words" }));
    expect(list.getAllByRole("listitem").map((item) => item.querySelector("summary")?.textContent)).toEqual(
      step.diagnosis?.others.map((other) => other.cause),
    );
    const first = list.getAllByRole("group")[0];
    expect(first).toHaveProperty("open", false);
    await userEvent.click(list.getByText("The subject token was revoked."));
    expect(first).toHaveProperty("open", true);
    expect(list.getByText("A REVOKE_GRANT event names its jti.")).toBeTruthy();
  });

  it("says what a success lacks, with the fix at hand", async () => {
    const step = lacking(1);
    const onfix = shown(step);
    const region = within(screen.getByRole("region", { name: "Not what was asked for" }));
    expect(region.getByText(/no refresh token came/)).toBeTruthy();
    await userEvent.click(region.getByRole("button", { name: "Leave scope out" }));
    expect(onfix).toHaveBeenCalledWith(step.surprises[0]?.actions[0]);
  });

  it("says nothing of the kind when nothing is amiss", () => {
    shown(exchanged(1));
    expect(screen.queryByRole("region", { name: "Not what was asked for" })).toBeNull();
  });
});
