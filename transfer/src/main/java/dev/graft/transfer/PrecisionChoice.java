package dev.graft.transfer;

/** How the number format is chosen. */
public enum PrecisionChoice {
  /** bf16 where the processor has units for it and a few examples prove it good enough. */
  AUTO,
  /** 32-bit floats. */
  FP32,
  /** 16-bit brain floats, proved or not. */
  BF16
}
