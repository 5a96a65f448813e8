package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.transfer.evidence.OperatingPoint;

/** Figures of wake words for programs. */
final class WakewordText {
  private WakewordText() {}

  static void put(ObjectNode json, OperatingPoint point) {
    json.put("threshold", point.threshold());
    json.put("hours", point.hours());
    json.put("false_accepts", point.falseAccepts());
    json.put("false_accepts_per_hour", point.falseAcceptsPerHour());
    if (point.falseAccepts() == 0 && point.hours() > 0) {
      json.put("false_accepts_per_hour_at_most", point.boundWithoutFalseAccepts());
    }
    json.put("phrases", point.phrases());
    json.put("missed", point.missed());
    json.put("false_reject_rate", point.falseRejectRate());
  }
}
