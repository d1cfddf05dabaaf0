import { describe, expect, it } from "vitest";
import { sequence } from "../../host/fake/timeline";
import type { Sequence } from "../../wire/types";
import { layout, WIDTH } from "./diagram";

/** Three actors as after a log in, or all of them; the last arrow of the fake's run with another label and end. */
function drawn(actors: string[], label: string, from: "gateway" | "provider") {
  const whole = sequence([]);
  const scenes = whole.scenes.map((scene) => ({
    ...scene,
    arrows: scene.arrows.map((arrow) => ({ ...arrow, exchange: { ...arrow.exchange, from, label } })),
  }));
  const one: Sequence = { ...whole, lanes: whole.lanes.filter((lane) => actors.includes(lane.actor)), scenes };
  return layout(one);
}

describe("the sequence diagram", () => {
  it("spreads few actors so that a label fits between two of them", () => {
    const { lanes } = drawn(["browser", "claimscope", "provider"], "GET /orders", "provider");
    expect((lanes[2]?.x ?? 0) - (lanes[1]?.x ?? 0)).toBeGreaterThan("POST /token, authorization_code".length * 6);
    expect(lanes[2]?.x).toBeLessThan(WIDTH - 100);
  });

  it("draws a label back that would run into the status", () => {
    const all = ["browser", "claimscope", "gateway", "portal", "provider", "api"];
    expect(drawn(all, "GET /orders", "gateway").rows.at(-1)).toMatchObject({ anchor: "start" });
    expect(drawn(all, "GET /orders, with the exchanged token", "provider").rows.at(-1)).toMatchObject({
      anchor: "end",
      label: WIDTH - 100,
    });
  });
});
