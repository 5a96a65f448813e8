package dev.graft.transfer.advice;

/** What the comparisons show. */
public enum Verdict {
  /** The best backbone is better than all baselines. */
  TRANSFER_HELPS,
  /** It leads all baselines clearly, but not each lead is beyond chance. */
  TRANSFER_SEEMS_TO_HELP,
  /** A baseline is as good, as far as the examples show. */
  NO_GAIN_SHOWN,
  /** A baseline is better. */
  TRANSFER_LOSES,
  /** The best backbone is hardly better than the most frequent class. */
  NOTHING_LEARNED,
  /** It seems better than the most frequent class, but so few examples do not show it. */
  TOO_FEW_EXAMPLES
}
