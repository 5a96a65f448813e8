package dev.graft.transfer.training;

/** Where fine-tuning gets its inputs from; made by {@link FineTuning}. */
public final class FineTuningData {
  private final BatchSource source;

  FineTuningData(BatchSource source) {
    this.source = source;
  }

  BatchSource source() {
    return source;
  }
}
